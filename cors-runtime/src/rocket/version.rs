//! What Rocket 0.6 spells differently from 0.5: all of it, so that this is the one file of the adapter to change on that day.
//!
//! This is the spelling of 0.5. That of 0.6 is in `docs/rocket-0.6.md`, with what was tried.

use std::net::SocketAddr;

use rocket::http::Method;
use rocket::http::uri::{Segments, fmt};
use rocket::log::private as log;
use rocket::route::Route;
use rocket::{Orbit, Phase, Request, Rocket};

// The macros of Rocket's log. Those with `_` are for lines below a first one.
pub(super) use rocket::{error, error_, info_, launch_meta as launch, launch_meta_ as launch_, warn, warn_};

/// Whether the log shows lines of the level `info`. Rocket's profile `release` logs no more than warnings.
pub(super) fn logs_info() -> bool {
    log::max_level() >= log::LevelFilter::Info
}

/// The methods that a route serves. In 0.6 a route may serve all of them.
pub(super) fn methods(route: &Route) -> impl Iterator<Item = Method> + use<> {
    std::iter::once(route.method)
}

/// The method of a route as people see it.
pub(super) fn method_name(route: &Route) -> &'static str {
    route.method.as_str()
}

/// The method for which a route serves this request: its own, as one for GET answers HEAD.
#[inline]
pub(super) fn served_as(route: &Route, _: &Request<'_>) -> Method {
    route.method
}

/// Whether the format of a request with this method is its `Content-Type`, and not what it accepts.
pub(super) fn sends_format(method: Method) -> bool {
    method.supports_payload()
}

/// Whether a route compares its format with the whole `Content-Type` of a request.
pub(super) fn needs_content_type(route: &Route) -> bool {
    route.method.supports_payload()
}

/// The routes, those of one method in the order in which Rocket tries them, once the application is ignited.
pub(super) fn routes<P: Phase>(rocket: &Rocket<P>) -> impl Iterator<Item = &Route> {
    rocket.routes()
}

/// Whether `<name..>` also stands for no segment. In 0.6 it does not: there `/a/` has an empty segment more than `/a`.
pub(super) const TRAILING_TAKES_NOTHING: bool = true;

/// How many segments of a path there are.
#[inline]
pub(super) fn count(segments: &Segments<'_, fmt::Path>) -> usize {
    segments.len()
}

/// The addresses that an application listens at. In 0.6 it may listen at a socket that has no address.
pub(super) fn addresses(rocket: &Rocket<Orbit>) -> impl Iterator<Item = SocketAddr> {
    let config = rocket.config();
    std::iter::once(SocketAddr::new(config.address, config.port))
}

/// Lets an application bind any port, on the loopback interface.
#[cfg(all(feature = "json", any(debug_assertions, feature = "cargo-cors")))]
pub(super) fn on_any_port(rocket: Rocket<rocket::Build>) -> Rocket<rocket::Build> {
    let figment = rocket.figment().clone().merge(("address", std::net::Ipv4Addr::LOCALHOST)).merge(("port", 0));
    rocket.configure(figment)
}
