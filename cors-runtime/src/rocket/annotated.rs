//! Runs the handler of an annotated route, or turns the request away before any guard runs.

use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::route::{self, Handler};
use rocket::{Data, Request};

use super::annotation::{Annotated, Inner};
use super::gate;
use super::message::{BoxFuture, is_upgrade, is_write, read};
use super::state::State;
use crate::decision::refuse_unshared;
use crate::policy::Enforce;

// Written as `async_trait` would expand it, so that the inner handler's future is handed on as it is: one that
// awaits it would cost an allocation on each request.
impl<H: Inner> Handler for Annotated<H> {
    fn handle<'r, 'a, 'b, 'f>(&'a self, request: &'r Request<'b>, data: Data<'r>) -> BoxFuture<'f, route::Outcome<'r>>
    where
        'r: 'f,
        'a: 'f,
        'b: 'f,
        Self: 'f,
    {
        if self.only_reads(request) { self.handler.run(request, data) } else { self.judge(request, data) }
    }
}

impl<H: Inner> Annotated<H> {
    /// Whether the handler of a request runs whatever the policy decides, as it does for most requests: they only read, and
    /// nothing has to be asked before.
    #[inline]
    fn only_reads(&self, request: &Request<'_>) -> bool {
        let route = self.annotation.policy;
        route.policy.parts.enforce == Enforce::Writes
            && !route.has_checks()
            && !is_write(request.method())
            && !is_upgrade(request)
    }

    /// Runs the handler, unless the request is turned away.
    // Not inlined, so that the requests above do not pay for its stack.
    #[inline(never)]
    fn judge<'r, 'a, 'b, 'f>(&'a self, request: &'r Request<'b>, data: Data<'r>) -> BoxFuture<'f, route::Outcome<'r>>
    where
        'r: 'f,
        'a: 'f,
        'b: 'f,
    {
        let route = self.annotation.policy;
        let refuse = || Outcome::Error(Status::Forbidden);
        if route.has_checks() {
            return Box::pin(async move {
                route.ask_checks(request).await;
                match self.verdict(request) {
                    Verdict::Refuse => refuse(),
                    Verdict::Run => self.handler.run(request, data).await,
                    Verdict::Watch(state) => gate::watch(state, request, self.handler.run(request, data).await),
                }
            });
        }
        match self.verdict(request) {
            Verdict::Refuse => Box::pin(std::future::ready(refuse())),
            Verdict::Run => self.handler.run(request, data),
            Verdict::Watch(state) => {
                Box::pin(async move { gate::watch(state, request, self.handler.run(request, data).await) })
            }
        }
    }
}

enum Verdict<'r> {
    /// The request is turned away.
    Refuse,
    /// The handler runs.
    Run,
    /// The handler runs, and the request must not be passed on to a route without a policy.
    Watch(&'r State),
}

impl<H: Inner> Annotated<H> {
    /// What becomes of a request before the handler runs.
    ///
    /// The fairing decides once more, on the response. To keep the decision in the request in between would cost more
    /// (`local_cache` allocates twice) than to decide again.
    fn verdict<'r>(&self, request: &'r Request<'_>) -> Verdict<'r> {
        let route = self.annotation.policy;
        let enforces = route.policy.enforces(is_write(request.method()), || is_upgrade(request));
        if !enforces && route.policy.parts.enforce != Enforce::Nothing {
            return Verdict::Run;
        }
        // Without the fairing no application launches.
        let Some(state) = State::of(request.rocket()) else { return Verdict::Refuse };
        if !enforces && !state.protects_all() {
            return Verdict::Run;
        }
        let (read, own) = (read(request), state.own_origins());
        let answer = route.policy.actual(&read, own, |origin| route.also_names(request, origin));
        if answer.forbidden && !state.reports_only() {
            Verdict::Refuse
        } else if state.protects_all() && refuse_unshared(&read, own).is_some() {
            Verdict::Watch(state)
        } else {
            Verdict::Run
        }
    }
}
