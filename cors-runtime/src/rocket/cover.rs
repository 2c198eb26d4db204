//! Puts policies on routes: the attribute's on that of its handler, and a named one on routes that no attribute can be
//! written on.

use std::sync::atomic::{AtomicIsize, Ordering};

use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::route::{self, Handler, StaticInfo};
use rocket::sentinel::resolve;
use rocket::{Data, Request, Route, options};

use super::annotation::{Annotation, HandlerPlace, annotation_of, route_of, with_annotation};
use super::message::BoxFuture;
use super::own;
use super::sentinels::Attached;
use super::sources::RoutePolicy;

/// Makes a route of what Rocket generated, with a policy, the place where the policy was written, and the sentinel that
/// refuses a launch without the fairing.
///
/// With the sentinel here, Rocket reads the handler's own parameters: a request guard would cost a call and some hundred
/// instructions on each request.
#[must_use]
pub fn annotate(mut info: StaticInfo, place: &'static HandlerPlace, policy: RoutePolicy) -> Route {
    info.sentinels.push(resolve!(Attached));
    route_of(info, Annotation { policy, place: Some(place) })
}

/// What Rocket's `mount` takes: everything that is `Into<Vec<Route>>`, with an error that says what to write instead.
#[diagnostic::on_unimplemented(
    message = "`cover` takes routes, as `mount` does",
    label = "these are not routes",
    note = "write `routes![…]` around handlers; a `FileServer`, and a `Vec` of routes, are taken as they are"
)]
pub trait IntoRoutes {
    /// The routes.
    fn into_routes(self) -> Vec<Route>;
}

#[diagnostic::do_not_recommend]
impl<T: Into<Vec<Route>>> IntoRoutes for T {
    fn into_routes(self) -> Vec<Route> {
        self.into()
    }
}

/// Gives routes a policy. One more route, which serves nothing, brings the sentinel that refuses a launch without the
/// fairing: only what Rocket's own code generation makes can have one, and theirs must stay.
#[must_use]
pub fn cover(routes: Vec<Route>, policy: RoutePolicy) -> Vec<Route> {
    /// Rocket does not let two routes of one rank overlap, so each of these has its own. Rocket would show a rank above 1,
    /// as if it meant something.
    static RANK: AtomicIsize = AtomicIsize::new(isize::MIN / 2);
    let mut covered = 0;
    let mut routes: Vec<_> = routes
        .into_iter()
        .map(|route| match annotation_of(&route) {
            // The more specific policy replaces this one, as a handler's own replaces its module's.
            Some(_) => route,
            None if own::is_own(&route) => route,
            None => {
                covered += 1;
                with_annotation(route, Annotation { policy, place: None })
            }
        })
        .collect();
    if covered > 0 {
        let mut info = passed_on {}.into_info();
        info.sentinels.push(resolve!(Attached));
        let mut sentinel = Route::from(info);
        sentinel.name = Some(own::covers(covered).into());
        sentinel.rank = RANK.fetch_add(1, Ordering::Relaxed);
        sentinel.handler = Box::new(PassesOn);
        routes.push(sentinel);
    }
    routes
}

/// The route that has the sentinel. Its handler is replaced.
#[options("/cors-cover")]
fn passed_on() {}

/// Leaves each request to the routes behind.
#[derive(Clone)]
struct PassesOn;

impl Handler for PassesOn {
    fn handle<'r, 'a, 'b, 'f>(&'a self, _: &'r Request<'b>, data: Data<'r>) -> BoxFuture<'f, route::Outcome<'r>>
    where
        'r: 'f,
        'a: 'f,
        'b: 'f,
        Self: 'f,
    {
        Box::pin(std::future::ready(Outcome::Forward((data, Status::NotFound))))
    }
}
