//! The parts of an answer to a [`Question`] that all adapters make alike.

use crate::decision::{ACTUAL_VARY, ENFORCED_VARY, Line, Name};
use crate::origin::Origin;
use crate::policy::Policy;
use crate::question::{Answer, Question};
use crate::refusal::Refusal;
use crate::request::{Authority, CorsRequest};

/// The parts of the request that the decision needs. `names` is the value of `Access-Control-Request-Headers`. A page of
/// another origin is one, whatever the server is called: the browser says so.
pub(crate) fn read<'a>(question: &'a Question, names: &'a str, cookies: bool, same_origin: bool) -> CorsRequest<'a> {
    let Question { method, origin, host: asked, .. } = question;
    // A page of the server itself asks for the name that it came from.
    let of_page = || origin.split_once("://").map(|(_, host)| host).filter(|_| same_origin);
    let host = asked.as_deref().or_else(of_page).map(Authority::Text);
    // Browsers leave `Origin` out of what the server's own pages read
    // (<https://fetch.spec.whatwg.org/#append-a-request-origin-header>).
    let has_origin = !origin.is_empty() && (!same_origin || !matches!(&**method, "GET" | "HEAD"));
    let lines = [
        (has_origin, "origin", &**origin),
        (same_origin, "sec-fetch-site", "same-origin"),
        // Two origins may differ in their schemes alone, which `Host` does not tell.
        (!same_origin && has_origin && asked.is_some(), "sec-fetch-site", "cross-site"),
        (cookies, "cookie", ""),
        // Without a header to ask for there is no such line.
        (!names.is_empty(), "access-control-request-headers", names),
    ];
    let lines = lines.into_iter().filter(|(is_there, ..)| *is_there);
    CorsRequest::new(method, host).with(lines.map(|(_, name, value)| (name, value.as_bytes())))
}

/// An answer with a reason.
pub(crate) fn refused(refusal: Refusal<'_>) -> Answer {
    let refusal = refusal.refined();
    Answer { kind: Some(refusal.kind().to_owned()), refusal: Some(refusal.to_string()), ..Answer::default() }
}

/// The answer to a request that is turned away before a handler sees it.
pub(crate) fn turned_away(refusal: Refusal<'_>) -> Answer {
    let headers = headers([(Name::Vary, ENFORCED_VARY)].into_iter());
    Answer { status: Some(403), headers, ..refused(refusal) }
}

/// The checks of a policy that would be asked about the origin of a question, if it has some that can be asked.
pub(crate) fn undecided(
    policy: &Policy,
    has_checks: bool,
    question: &Question,
    refusal: Option<&Refusal<'_>>,
) -> Option<String> {
    let origin = Origin::parse(question.origin.as_bytes());
    let asked = matches!(refusal, Some(Refusal::Origin(_))) && origin.is_some() && has_checks;
    let names: Vec<_> = policy.parts.checks.iter().map(|name| format!("`check({name})`")).collect();
    asked.then(|| format!("{} would decide, which needs a real request", names.join(", ")))
}

/// The headers where no policy grants anything.
pub(crate) fn vary() -> Vec<(String, String)> {
    headers([(Name::Vary, ACTUAL_VARY)].into_iter())
}

pub(crate) fn headers<'r>(lines: impl Iterator<Item = Line<'r>>) -> Vec<(String, String)> {
    lines.map(|(name, value)| (name.as_str().to_owned(), value.to_owned())).collect()
}
