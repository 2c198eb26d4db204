//! Puts a named policy on routes that no attribute can be written on.

use std::sync::atomic::{AtomicIsize, Ordering};

use rocket::http::Status;
use rocket::{Route, options};

use super::annotation::{Annotation, annotation_of, with_annotation};
use super::own;
use super::sentinels::Attached;
use super::sources::RoutePolicy;

/// Gives routes a policy. One more route, which serves nothing, brings the sentinel that refuses a launch without the
/// fairing: only Rocket's own code generation can give a route one, and theirs must stay.
#[must_use]
pub fn cover(routes: Vec<Route>, policy: RoutePolicy) -> Vec<Route> {
    /// Rocket does not let two routes of one rank overlap, so each of these has its own: behind all others.
    static RANK: AtomicIsize = AtomicIsize::new(isize::MAX);
    let mut sentinel = covered {}.into_route();
    sentinel.name = Some(own::COVERED.into());
    sentinel.rank = RANK.fetch_sub(1, Ordering::Relaxed);
    let covered = routes.into_iter().map(|route| match annotation_of(&route) {
        // The more specific policy replaces this one, as a handler's own replaces its module's.
        Some(_) => route,
        None => with_annotation(route, Annotation { policy, place: None }),
    });
    covered.chain([sentinel]).collect()
}

#[options("/<_..>")]
fn covered(_attached: Attached) -> Status {
    Status::NotFound
}
