//! The OPTIONS route that answers preflights.
//!
//! One route below every path asks the [`Table`] which route would serve the request that the preflight
//! announces, and answers with that route's policy: what it cannot grant, it hands on to the application's own
//! OPTIONS routes.

use std::convert::Infallible;

use rocket::http::{Method, Status};
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest};
use rocket::route::{self, Handler, Route};
use rocket::{Data, Ignite, Request, Response, Rocket, Sentinel, options};

use super::launch::Table;
use super::lists::Use;
use super::refusals::{Effect, explain};
use super::response::{add, name, origin_of, values};
use super::{BoxFuture, CrossOrigin, checks, cover, events};
use crate::decision::{OriginHeader, PREFLIGHT_VARY, Preflight, RequestHeaders};
use crate::policy::Policy;
use crate::refusal::Refusal;

const NAME: &str = "CORS preflights";

/// The route, before every OPTIONS route of the application.
pub(super) fn route(cors: CrossOrigin) -> Route {
    let mut route = preflight {}.into_route();
    route.name = Some(NAME.into());
    route.rank = isize::MIN;
    route.handler = Box::new(Preflights { cors });
    route
}

/// Whether this is the route made by [`route`], or one of ours that serves nothing.
pub(super) fn is_ours(route: &Route) -> bool {
    route.rank == isize::MIN && route.name.as_deref() == Some(NAME) || cover::is_sentinel(route)
}

/// Whether this is a preflight ([Fetch](https://fetch.spec.whatwg.org/#cors-preflight-request)).
pub(super) fn is_preflight(request: &Request<'_>) -> bool {
    let has = |name| values(request, name).next().is_some();
    request.method() == Method::Options && has("Access-Control-Request-Method") && has("Origin")
}

/// Only Rocket's own code generation can give a route a sentinel, so the route comes from there. Its handler is
/// replaced.
#[options("/<_..>")]
fn preflight(_policies: SoundPolicies) {}

/// Refuses the launch of an application with policies that no preflight can tell apart, or whose lists of origins are
/// not in order.
struct SoundPolicies;

impl<'r> FromRequest<'r> for SoundPolicies {
    type Error = Infallible;

    fn from_request<'a, 'f>(_: &'r Request<'a>) -> BoxFuture<'f, request::Outcome<Self, Infallible>>
    where
        'r: 'f,
        'a: 'f,
    {
        Box::pin(async { request::Outcome::Success(SoundPolicies) })
    }
}

impl Sentinel for SoundPolicies {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        let table = Table::read(rocket);
        let mut refused = false;
        for (a, b) in table.conflicts() {
            refused = true;
            rocket::error!("Two routes that differ only in their format have different CORS policies:");
            rocket::error_!("{}", a.describe());
            rocket::error_!("{}", b.describe());
            let pair = format_args!("{}; {}", a.describe(), b.describe());
            events::error(format_args!("two routes that differ only in their format have different policies: {pair}"));
            rocket::error_!("a preflight does not say which format the request will have");
            rocket::error_!("help: give both the same policy, or move one of them to another path");
        }
        refused | lists_are_refused(rocket, &table)
    }
}

/// Reads the lists of origins for the first time, and says what is wrong with them.
fn lists_are_refused(rocket: &Rocket<Ignite>, table: &Table) -> bool {
    let Some(cors) = rocket.state::<CrossOrigin>() else { return false };
    let fallbacks = cors
        .fallbacks
        .iter()
        .map(|fallback| Use { policy: fallback.policy, by: format!("errors below {}", fallback.base) });
    let Err(errors) = cors.lists.load(table.uses().chain(fallbacks).collect(), rocket.figment()) else { return false };
    rocket::error!("Invalid origin lists in the configuration:");
    for error in errors.iter() {
        rocket::error_!("{}: {}", error.key, error.message);
        events::error(error);
        rocket::error_!("help: {}", error.help);
        if let Some(rule) = error.rule {
            rocket::error_!("rule `{rule}`");
        }
        rocket::error_!("from {}, used by {}", error.source, error.used_by.join(", "));
    }
    true
}

#[derive(Clone)]
struct Preflights {
    cors: CrossOrigin,
}

impl Handler for Preflights {
    fn handle<'r, 'a, 'b, 'f>(&'a self, request: &'r Request<'b>, data: Data<'r>) -> BoxFuture<'f, route::Outcome<'r>>
    where
        'r: 'f,
        'a: 'f,
        'b: 'f,
        Self: 'f,
    {
        let announced = self.cors.table.get().and_then(|table| announced(table, request));
        let Some((method, Some(policy))) = announced else {
            // Nothing that is shared: the application's own OPTIONS routes are next, and without any it is 404.
            return Box::pin(std::future::ready(Outcome::Forward((data, Status::NotFound))));
        };
        if policy.checks.is_empty() {
            return Box::pin(std::future::ready(Outcome::Success(answer(&self.cors, policy, method, request))));
        }
        Box::pin(async move {
            checks::ask(policy, request).await;
            Outcome::Success(answer(&self.cors, policy, method, request))
        })
    }
}

/// The method and the policy of the route that would serve what this preflight announces. `None` if there is no such
/// route, or if this is no preflight.
fn announced(table: &Table, request: &Request<'_>) -> Option<(&'static str, Option<&'static Policy>)> {
    if origin_of(request) == OriginHeader::Absent {
        return None;
    }
    table.serving(asked(request)?, request.uri())
}

/// The method that a preflight asks for, if it asks for one.
fn asked<'r>(request: &'r Request<'_>) -> Option<&'r str> {
    let mut methods = values(request, "Access-Control-Request-Method");
    methods.next().filter(|_| methods.next().is_none())
}

/// Tells of a preflight that nobody has answered.
pub(super) fn tell_if_unanswered(
    cors: &CrossOrigin,
    table: &Table,
    request: &Request<'_>,
    response: &mut Response<'_>,
) {
    let method = asked(request).unwrap_or_default().as_bytes();
    let refusal = match announced(table, request) {
        Some((_, Some(_))) => return,
        Some((_, None)) => Refusal::Method(method),
        None => Refusal::NoHandler(method),
    };
    let reason = cors.refusals.tell(request, Effect::PreflightRefused, refusal, None);
    explain(response, &reason);
}

/// The answer to a preflight.
fn answer<'r>(
    cors: &CrossOrigin,
    policy: &'static Policy,
    method: &'static str,
    request: &'r Request<'_>,
) -> Response<'r> {
    let mut response = Response::new();
    let refused = write(policy, method, request, &mut response);
    if let Some((effect, refusal)) = refused {
        let reason = cors.refusals.tell(request, effect, refusal, Some(policy));
        explain(&mut response, &reason);
    }
    response
}

/// Writes the answer, and returns what it refuses.
fn write<'r>(
    policy: &'static Policy,
    method: &'static str,
    request: &'r Request<'_>,
    response: &mut Response<'r>,
) -> Option<(Effect, Refusal<'r>)> {
    let names = || values(request, "Access-Control-Request-Headers");
    let decided =
        policy.preflight_or(origin_of(request), |origin| name(policy, request, origin), || names().map(str::as_bytes));
    put(response, method, decided, names)
}

/// Writes a decision on a preflight for this method, and returns what it refuses.
pub(super) fn put<'r, I: Iterator<Item = &'r str>>(
    response: &mut Response<'r>,
    method: &'static str,
    decided: Result<Preflight<'r>, Refusal<'r>>,
    names: impl Fn() -> I,
) -> Option<(Effect, Refusal<'r>)> {
    add(response, "Vary", PREFLIGHT_VARY);
    let granted = match decided {
        Ok(granted) => granted,
        Err(refusal) => {
            response.set_status(Status::Forbidden);
            return Some((Effect::PreflightRefused, refusal));
        }
    };
    response.set_status(Status::NoContent);
    if let Ok(origin) = std::str::from_utf8(granted.allow_origin) {
        add(response, "Access-Control-Allow-Origin", origin);
    }
    if granted.allow_credentials {
        add(response, "Access-Control-Allow-Credentials", "true");
    }
    // Only the method that was asked for: another method of this address may be served by a route with another
    // policy, and browsers remember what they were told for the address.
    add(response, "Access-Control-Allow-Methods", method);
    match granted.allow_headers {
        RequestHeaders::None => {}
        RequestHeaders::Value(value) => add(response, "Access-Control-Allow-Headers", value),
        RequestHeaders::Echo => {
            for value in names() {
                add(response, "Access-Control-Allow-Headers", value);
            }
        }
    }
    if let Some(seconds) = granted.max_age {
        add(response, "Access-Control-Max-Age", seconds);
    }
    granted.refusal.map(|refusal| (Effect::NotCovered, refusal))
}
