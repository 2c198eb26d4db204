//! The response fairing: the headers on every response that needs them.

use std::sync::Arc;

use rocket::fairing::{Fairing, Info, Kind};
use rocket::{Orbit, Request, Response, Rocket};

use super::message::{BoxFuture, read, remove_own_headers, vary, write};
use super::own::is_own;
use super::preflight;
use super::sources::RoutePolicy;
use super::state::State;
use super::table::Table;
use crate::decision::ACTUAL_VARY;

/// Attaches the headers to the responses of one application.
pub(super) struct Responses {
    pub(super) state: Arc<State>,
}

// The methods are written as `async_trait` would expand them, so that `on_response` can return a future of
// no size, which costs no allocation on each request.
impl Fairing for Responses {
    fn info(&self) -> Info {
        Info { name: "CORS headers", kind: Kind::Response | Kind::Shutdown }
    }

    fn on_shutdown<'a, 'b, 'f>(&'a self, _: &'b Rocket<Orbit>) -> BoxFuture<'f, ()>
    where
        'a: 'f,
        'b: 'f,
        Self: 'f,
    {
        self.state.settings.refusals.sum_up();
        Box::pin(std::future::ready(()))
    }

    fn on_response<'r, 'a, 'b, 'c, 'f>(
        &'a self,
        request: &'r Request<'b>,
        response: &'c mut Response<'r>,
    ) -> BoxFuture<'f, ()>
    where
        'r: 'f,
        'a: 'f,
        'b: 'f,
        'c: 'f,
        Self: 'f,
    {
        let state = &*self.state;
        let Some(table) = state.table.get() else { return Box::pin(std::future::ready(())) };
        match attach(state, table, request, response) {
            None => Box::pin(std::future::ready(())),
            // A request that no route is responsible for: the checks of its policy have not been asked.
            Some(policy) => Box::pin(async move {
                policy.ask_checks(request).await;
                actual(state, policy, request, response);
            }),
        }
    }
}

/// Puts the headers of the CORS protocol on a response, as the policy of the matched route says; or returns the policy
/// that does, if it has checks that have not been asked.
fn attach<'r>(
    state: &State,
    table: &Table,
    request: &'r Request<'_>,
    response: &mut Response<'r>,
) -> Option<RoutePolicy> {
    if let Some(route) = request.route() {
        if let Some(policy) = table.policy(route) {
            actual(state, policy, request, response);
            return None;
        }
        if !is_own(route) {
            return None;
        }
    }
    if request.route().is_some() && matches!(response.status().code, 204 | 403) {
        // Our own answer to a preflight. One that was handed on and that nobody served is 404.
        return None;
    }
    let is_preflight = read(request).is_preflight();
    if is_preflight {
        preflight::record_unanswered(state, table, request, response);
    }
    let error = response.status().code >= 400 && !is_preflight;
    match state.fallback(request.uri().path()).filter(|_| error) {
        None => vary(response, ACTUAL_VARY),
        Some(policy) if policy.has_checks() => return Some(policy),
        Some(policy) => actual(state, policy, request, response),
    }
    None
}

/// Puts the headers of this policy on a response.
fn actual<'r>(state: &State, policy: RoutePolicy, request: &'r Request<'_>, response: &mut Response<'r>) {
    let varies = remove_own_headers(response);
    let read = read(request);
    if read.is_preflight() {
        // One that was handed on to an annotated OPTIONS handler, since no shared route serves what it announces.
        // This handler's policy is no answer to it.
        return vary(response, ACTUAL_VARY);
    }
    let answer = policy.policy.actual(&read, |origin| policy.also_names(request, origin));
    write(response, answer.lines(), varies);
    let effect = answer.effect();
    if let Some(refusal) = answer.refusal {
        state.settings.refusals.record(request, effect, refusal, Some(policy));
    }
}
