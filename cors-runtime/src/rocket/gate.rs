//! Turns requests away before they are routed: those that do not ask for the application by one of its names, and, with
//! `protect_all`, those of other pages that would write to a route without a policy.
//!
//! A request that is turned away gets another method, so that Rocket routes it to the one route of this file. Its path stays
//! as it is, and so the catchers of that path answer it.

use rocket::http::{Method, Status};
use rocket::outcome::Outcome;
use rocket::route::{self, Handler, Route};
use rocket::{Data, Request, Response};

use super::message::{BoxFuture, is_upgrade, is_write, read, vary};
use super::own as own_routes;
use super::preflight::explain;
use super::refusals::{By, Refused};
use super::state::State;
use super::table::Table;
use super::version::method_name;
use crate::decision::{ENFORCED_VARY, refuse_unshared};
use crate::own_origins::OwnOrigins;
use crate::refusal::{Effect, Refusal};
use crate::request::CorsRequest;
use crate::same_origin::refuse_host;

/// A method that no browser sends, and that no client can: the target of a CONNECT request is not a path.
const REFUSED: Method = Method::Connect;

/// The route of requests that have been turned away.
pub(super) fn route() -> Route {
    let mut route = Route::ranked(own_routes::FIRST, REFUSED, "/<_..>", Forbidden);
    route.name = Some(own_routes::REFUSED.into());
    route
}

/// Whether it is that route.
pub(super) fn is_route(route: &Route) -> bool {
    own_routes::is_own(route) && method_name(route) == REFUSED.as_str()
}

#[derive(Clone)]
struct Forbidden;

impl Handler for Forbidden {
    fn handle<'r, 'a, 'b, 'f>(&'a self, request: &'r Request<'b>, data: Data<'r>) -> BoxFuture<'f, route::Outcome<'r>>
    where
        'r: 'f,
        'a: 'f,
        'b: 'f,
        Self: 'f,
    {
        let outcome = match mark(request) {
            Some(_) => Outcome::Error(Status::Forbidden),
            None => Outcome::Forward((data, Status::NotFound)),
        };
        Box::pin(std::future::ready(outcome))
    }
}

/// A mark in the request: this file has refused it.
struct Mark {
    /// The reason, in debug builds.
    reason: Option<String>,
}

/// The mark, if the request has been refused.
fn mark<'r>(request: &'r Request<'_>) -> Option<&'r Mark> {
    request.local_cache(|| None::<Mark>).as_ref()
}

/// Whether this file has refused the request, and recorded that.
pub(super) fn has_refused(request: &Request<'_>) -> bool {
    mark(request).is_some()
}

/// Looks at a request before it is routed.
pub(super) fn check(state: &State, table: &Table, request: &mut Request<'_>) {
    // Most requests only read, and then no header matters but those of a handshake.
    let all_matter = state.own_origins().is_some() || is_write(request.method());
    if (all_matter || is_upgrade(request)) && refuses(state, table, request) && !state.reports_only() {
        request.set_method(REFUSED);
    }
}

/// Whether the request is refused. It is then recorded and marked.
fn refuses(state: &State, table: &Table, request: &Request<'_>) -> bool {
    let (read, own) = (read(request), state.own_origins());
    let (refusal, by) = match refuse_host(&read, own) {
        Some(refusal) => (refusal, By::Nobody),
        None if !state.protects_all() => return false,
        None => match unshared(table, request, &read, own) {
            Some((refusal, handler)) => (refusal, By::Handler(handler)),
            None => return false,
        },
    };
    let refused = Refused { effect: Effect::TurnedAway, refusal, by };
    let reason = state.refusals().record(request, &read, refused);
    request.local_cache(|| Some(Mark { reason }));
    true
}

/// Why a request to a route without a policy is turned away, and its handler. `None` as well if another route comes first:
/// one with a policy, or none at all.
fn unshared<'r, 't>(
    table: &'t Table,
    request: &Request<'_>,
    read: &CorsRequest<'r>,
    own: Option<&OwnOrigins>,
) -> Option<(Refusal<'r>, &'t str)> {
    let refusal = refuse_unshared(read, own)?;
    let first = table.matching(request).next().filter(|entry| entry.policy.is_none())?;
    Some((refusal, &first.name))
}

/// Turns a request away that a route with a policy passes on to one without, in the place of that route. To be called for
/// requests of other pages that write.
pub(super) fn watch<'r>(state: &State, request: &'r Request<'_>, outcome: route::Outcome<'r>) -> route::Outcome<'r> {
    let Outcome::Forward(forward) = outcome else { return outcome };
    let next = state.table.get().zip(request.route()).and_then(|(table, route)| table.after(route, request));
    let (read, own) = (read(request), state.own_origins());
    match (next.filter(|next| next.policy.is_none()), refuse_unshared(&read, own)) {
        (Some(next), Some(refusal)) => {
            let refused = Refused { effect: Effect::TurnedAway, refusal, by: By::Handler(&next.name) };
            let reason = state.refusals().record(request, &read, refused);
            request.local_cache(|| Some(Mark { reason }));
            if state.reports_only() { Outcome::Forward(forward) } else { Outcome::Error(Status::Forbidden) }
        }
        _ => Outcome::Forward(forward),
    }
}

/// Puts headers on the answer to a request that has been turned away; whether it has.
pub(super) fn answer<'r>(state: &State, request: &'r Request<'_>, response: &mut Response<'r>) -> bool {
    let refused = request.method() == REFUSED && mark(request).is_some();
    if refused {
        state.foreign.remove(request, response);
        vary(response, ENFORCED_VARY);
    }
    refused
}

/// Gives the reason in the response, in debug builds: also where the refusal is only reported, and the handler has run.
pub(super) fn give_reason(request: &Request<'_>, response: &mut Response<'_>) {
    if let Some(reason) = mark(request).and_then(|mark| mark.reason.as_ref()) {
        explain(response, reason);
    }
}
