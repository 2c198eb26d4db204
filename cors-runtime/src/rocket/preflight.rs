//! The OPTIONS route that answers preflights.
//!
//! One route below every path asks the [`Table`] which route would serve the request that the preflight announces, and
//! answers with that route's policy. What it cannot answer, it hands on to the application's own OPTIONS routes.

use std::sync::Arc;

use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::route::{self, Handler, Route};
use rocket::{Data, Request, Response, options};

use super::message::{BoxFuture, read, vary, write};
use super::own;
use super::refusals::explain;
use super::sentinels::SoundPolicies;
use super::sources::RoutePolicy;
use super::state::State;
use super::table::Table;
use crate::decision::PREFLIGHT_VARY;
use crate::refusal::{Effect, Refusal};
use crate::request::CorsRequest;

/// The route, before every OPTIONS route of the application.
pub(super) fn route(state: Arc<State>) -> Route {
    let mut route = preflight {}.into_route();
    route.name = Some(own::PREFLIGHTS.into());
    route.rank = own::FIRST;
    route.handler = Box::new(Preflights { state });
    route
}

/// Only Rocket's own code generation can give a route a sentinel, so the route comes from there. Its handler is
/// replaced.
#[options("/<_..>")]
fn preflight(_policies: SoundPolicies) {}

#[derive(Clone)]
struct Preflights {
    state: Arc<State>,
}

impl Handler for Preflights {
    fn handle<'r, 'a, 'b, 'f>(&'a self, request: &'r Request<'b>, data: Data<'r>) -> BoxFuture<'f, route::Outcome<'r>>
    where
        'r: 'f,
        'a: 'f,
        'b: 'f,
        Self: 'f,
    {
        let read = read(request);
        let announced = self.state.table.get().and_then(|table| announced(table, &read, request));
        let Some((method, Some(policy))) = announced else {
            // Nothing that is shared: the application's own OPTIONS routes are next, and without any it is 404.
            return Box::pin(std::future::ready(Outcome::Forward((data, Status::NotFound))));
        };
        if policy.has_checks() {
            return Box::pin(async move {
                policy.ask_checks(request).await;
                Outcome::Success(answer(&self.state, policy, method, &read, request))
            });
        }
        Box::pin(std::future::ready(Outcome::Success(answer(&self.state, policy, method, &read, request))))
    }
}

/// The method and the policy of the route that would serve what this preflight announces. `None` if there is no such
/// route, or if this is not a preflight.
fn announced(
    table: &Table,
    read: &CorsRequest<'_>,
    request: &Request<'_>,
) -> Option<(&'static str, Option<RoutePolicy>)> {
    if !read.is_preflight() {
        return None;
    }
    table.serving(std::str::from_utf8(read.announced_method()?).ok()?, request.uri())
}

/// Records a preflight that nobody has answered.
pub(super) fn record_unanswered(state: &State, table: &Table, request: &Request<'_>, response: &mut Response<'_>) {
    let read = read(request);
    let method = read.announced_method().unwrap_or_default().into();
    let refusal = match announced(table, &read, request) {
        Some((_, Some(_))) => return,
        Some((_, None)) => Refusal::Method(method),
        None => Refusal::NoHandler(method),
    };
    let reason = state.settings.refusals.record(request, Effect::PreflightRefused, refusal, None);
    explain(response, &reason);
}

/// The answer to a preflight.
fn answer<'r>(
    state: &State,
    policy: RoutePolicy,
    method: &'static str,
    read: &CorsRequest<'r>,
    request: &'r Request<'_>,
) -> Response<'r> {
    let mut response = Response::new();
    let decided = policy.policy.preflight(read, method, |origin| policy.also_names(request, origin));
    let refused = match decided {
        Ok(granted) => {
            response.set_status(Status::NoContent);
            write(&mut response, granted.lines(read), false);
            granted.refusal.map(|refusal| (Effect::NotCovered, refusal))
        }
        Err(refusal) => {
            response.set_status(Status::Forbidden);
            vary(&mut response, PREFLIGHT_VARY);
            Some((Effect::PreflightRefused, refusal))
        }
    };
    if let Some((effect, refusal)) = refused {
        let reason = state.settings.refusals.record(request, effect, refusal, Some(policy));
        explain(&mut response, &reason);
    }
    response
}
