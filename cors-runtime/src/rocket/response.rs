//! The headers on a response.

use rocket::{Request, Response, warn_};

use super::launch::Table;
use super::refusals::Effect;
use super::{CrossOrigin, checks, events, lists, preflight};
use crate::decision::{Actual, OriginHeader};
use crate::headers::vary_names_origin;
use crate::policy::Policy;
use crate::same_origin::is_same_origin;

/// The decision on an actual request, and what follows from it for the handler.
pub(super) struct Judged<'r> {
    pub(super) answer: Actual<'r>,
    /// Another origin, which the policy does not name, asks for something that it may not.
    pub(super) forbidden: bool,
    /// The request comes from a page of the server itself, whatever the policy says.
    same_origin: bool,
}

impl<'r> Judged<'r> {
    pub(super) fn new(policy: &'static Policy, request: &'r Request<'_>) -> Self {
        let origin = origin_of(request);
        let answer = policy.actual_or(origin, |origin| name(policy, request, origin));
        let same_origin = answer.refusal.is_some() && comes_from_itself(request, origin);
        Self::of(policy, answer, request.method().as_str(), same_origin)
    }

    /// What follows from the policy's answer to a request with this method.
    pub(super) fn of(policy: &'static Policy, answer: Actual<'r>, method: &str, same_origin: bool) -> Self {
        let refused = answer.refusal.is_some() && !same_origin;
        Judged { answer, forbidden: refused && policy.enforces(method), same_origin }
    }
}

/// Whether a list or a check names an origin that the policy's constants do not. The checks have been asked before.
pub(super) fn name(policy: &'static Policy, request: &Request<'_>, origin: &[u8]) -> bool {
    lists::name(policy, request, origin) || checks::name(policy, request)
}

/// The `Origin` of a request. Rocket drops values that are not UTF-8.
pub(super) fn origin_of<'r>(request: &'r Request<'_>) -> OriginHeader<'r> {
    OriginHeader::of(values(request, "Origin").map(str::as_bytes))
}

/// The values of a header of a request. In one place and not generic, as [`add`] is.
#[inline(never)]
pub(super) fn values<'r>(request: &'r Request<'_>, name: &'static str) -> impl Iterator<Item = &'r str> {
    request.headers().get(name)
}

fn comes_from_itself(request: &Request<'_>, origin: OriginHeader<'_>) -> bool {
    let OriginHeader::One(origin) = origin else {
        return false;
    };
    let site = values(request, "Sec-Fetch-Site").next().map(str::as_bytes);
    let host = request.host().map(ToString::to_string);
    is_same_origin(origin, site, host.as_deref().map(str::as_bytes))
}

/// Puts the headers of the CORS protocol on a response, as the policy of the matched route says; or returns the policy
/// that does, if it has checks that have not been asked.
pub(super) fn attach<'r>(
    cors: &CrossOrigin,
    table: &Table,
    request: &'r Request<'_>,
    response: &mut Response<'r>,
) -> Option<&'static Policy> {
    if let Some(route) = request.route() {
        if let Some(policy) = table.policy(route) {
            actual(cors, policy, request, response);
            return None;
        }
        if !preflight::is_ours(route) {
            return None;
        }
    }
    if request.route().is_some() && matches!(response.status().code, 204 | 403) {
        // Our own answer to a preflight. One that was handed on and that nobody served is 404.
        return None;
    }
    let is_preflight = preflight::is_preflight(request);
    if is_preflight {
        preflight::tell_if_unanswered(cors, table, request, response);
    }
    let error = response.status().code >= 400 && !is_preflight;
    match cors.fallback_policy(request).filter(|_| error) {
        None => vary(response),
        Some(policy) if policy.checks.is_empty() => actual(cors, policy, request, response),
        Some(policy) => return Some(policy),
    }
    None
}

/// Puts the headers of this policy on a response.
pub(super) fn actual<'r>(
    cors: &CrossOrigin,
    policy: &'static Policy,
    request: &'r Request<'_>,
    response: &mut Response<'r>,
) {
    // Most responses have neither: one look at all names is cheaper than look-ups of some.
    let (mut own, mut varies) = (false, false);
    for header in response.headers().iter() {
        own |= is_cors(header.name().as_str());
        varies |= header.name() == "vary";
    }
    if own {
        remove_own_headers(response);
    }
    if preflight::is_preflight(request) {
        // One that was handed on to an annotated OPTIONS handler, since no shared route serves what it announces.
        // This handler's policy is no answer to it.
        return vary(response);
    }
    let judged = Judged::new(policy, request);
    put(response, &judged.answer, varies);
    if let Some(refusal) = judged.answer.refusal.filter(|_| !judged.same_origin) {
        let effect = if judged.forbidden { Effect::TurnedAway } else { Effect::NotShared };
        cors.refusals.tell(request, effect, refusal, Some(policy));
    }
}

/// Writes the answer to an actual request. `varies` tells whether the response has a `Vary` already.
pub(super) fn put<'r>(response: &mut Response<'r>, answer: &Actual<'r>, varies: bool) {
    if let Some(origin) = answer.allow_origin.and_then(|origin| std::str::from_utf8(origin).ok()) {
        add(response, "Access-Control-Allow-Origin", origin);
    }
    if answer.allow_credentials {
        add(response, "Access-Control-Allow-Credentials", "true");
    }
    if let Some(names) = answer.expose_headers {
        add(response, "Access-Control-Expose-Headers", names);
    }
    match answer.vary_origin {
        true if varies => vary(response),
        true => add(response, "Vary", "Origin"),
        false => {}
    }
}

/// A handler's own CORS headers would widen the policy above it, or be a second `Access-Control-Allow-Origin`,
/// which no browser accepts.
#[cold]
fn remove_own_headers(response: &mut Response<'_>) {
    let names = response.headers().iter().map(|header| header.name().to_string());
    let own: Vec<_> = names.filter(|name| is_cors(name)).collect();
    for name in own {
        warn_!("CORS: replacing the header `{name}` set by the handler");
        events::own_header(&name);
        response.remove_header(&name);
    }
}

fn is_cors(name: &str) -> bool {
    const PREFIX: &str = "access-control-";
    name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// Adds `Origin` to `Vary`, unless it is there.
pub(super) fn vary(response: &mut Response<'_>) {
    if !response.headers().get("Vary").any(|value| vary_names_origin(value.as_bytes())) {
        add(response, "Vary", "Origin");
    }
}

/// Adds a header, which is not there yet. In one place and not generic, so that Rocket's code for it is compiled once.
#[inline(never)]
pub(super) fn add<'r>(response: &mut Response<'r>, name: &'static str, value: &'r str) {
    response.adjoin_raw_header(name, value);
}
