//! The OPTIONS route that answers preflights.
//!
//! One route below every path asks the [`Table`] which route would serve the request that the preflight
//! announces, and answers with that route's policy: what it cannot grant, it hands on to the application's own
//! OPTIONS routes.

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use rocket::http::{Method, Status};
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest};
use rocket::route::{self, Handler, Route};
use rocket::{Data, Ignite, Request, Response, Rocket, Sentinel, options};

use super::BoxFuture;
use super::launch::Table;
use super::response::{log_refusal, origin_of, set};
use crate::decision::{OriginHeader, PREFLIGHT_VARY, RequestHeaders};
use crate::policy::Policy;
use crate::refusal::Refusal;

const NAME: &str = "CORS preflights";

/// The route, before every OPTIONS route of the application.
pub(super) fn route(table: Arc<OnceLock<Table>>) -> Route {
    let mut route = preflight {}.into_route();
    route.name = Some(NAME.into());
    route.rank = isize::MIN;
    route.handler = Box::new(Preflights { table });
    route
}

/// Whether this is the route made by [`route`].
pub(super) fn is_ours(route: &Route) -> bool {
    route.rank == isize::MIN && route.name.as_deref() == Some(NAME)
}

/// Whether this is a preflight ([Fetch](https://fetch.spec.whatwg.org/#cors-preflight-request)).
pub(super) fn is_preflight(request: &Request<'_>) -> bool {
    let has = |name| request.headers().contains(name);
    request.method() == Method::Options && has("Access-Control-Request-Method") && has("Origin")
}

/// Only Rocket's own code generation can give a route a sentinel, so the route comes from there. Its handler is
/// replaced.
#[options("/<_..>")]
fn preflight(_policies: DistinctPolicies) {}

/// Refuses the launch of an application with policies that no preflight can tell apart.
struct DistinctPolicies;

impl<'r> FromRequest<'r> for DistinctPolicies {
    type Error = Infallible;

    fn from_request<'a, 'f>(_: &'r Request<'a>) -> BoxFuture<'f, request::Outcome<Self, Infallible>>
    where
        'r: 'f,
        'a: 'f,
    {
        Box::pin(async { request::Outcome::Success(DistinctPolicies) })
    }
}

impl Sentinel for DistinctPolicies {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        let table = Table::read(rocket);
        let mut refused = false;
        for (a, b) in table.conflicts() {
            refused = true;
            rocket::error!("Two routes that only their format tells apart have different CORS policies:");
            rocket::info_!("{}", a.describe());
            rocket::info_!("{}", b.describe());
            rocket::info_!("a preflight does not say which format the request will have");
            rocket::info_!("help: give both the same policy, or a path of its own to one of them");
        }
        refused
    }
}

#[derive(Clone)]
struct Preflights {
    table: Arc<OnceLock<Table>>,
}

impl Handler for Preflights {
    fn handle<'r, 'a, 'b, 'f>(&'a self, request: &'r Request<'b>, data: Data<'r>) -> BoxFuture<'f, route::Outcome<'r>>
    where
        'r: 'f,
        'a: 'f,
        'b: 'f,
        Self: 'f,
    {
        let outcome = match self.answer(request) {
            Some(response) => Outcome::Success(response),
            None => Outcome::Forward((data, Status::NotFound)),
        };
        Box::pin(std::future::ready(outcome))
    }
}

impl Preflights {
    /// The answer, if this is a preflight for a route that has one.
    fn answer<'r>(&self, request: &'r Request<'_>) -> Option<Response<'r>> {
        let mut methods = request.headers().get("Access-Control-Request-Method");
        let (Some(asked), None) = (methods.next(), methods.next()) else { return None };
        let origin = origin_of(request);
        if origin == OriginHeader::Absent {
            return None;
        }
        let (method, policy) = self.table.get()?.serving(asked, request.uri())?;
        let Some(policy) = policy else {
            // A route without a policy would serve the request. Handing on to the application's own OPTIONS
            // routes keeps those working, and where there are none the answer is 404.
            log_refusal(request, "preflight refused", &Refusal::Method(asked.as_bytes()));
            return None;
        };
        let mut response = Response::new();
        answer(policy, method, origin, request, &mut response);
        Some(response)
    }
}

/// Writes the answer to a preflight, status and headers.
fn answer<'r>(
    policy: &'static Policy,
    method: &'static str,
    origin: OriginHeader<'r>,
    request: &'r Request<'_>,
    response: &mut Response<'r>,
) {
    set(response, "Vary", PREFLIGHT_VARY);
    let names = || request.headers().get("Access-Control-Request-Headers");
    let granted = match policy.preflight(origin, || names().map(str::as_bytes)) {
        Ok(granted) => granted,
        Err(refusal) => {
            log_refusal(request, "preflight refused", &refusal);
            response.set_status(Status::Forbidden);
            return;
        }
    };
    response.set_status(Status::NoContent);
    if let Ok(origin) = std::str::from_utf8(granted.allow_origin) {
        set(response, "Access-Control-Allow-Origin", origin);
    }
    if granted.allow_credentials {
        set(response, "Access-Control-Allow-Credentials", "true");
    }
    // Only the method that was asked for: another method of this address may be served by a route with another
    // policy, and browsers remember what they were told for the address.
    set(response, "Access-Control-Allow-Methods", method);
    match granted.allow_headers {
        RequestHeaders::None => {}
        RequestHeaders::Value(value) => set(response, "Access-Control-Allow-Headers", value),
        RequestHeaders::Echo => {
            for value in names() {
                response.adjoin_raw_header("Access-Control-Allow-Headers", value);
            }
        }
    }
    if let Some(seconds) = granted.max_age {
        set(response, "Access-Control-Max-Age", seconds);
    }
    if let Some(refusal) = granted.refusal {
        log_refusal(request, "the browser will refuse", &refusal);
    }
}
