//! The response fairing: the headers on every response that needs them. It also hands requests to the gate, if there is one.

use std::sync::Arc;

use rocket::fairing::{Fairing, Info};
use rocket::http::Method;
use rocket::{Data, Orbit, Request, Response, Rocket};

use super::gate;
use super::launch_log;
use super::message::{BoxFuture, Done, first, is_write, read, set, vary, write};
use super::own::{self, is_own};
use super::preflight::{self, Announced};
use super::refusals::{By, Refused};
use super::sources::RoutePolicy;
use super::state::State;
use super::table::Table;
use super::version::served_as;
use crate::decision::ACTUAL_VARY;
use crate::refusal::{Effect, Refusal};

/// Attaches the headers to the responses of one application.
pub(super) struct Responses {
    pub(super) state: Arc<State>,
    /// Whether it looks at requests before they are routed.
    pub(super) has_gate: bool,
}

// The methods are written as `async_trait` would expand them, so that `on_response` can return a future of
// no size, which costs no allocation on each request.
impl Fairing for Responses {
    fn info(&self) -> Info {
        own::responses(self.has_gate)
    }

    fn on_liftoff<'a, 'b, 'f>(&'a self, rocket: &'b Rocket<Orbit>) -> BoxFuture<'f, ()>
    where
        'a: 'f,
        'b: 'f,
        Self: 'f,
    {
        let table = self.state.table.get_or_init(|| Table::read(rocket));
        #[cfg(all(feature = "json", any(debug_assertions, feature = "cargo-cors")))]
        super::cargo_cors::answer(rocket);
        launch_log::write(table, &self.state, rocket);
        Box::pin(Done)
    }

    fn on_request<'a, 'b, 'c, 'd, 'e, 'f>(
        &'a self,
        request: &'b mut Request<'c>,
        _: &'d mut Data<'e>,
    ) -> BoxFuture<'f, ()>
    where
        'a: 'f,
        'b: 'f,
        'c: 'f,
        'd: 'f,
        'e: 'f,
        Self: 'f,
    {
        if let Some(table) = self.state.table.get() {
            gate::check(&self.state, table, request);
        }
        Box::pin(Done)
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
        let Some(table) = state.table.get() else { return Box::pin(Done) };
        if cfg!(debug_assertions) && self.has_gate {
            gate::give_reason(request, response);
        }
        let route = request.route();
        let Some((method, policy)) = route.and_then(|route| Some((served_as(route, request), table.policy(route)?)))
        else {
            return attach(state, table, request, response);
        };
        actual(state, policy, method, request, response);
        Box::pin(Done)
    }
}

/// Puts the headers of the CORS protocol on a response that no route with a policy has given. Not inlined, so that most
/// responses do not pay for its stack.
#[inline(never)]
fn attach<'r, 'a, 'b, 'c, 'f>(
    state: &'a State,
    table: &Table,
    request: &'r Request<'b>,
    response: &'c mut Response<'r>,
) -> BoxFuture<'f, ()>
where
    'r: 'f,
    'a: 'f,
    'b: 'f,
    'c: 'f,
{
    let unserved = match request.route() {
        Some(route) if !is_own(route) => None,
        Some(_) if gate::answer(state, request, response) => None,
        Some(_) => match preflight::answered(request) {
            Some(answered) => {
                let varies = state.foreign.remove(request, response);
                preflight::write_headers(answered, request, response, varies);
                None
            }
            None => unserved(state, table, request, response),
        },
        None => unserved(state, table, request, response),
    };
    match unserved {
        None => Box::pin(Done),
        // A request that no route is responsible for: the checks of its policy have not been asked.
        Some(policy) => Box::pin(async move {
            policy.ask_checks(request).await;
            fall_back(state, policy, request, response);
        }),
    }
}

/// Puts headers on the response to a request that no route is responsible for: those of the fallback, or none but `Vary`. Or
/// returns the policy of the fallback, if it has checks.
fn unserved<'r>(
    state: &State,
    table: &Table,
    request: &'r Request<'_>,
    response: &mut Response<'r>,
) -> Option<RoutePolicy> {
    if read(request).is_preflight() {
        let announced = preflight::record_unanswered(state, table, request, response);
        // A handler without a policy is left alone, and so is what else the application answers for it.
        if !matches!(announced, Announced::Unshared) {
            state.foreign.remove(request, response);
        }
        vary(response, ACTUAL_VARY);
        return None;
    }
    let error = response.status().code >= 400;
    match state.fallback(request.uri().path()).filter(|_| error) {
        None => {
            state.foreign.remove(request, response);
            vary(response, ACTUAL_VARY);
        }
        Some(policy) if policy.has_checks() => return Some(policy),
        Some(policy) => fall_back(state, policy, request, response),
    }
    None
}

/// Puts the headers of a policy on the response of its route, which serves this method. Rocket lets a route for GET answer
/// HEAD.
fn actual<'r>(
    state: &State,
    policy: RoutePolicy,
    method: Method,
    request: &'r Request<'_>,
    response: &mut Response<'r>,
) {
    let varies = state.foreign.remove(request, response);
    if method == Method::Options && read(request).is_preflight() {
        return handed_on(state, request, response);
    }
    let first = first(request);
    let refusal = if policy.policy.enforces(is_write(method), || first.upgrade) {
        None
    } else {
        match policy.policy.by_origin(first.origin, |origin| policy.names_now(&state.lists, request, origin)) {
            Ok(origin) => return write(response, policy.policy.shared(origin, false).lines(), varies, set),
            Err(refusal) => Some(refusal),
        }
    };
    judged(state, policy, request, response, varies, refusal);
}

/// Answers a request of which more matters than its origin: this is why the policy, which is not enforced on it, does not name
/// its origin, or the policy is enforced.
#[inline(never)]
fn judged<'r>(
    state: &State,
    policy: RoutePolicy,
    request: &'r Request<'_>,
    response: &mut Response<'r>,
    varies: bool,
    refusal: Option<Refusal<'r>>,
) {
    if refusal.is_some() && !state.refusals().listens() {
        // All that the rest of the request says is whether the page is the application's own, which gets the same headers.
        return write(response, policy.policy.shared(None, false).lines(), varies, set);
    }
    let (read, own) = (read(request), state.own_origins());
    let answer = match refusal {
        Some(refusal) => policy.policy.judged(&read, own, false, Err(refusal)),
        None => policy.policy.actual(&read, own, |origin| policy.also_names(request, origin)),
    };
    write(response, answer.lines(), varies, set);
    let effect = answer.effect();
    // One request is recorded once: what its route would say no longer matters if the next one was refused.
    let Some(refusal) = answer.refusal.filter(|_| !gate::has_refused(request)) else { return };
    let reason = state.refusals().record(request, &read, Refused { effect, refusal, by: By::Policy(policy) });
    if let Some(reason) = reason.filter(|_| effect == Effect::TurnedAway) {
        preflight::explain(response, &reason);
    }
}

/// Puts the headers of a fallback on the response of a catcher. Its checks have been asked.
fn fall_back<'r>(state: &State, policy: RoutePolicy, request: &'r Request<'_>, response: &mut Response<'r>) {
    let varies = state.foreign.remove(request, response);
    let read = read(request);
    let answer = policy.policy.actual(&read, state.own_origins(), |origin| policy.also_names(request, origin));
    write(response, answer.lines(), varies, set);
    if let Some(refusal) = answer.refusal {
        // Only the handler of a route turns requests away.
        let refused = Refused { effect: Effect::NotShared, refusal, by: By::Policy(policy) };
        state.refusals().record(request, &read, refused);
    }
}

/// What becomes of the response to a preflight that was handed on to an annotated OPTIONS handler, since no shared route
/// serves what it announces: this handler's policy does not answer it.
#[cold]
fn handed_on<'r>(state: &State, request: &'r Request<'_>, response: &mut Response<'r>) {
    if let Some(table) = state.table.get() {
        preflight::record_unanswered(state, table, request, response);
    }
    vary(response, ACTUAL_VARY);
}
