//! What stands between a browser and the application, told from what it makes of the answers; and how to correct it.

use serde::Serialize;

use super::comparison::{ALLOW_ORIGIN, Difference, Outcome};
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
    /// The server serves other routes, and not this one.
    Route,
    Preflights,
    /// Preflights reach the application, without what they announce.
    Announced,
    /// A layer does not know which methods are served, and so grants none.
    Methods,
    Origin,
    Cache,
    AllowOrigin,
    /// A route without a policy is shared, and no other one gets a header too many.
    Unshared,
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
            Cause::Route => "the server does not serve this route",
            Cause::Preflights => "something in front of the application answers preflights itself",
            Cause::Announced => "what preflights announce does not reach the application",
            Cause::Methods => "a layer does not know which methods are served, so that it grants none",
            Cause::Origin => "`Origin` does not reach the application as the browser sends it",
            Cause::Cache => "a cache gives one page the answer that was meant for another",
            Cause::AllowOrigin => "something in front of the application writes `Access-Control-Allow-Origin` too",
            Cause::Unshared => "a route without a policy is shared with pages of other origins",
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
                 the URL: `https://api.example.com/v1`; if a proxy adds one, let it pass paths on as they are (nginx: \
                 `proxy_pass http://app;` without a path at its end)"
            }
            Cause::Gateway => "check that the application runs, and the address that the proxy has for it",
            Cause::Redirect => "let pages call the final address, and ask that one; a proxy must not redirect OPTIONS",
            Cause::Name => {
                "if this URL is one of the application's, add its origin to `own_origins`; if it is there, the proxy \
                 replaces `Host`: let it pass it on (nginx: `proxy_set_header Host $http_host;`; Apache: `ProxyPreserveHost On`)"
            }
            Cause::Route => {
                "check that the server runs what is built here, and that no proxy changes this path (nginx: `rewrite`, \
                 `proxy_pass` with a path at its end)"
            }
            Cause::Preflights => {
                "remove the rule for OPTIONS (nginx: `if ($request_method = OPTIONS) { return 204; }` or `limit_except`; a \
                 gateway: its own CORS setting; tower-http: `CorsLayer`), and let OPTIONS reach the application"
            }
            Cause::Announced => {
                "let the proxy pass `Access-Control-Request-Method` and `Access-Control-Request-Headers` on (a CDN: add them to \
                 the headers that it forwards)"
            }
            Cause::Methods => {
                "put the layer around the whole router, or name the methods with `CrossOriginLayer::methods`"
            }
            Cause::Origin => {
                "let the proxy pass `Origin` on (nginx: remove `proxy_set_header Origin …`; a CDN: add `Origin` to the headers \
                 that it forwards)"
            }
            Cause::Cache => {
                "let the cache heed `Vary` (nginx: remove `Vary` from `proxy_ignore_headers`; a CDN: add `Origin` to its cache \
                 key), and empty it; without a cache, something drops `Origin` from GET alone"
            }
            Cause::AllowOrigin => {
                "remove the header there (nginx: `add_header Access-Control-Allow-Origin …`; Apache: `Header set`; tower-http: \
                 `CorsLayer`); the application alone writes it"
            }
            Cause::Unshared => {
                "remove `Access-Control-Allow-Origin` there (nginx: `add_header Access-Control-Allow-Origin …` in a `location`; \
                 in the handler itself: a header that it sets), and put a policy on the route if pages should call it"
            }
            Cause::Vary => "let `Vary` through (nginx: remove `proxy_hide_header Vary`)",
            Cause::Host => {
                "let the proxy pass it on (nginx: `proxy_set_header Host $http_host;`; Apache: `ProxyPreserveHost On`)"
            }
            Cause::Different => {
                "check that the server runs what is built here, in the same profile: a release build has no `debug_origins`, so \
                 ask with `--release --features cors-runtime/cargo-cors`; or something in front of it changes `Origin`, or these headers"
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
    if is_refused_by_name(outcome, all) {
        return vec![Cause::Name];
    }
    if is_unrouted(outcome, all) {
        return vec![Cause::Route];
    }
    if outcome.is_shared_by_others() {
        return vec![if all.iter().any(adds) { Cause::AllowOrigin } else { Cause::Unshared }];
    }
    if outcome.is(Kind::Preflight) && arrived.reason().is_some_and(|reason| reason.starts_with(UNKNOWN_METHODS)) {
        return vec![Cause::Methods];
    }
    let is_request_anonymous = |other: &Outcome| other.is(Kind::Request) && is_without_origin(other, all);
    if outcome.is(Kind::Preflight) && is_unserved(outcome) && all.iter().any(is_request_anonymous) {
        return vec![Cause::Origin];
    }
    if is_without_origin(outcome, all) || has_another_origin(outcome, all) {
        return vec![Cause::Origin];
    }
    if outcome.is(Kind::Preflight) && loses_names(outcome) {
        return vec![Cause::Announced];
    }
    if outcome.is(Kind::Preflight) && is_answered_elsewhere(outcome, all) {
        return vec![if announces_nothing(outcome, all) { Cause::Announced } else { Cause::Preflights }];
    }
    // No cache keeps the answers to writes.
    if outcome.is(Kind::Request) && outcome.asked.is_safe() && is_of_another(outcome, all) {
        return vec![Cause::Cache];
    }
    let mut causes = Vec::new();
    let mut rest: Vec<_> = outcome.differences.iter().map(|difference| &*difference.what).collect();
    // Whoever writes it for some may take it from others, and writes the other headers too.
    if rest.iter().any(|what| what.starts_with("access-control-")) && all.iter().any(adds) {
        causes.push(Cause::AllowOrigin);
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

/// What a layer says that does not know the methods of the service inside.
const UNKNOWN_METHODS: &str = "the service does not tell whether it serves";

/// Whether the application has refused `Host`: such an answer depends on no policy, and every preflight gets it.
fn is_refused_by_name(outcome: &Outcome, all: &[Outcome]) -> bool {
    let is_refused = |outcome: &Outcome| {
        let Outcome { arrived, .. } = outcome;
        arrived.status == 403 && arrived.varies_by("sec-fetch-site") && !answers_preflight(outcome)
    };
    is_refused(outcome) && all.iter().filter(|other| other.is(Kind::Preflight)).all(is_refused)
}

/// Whether nothing at this address is served, while preflights of other addresses are answered.
fn is_unrouted(outcome: &Outcome, all: &[Outcome]) -> bool {
    let is_unserved = |other: &Outcome| other.arrived.status == 404 && other.arrived.all(ALLOW_ORIGIN).is_empty();
    let others = |other: &&Outcome| other.asked.sent.path != outcome.asked.sent.path;
    at(outcome, all).all(is_unserved)
        && all.iter().filter(others).any(|other| other.is(Kind::Preflight) && other.is_granted())
}

/// The exchanges of the same address.
fn at<'a>(outcome: &'a Outcome, all: &'a [Outcome]) -> impl Iterator<Item = &'a Outcome> {
    all.iter().filter(|other| other.asked.sent.path == outcome.asked.sent.path)
}

/// Whether the application has answered as if nobody asked. Its answers to requests without `Origin` depend on it as well.
fn is_anonymous(outcome: &Outcome) -> bool {
    let nothing = outcome.arrived.all(ALLOW_ORIGIN).is_empty();
    if outcome.origin.is_empty() || !nothing {
        return false;
    }
    match outcome.asked.kind {
        // Without `Origin` it is not a preflight, and no route serves it.
        Kind::Preflight => is_unserved(outcome),
        Kind::Request if !outcome.arrived.varies_by("origin") => false,
        Kind::Request => {
            let missing = outcome.expected_allow_origin().is_some_and(|value| value != "*");
            let not_turned_away = outcome.expected.status == Some(403) && outcome.arrived.status != 403;
            missing || not_turned_away
        }
    }
}

/// Whether `Origin` did not reach the application. Where the other kind of request shows that it does, it is something else: a
/// rule for OPTIONS, a cache, or another policy, which refuses this origin.
fn is_without_origin(outcome: &Outcome, all: &[Outcome]) -> bool {
    let is_seen = match outcome.asked.kind {
        Kind::Preflight => all.iter().any(names_a_page),
        Kind::Request => at(outcome, all).any(|other| other.is(Kind::Preflight) && answers_preflight(other)),
    };
    is_anonymous(outcome) && !is_seen
}

/// Whether the application has answered a page of another origin: `Origin` is written anew. Preflights show it, since no
/// cache keeps their answers: the wrong page is granted something. Debug builds say which page they have refused.
fn has_another_origin(outcome: &Outcome, all: &[Outcome]) -> bool {
    let granted = |outcome: &Outcome| match *outcome.arrived.all(ALLOW_ORIGIN) {
        [value] if value != "*" && value != outcome.origin => Some(value.to_owned()),
        _ => None,
    };
    let is_preflight = |other: &Outcome| other.is(Kind::Preflight) && answers_preflight(other);
    let lets_in = |other: &Outcome| other.arrived.status == 204 && other.difference("status").is_some();
    let shows = |other: &Outcome| is_preflight(other) && lets_in(other) && granted(other) == granted(outcome);
    if granted(outcome).is_some() && all.iter().any(shows) {
        return true;
    }
    let mut of_origin = all.iter().filter(|other| other.origin == outcome.origin && !outcome.origin.is_empty());
    let refuses_another = |other: &Outcome| {
        let refused = other
            .arrived
            .reason()
            .and_then(|reason| reason.split_once("does not allow the origin `")?.1.split_once('`'));
        refused.is_some_and(|(refused, _)| refused != other.origin)
    };
    is_anonymous_or_refused(outcome) && of_origin.any(|other| is_preflight(other) && refuses_another(other))
}

/// Whether a page gets nothing that should.
fn is_anonymous_or_refused(outcome: &Outcome) -> bool {
    outcome.expected_allow_origin().is_some() && outcome.arrived.all(ALLOW_ORIGIN).is_empty()
}

const ANNOUNCED: &str = "access-control-request-method";

/// Whether the application has answered this as a preflight.
pub(super) fn answers_preflight(outcome: &Outcome) -> bool {
    outcome.arrived.varies_by(ANNOUNCED)
}

/// Whether the application has answered OPTIONS as it does if no route serves it. Layers leave that to the service inside,
/// and under a policy for every origin it does not depend on the origin.
fn is_unserved(outcome: &Outcome) -> bool {
    let is_assumed = outcome.asked.is_assumed;
    let is_status = outcome.arrived.status == 404 || is_assumed && outcome.arrived.status == 405;
    is_status && (is_assumed || outcome.arrived.varies_by("origin")) && !answers_preflight(outcome)
}

/// Whether preflights arrive without what they announce. A server that has not this route yet answers others.
fn announces_nothing(outcome: &Outcome, all: &[Outcome]) -> bool {
    let preflights = || all.iter().filter(|other| other.is(Kind::Preflight));
    is_unserved(outcome) && preflights().all(is_unserved) && preflights().any(|other| other.arrived.varies_by("origin"))
}

/// Whether a preflight arrives without the names of the headers that it asks for: the answer would repeat them.
fn loses_names(outcome: &Outcome) -> bool {
    let is_only = outcome.differences.len() == 1 && answers_preflight(outcome);
    let repeated = |found: &Difference| found.arrived.is_empty() || found.arrived == [""];
    is_only && outcome.difference("access-control-allow-headers").is_some_and(repeated)
}

/// Whether the answer to a request shows that `Origin` has reached the application.
fn names_a_page(outcome: &Outcome) -> bool {
    outcome.is(Kind::Request) && outcome.has_own_origin()
}

/// Whether a preflight was answered by something that does not know policies: each answer of the application depends on
/// what was announced.
fn is_answered_elsewhere(outcome: &Outcome, all: &[Outcome]) -> bool {
    let is_foreign = |outcome: &Outcome| {
        let is_status = outcome.difference("status").is_some();
        // The library grants by 204 alone. Another one may name the same in `Vary`.
        let is_foreign = !answers_preflight(outcome) || outcome.arrived.status == 200;
        outcome.is(Kind::Preflight) && is_status && is_foreign
    };
    // What it says may happen to be right.
    is_foreign(outcome) || !answers_preflight(outcome) && all.iter().any(is_foreign)
}

/// Whether the answer is that to an origin that had asked at the same address before, or to nobody.
fn is_of_another(outcome: &Outcome, all: &[Outcome]) -> bool {
    let earlier = || at(outcome, all).filter(|other| other.is(Kind::Request));
    let is_of_earlier = match *outcome.arrived.all(ALLOW_ORIGIN) {
        [value] => !value.is_empty() && value != outcome.origin && earlier().any(|other| other.origin == value),
        _ => false,
    };
    // What is added to the answers of others, which no cache keeps, is not of another.
    let is_added = all.iter().any(|other| other.is(Kind::Preflight) && adds(other));
    (is_of_earlier && !is_added) || is_anonymous(outcome)
}

/// Whether an `Access-Control-Allow-Origin` has arrived that the application does not write.
fn adds(outcome: &Outcome) -> bool {
    let is_added = outcome.difference(ALLOW_ORIGIN).is_some_and(|found| !found.arrived.is_empty());
    // The handler of a route without a policy may write it.
    is_added && !outcome.is_shared_by_others()
}
