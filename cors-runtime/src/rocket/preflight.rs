//! The OPTIONS route that answers preflights.
//!
//! One route below every path asks the [`Table`] which route would serve the request that the preflight announces, and
//! answers with that route's policy. It hands on all others to the application's own OPTIONS routes.
//! The handler decides, and the response fairing writes the headers.

use std::sync::Arc;

use rocket::http::{ContentType, Status};
use rocket::outcome::Outcome;
use rocket::route::{self, Handler, Route};
use rocket::sentinel::resolve;
use rocket::{Data, Request, Response, options};

use super::message::{BoxFuture, add, read, set, write};
use super::own;
use super::refusals::{By, Refused};
use super::sentinels::SoundPolicies;
use super::sources::RoutePolicy;
use super::state::State;
use super::table::Table;
use crate::decision::{Name, PREFLIGHT_VARY};
use crate::refusal::{Effect, Refusal, server_timing};
use crate::request::CorsRequest;

/// The route, before every OPTIONS route of the application.
pub(super) fn route(state: Arc<State>) -> Route {
    let mut info = preflight {}.into_info();
    info.sentinels.push(resolve!(SoundPolicies));
    let mut route = Route::from(info);
    route.name = Some(own::PREFLIGHTS.into());
    route.rank = own::FIRST;
    route.handler = Box::new(Preflights { state });
    route
}

/// Only what Rocket's own code generation makes can have a sentinel, so the route comes from there. Its handler is replaced.
#[options("/<_..>")]
fn preflight() {}

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
        let announced = self.state.table.get().map(|table| announced(table, &read, request));
        let Some(Announced::Shared(method, policy)) = announced else {
            // Nothing is shared: the application's own OPTIONS routes are next. Without any, the answer is 404.
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

/// What a preflight announces a request to.
pub(super) enum Announced {
    /// A route with a policy, and the method.
    Shared(&'static str, RoutePolicy),
    /// A route without one.
    Unshared,
    /// Nothing; or this is not a preflight.
    Nothing,
}

fn announced(table: &Table, read: &CorsRequest<'_>, request: &Request<'_>) -> Announced {
    let method = read.announced_method().filter(|_| read.is_preflight());
    let method = method.and_then(|method| std::str::from_utf8(method).ok());
    match method.and_then(|method| table.serving(method, request.uri())) {
        Some((method, Some(policy))) => Announced::Shared(method, policy),
        Some((_, None)) => Announced::Unshared,
        None => Announced::Nothing,
    }
}

/// Records a preflight that nobody has answered.
pub(super) fn record_unanswered(
    state: &State,
    table: &Table,
    request: &Request<'_>,
    response: &mut Response<'_>,
) -> Announced {
    let read = read(request);
    let method = read.announced_method().unwrap_or_default().into();
    let announced = announced(table, &read, request);
    let refusal = match announced {
        Announced::Shared(..) => return announced,
        Announced::Unshared => Refusal::Method(method),
        Announced::Nothing => Refusal::NoHandler(method),
    };
    let refused = Refused { effect: Effect::PreflightRefused, refusal, by: By::Nobody };
    if let Some(reason) = state.refusals().record(request, &read, refused) {
        explain(response, &reason);
    }
    announced
}

/// A mark in the request: this library has answered the preflight. The status proves nothing, since catchers and
/// fairings can set any status.
pub(super) struct Answered {
    method: &'static str,
    policy: RoutePolicy,
    /// Whether the policy names the origin. If not, there is nothing to write but `Vary`.
    granted: bool,
    /// Why the browser will refuse, for its developer tools.
    reason: Option<String>,
}

/// The mark, if the preflight has been answered.
pub(super) fn answered<'r>(request: &'r Request<'_>) -> Option<&'r Answered> {
    request.local_cache(|| None::<Answered>).as_ref()
}

/// Decides on a preflight. The response fairing writes the headers, since other fairings may change the response before.
fn answer<'r>(
    state: &State,
    policy: RoutePolicy,
    method: &'static str,
    read: &CorsRequest<'r>,
    request: &'r Request<'_>,
) -> Response<'r> {
    let decided = policy.policy.preflight(read, method, |origin| policy.also_names(request, origin));
    let mut response = Response::new();
    let refused = match decided {
        Ok(granted) => {
            response.set_status(Status::NoContent);
            granted.refusal.map(|refusal| (Effect::NotCovered, refusal))
        }
        Err(refusal) => {
            response.set_status(Status::Forbidden);
            Some((Effect::PreflightRefused, refusal))
        }
    };
    let reason = refused.and_then(|(effect, refusal)| {
        state.refusals().record(request, read, Refused { effect, refusal, by: By::Policy(policy) })
    });
    if let Some(reason) = reason.as_ref().filter(|_| response.status() == Status::Forbidden) {
        response.set_header(ContentType::Plain);
        response.set_sized_body(reason.len(), std::io::Cursor::new(reason.clone()));
    }
    let granted = response.status() != Status::Forbidden;
    request.local_cache(|| Some(Answered { method, policy, granted, reason }));
    response
}

/// Writes the headers of the answer that was decided on. To decide again on what is granted costs less than to keep data
/// that borrows from the request.
pub(super) fn write_headers<'r>(
    answered: &'r Answered,
    request: &'r Request<'_>,
    response: &mut Response<'r>,
    varies: bool,
) {
    let Answered { method, policy, granted, reason } = answered;
    let refused = |response: &mut _| write(response, [(Name::Vary, PREFLIGHT_VARY)].into_iter(), varies, set);
    if *granted {
        let read = read(request);
        match policy.policy.preflight(&read, method, |origin| policy.also_names(request, origin)) {
            // What is echoed may be on several lines.
            Ok(granted) if read.names.all().is_some_and(|lines| lines.len() > 1) => {
                write(response, granted.lines(&read), varies, |response, name, value| match name {
                    "Access-Control-Allow-Headers" => add(response, name, value),
                    _ => set(response, name, value),
                });
            }
            Ok(granted) => write(response, granted.lines(&read), varies, set),
            Err(_) => refused(response),
        }
    } else {
        refused(response);
    }
    if let Some(reason) = reason {
        explain(response, reason);
    }
}

/// Gives the reason in an answer, for the developer tools of a browser, in debug builds: as `Server-Timing`. Release builds say
/// nothing to another origin.
pub(super) fn explain(response: &mut Response<'_>, reason: &str) {
    if cfg!(debug_assertions) {
        response.adjoin_raw_header("Server-Timing", server_timing(reason));
    }
}
