//! What stands between a browser and the application, told from what it makes of the answers; and how to correct it.

use serde::Serialize;

use super::comparison::{ALLOW_ORIGIN, Outcome};
use super::plan::Kind;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Cause {
    /// Nothing of the application arrives: its paths have another prefix outside.
    Prefix,
    /// Nothing of the application arrives, and nothing shows why.
    Elsewhere,
    /// A gateway has no answer of the application.
    Gateway,
    Redirect,
    /// The application refuses the name that it is asked by.
    Name,
    Preflights,
    /// Preflights reach the application, without what they announce.
    Announced,
    Origin,
    Cache,
    AllowOrigin,
    Vary,
    Host,
    Different,
}

impl Cause {
    /// What is wrong, in a sentence.
    pub(super) fn what(self) -> &'static str {
        match self {
            Cause::Prefix => "the application's paths have another prefix here",
            Cause::Elsewhere => "nothing that arrives is an answer of this application",
            Cause::Gateway => "a proxy has no answer of the application",
            Cause::Redirect => "something redirects, which browsers do not follow for a preflight",
            Cause::Name => "the application refuses `Host`: it is not one of its names",
            Cause::Preflights => "something in front of the application answers preflights itself",
            Cause::Announced => "what preflights announce does not reach the application",
            Cause::Origin => "`Origin` does not reach the application as the browser sends it",
            Cause::Cache => "a cache gives one page the answer that was meant for another",
            Cause::AllowOrigin => "something in front of the application writes `Access-Control-Allow-Origin` too",
            Cause::Vary => "`Vary` does not arrive, so that caches mix up the answers for different pages",
            Cause::Host => "`Host` does not reach the application as the browser sends it",
            Cause::Different => "the answer is not what the application says",
        }
    }

    /// How it is corrected.
    pub(super) fn fix(self) -> &'static str {
        match self {
            Cause::Prefix => {
                "let the proxy pass paths on as they are (nginx: `proxy_pass http://app;` without a path at its end, and no \
                 `rewrite`), or mount the routes where they are asked for"
            }
            Cause::Elsewhere => {
                "check the URL, and that the server runs this application; if its paths have a prefix there, it belongs to \
                 the URL: `https://api.example.com/v1`"
            }
            Cause::Gateway => "check that the application runs, and the address that the proxy has for it",
            Cause::Redirect => "let pages call the final address, and ask that one; a proxy must not redirect OPTIONS",
            Cause::Name => {
                "if this URL is one of the application's, add its origin to `cors.own_origins`; if it is there, the proxy \
                 replaces `Host`: let it pass it on (nginx: `proxy_set_header Host $http_host;`; Apache: `ProxyPreserveHost On`)"
            }
            Cause::Preflights => {
                "remove the rule for OPTIONS (nginx: `if ($request_method = OPTIONS) { return 204; }` or `limit_except`; a \
                 gateway: its own CORS setting), and let OPTIONS reach the application"
            }
            Cause::Announced => {
                "let the proxy pass `Access-Control-Request-Method` and `Access-Control-Request-Headers` on (a CDN: add them to \
                 the headers that it forwards)"
            }
            Cause::Origin => {
                "let the proxy pass `Origin` on (nginx: remove `proxy_set_header Origin …`; a CDN: add `Origin` to the headers \
                 that it forwards)"
            }
            Cause::Cache => {
                "let the cache heed `Vary` (nginx: remove `Vary` from `proxy_ignore_headers`; a CDN: add `Origin` to its cache \
                 key), and empty it"
            }
            Cause::AllowOrigin => {
                "remove the header there (nginx: `add_header Access-Control-Allow-Origin …`; Apache: `Header set`); the \
                 application alone writes it"
            }
            Cause::Vary => "let `Vary` through (nginx: remove `proxy_hide_header Vary`)",
            Cause::Host => {
                "let the proxy pass it on (nginx: `proxy_set_header Host $http_host;`; Apache: `ProxyPreserveHost On`)"
            }
            Cause::Different => {
                "check that the server runs what is built here, in the same profile: a release build has no `debug_origins`, so \
                 ask with `--release --features cors-runtime/cargo-cors`; or something in front of it changes these headers"
            }
        }
    }
}

/// The causes of what is different in an exchange. `all` are all exchanges.
pub(super) fn of(outcome: &Outcome, all: &[Outcome]) -> Vec<Cause> {
    let arrived = &outcome.arrived;
    if outcome.differences.is_empty() {
        return Vec::new();
    }
    // These explain everything that is different.
    match arrived.status {
        301 | 302 | 303 | 307 | 308 => return vec![Cause::Redirect],
        502..=504 => return vec![Cause::Gateway],
        _ => {}
    }
    if is_refused_by_name(outcome) {
        return vec![Cause::Name];
    }
    if is_without_origin(outcome, all) || has_another_origin(outcome, all) {
        return vec![Cause::Origin];
    }
    if outcome.is(Kind::Preflight) && is_answered_elsewhere(outcome, all) {
        return vec![if announces_nothing(outcome, all) { Cause::Announced } else { Cause::Preflights }];
    }
    if outcome.is(Kind::Request) && is_of_another(outcome, all) {
        return vec![Cause::Cache];
    }
    let mut causes = Vec::new();
    let mut rest: Vec<_> = outcome.differences.iter().map(|difference| &*difference.what).collect();
    let adds = |outcome: &Outcome| outcome.difference(ALLOW_ORIGIN).is_some_and(|found| !found.arrived.is_empty());
    // Whoever writes it for some may take it from others.
    if outcome.difference(ALLOW_ORIGIN).is_some() && all.iter().any(adds) {
        causes.push(Cause::AllowOrigin);
        // Whoever writes the one header writes the others too.
        rest.retain(|what| !what.starts_with("access-control-"));
    }
    if rest.contains(&"vary") {
        causes.push(Cause::Vary);
        rest.retain(|what| *what != "vary");
    }
    if !rest.is_empty() {
        causes.push(Cause::Different);
    }
    causes
}

/// Whether the application has refused `Host`: such an answer depends on no policy.
fn is_refused_by_name(outcome: &Outcome) -> bool {
    let is_expected = outcome.is(Kind::Request) && outcome.expected.status == Some(403);
    outcome.arrived.status == 403
        && outcome.arrived.varies_by("sec-fetch-site")
        && !outcome.arrived.varies_by(ANNOUNCED)
        && !is_expected
}

/// Whether the application has answered as if nobody asked. Its answers to requests without `Origin` depend on it as well.
fn is_without_origin(outcome: &Outcome, all: &[Outcome]) -> bool {
    let nothing = outcome.arrived.all(ALLOW_ORIGIN).is_empty();
    if outcome.origin.is_empty() || !nothing || !outcome.arrived.varies_by("origin") {
        return false;
    }
    match outcome.asked.kind {
        // Without `Origin` it is not a preflight, and no route serves it. Other requests are the better witness: if `Origin`
        // arrives with them, it is something else.
        Kind::Preflight => is_unserved(outcome) && !all.iter().any(names_a_page),
        Kind::Request => {
            let missing = outcome.expected_allow_origin().is_some_and(|value| value != "*");
            let not_turned_away = outcome.expected.status == Some(403) && outcome.arrived.status != 403;
            // The policy of the server may be another: then it refuses the preflight of this origin.
            let refuses =
                |other: &Outcome| other.is(Kind::Preflight) && other.arrived.status == 403 && answers_preflight(other);
            let is_refused = all.iter().any(|other| other.origin == outcome.origin && refuses(other));
            (missing && !is_refused) || not_turned_away
        }
    }
}

/// Whether the application has answered a page of another origin: `Origin` is written anew. Preflights show it, since no
/// cache keeps their answers.
fn has_another_origin(outcome: &Outcome, all: &[Outcome]) -> bool {
    let value = |outcome: &Outcome| match *outcome.arrived.all(ALLOW_ORIGIN) {
        [value] if value != "*" && value != outcome.origin => Some(value.to_owned()),
        _ => None,
    };
    let shows =
        |other: &Outcome| other.is(Kind::Preflight) && answers_preflight(other) && value(other) == value(outcome);
    value(outcome).is_some() && all.iter().any(shows)
}

const ANNOUNCED: &str = "access-control-request-method";

/// Whether the application has answered this as a preflight.
fn answers_preflight(outcome: &Outcome) -> bool {
    outcome.arrived.varies_by(ANNOUNCED)
}

/// Whether the application has answered OPTIONS as it does if no route serves it.
fn is_unserved(outcome: &Outcome) -> bool {
    outcome.arrived.status == 404 && outcome.arrived.varies_by("origin") && !answers_preflight(outcome)
}

/// Whether preflights arrive without what they announce. A server that has not this route yet answers others.
fn announces_nothing(outcome: &Outcome, all: &[Outcome]) -> bool {
    is_unserved(outcome) && all.iter().filter(|other| other.is(Kind::Preflight)).all(is_unserved)
}

/// Whether the answer to a request shows that `Origin` has reached the application.
fn names_a_page(outcome: &Outcome) -> bool {
    let is_named = outcome.arrived.all(ALLOW_ORIGIN).contains(&&*outcome.origin);
    outcome.is(Kind::Request) && !outcome.origin.is_empty() && is_named
}

/// Whether a preflight was answered by something that does not know policies: each answer of the application depends on
/// what was announced.
fn is_answered_elsewhere(outcome: &Outcome, all: &[Outcome]) -> bool {
    let is_foreign = |outcome: &Outcome| {
        let is_status = outcome.difference("status").is_some();
        outcome.is(Kind::Preflight) && is_status && !answers_preflight(outcome)
    };
    // What it says may happen to be right.
    is_foreign(outcome) || !answers_preflight(outcome) && all.iter().any(is_foreign)
}

/// Whether the answer is that to an origin that had asked at the same address before.
fn is_of_another(outcome: &Outcome, all: &[Outcome]) -> bool {
    let values = outcome.arrived.all(ALLOW_ORIGIN);
    let [value] = *values else { return false };
    let earlier = |other: &&Outcome| other.is(Kind::Request) && other.asked.sent.path == outcome.asked.sent.path;
    !value.is_empty() && value != outcome.origin && all.iter().filter(earlier).any(|other| other.origin == value)
}
