//! The decision on the types of the `http` crate, for servers other than Rocket.

use http::header::HeaderMap;
use http::{Request, StatusCode};

use crate::decision::{ACTUAL_VARY, ENFORCED_VARY, PREFLIGHT_VARY, refuse_unshared};
use crate::header_lines::HeaderLines;
use crate::own_origins::OwnOrigins;
use crate::policy::Policy;
use crate::refusal::{Effect, Refusal};
use crate::request::{Authority, CorsRequest};
use crate::same_origin::refuse_host;

/// What serves a method at the address of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served<'a> {
    /// A handler with this policy.
    Shared(&'a Policy),
    /// A handler without a policy: no other page may read what it answers.
    NotShared,
    /// The same, and other pages may not write to it either: their writes, and their handshakes for another protocol, are
    /// answered with 403.
    Protected,
    /// No handler.
    ByNobody,
}

/// What a server does with one request.
///
/// It can be kept when the request has gone on to a handler: see [`into_owned`](Self::into_owned).
///
/// ```
/// use cors_runtime::{Decision, Policy, Served};
/// use http::{HeaderMap, Request};
///
/// let policy = Policy::builder().origins(["https://app.example.com"]).leak().unwrap();
/// let serves = |method: &str| if method == "GET" { Served::Shared(&policy) } else { Served::ByNobody };
///
/// let request = Request::get("/users").header("origin", "https://app.example.com").body(()).unwrap();
/// let decision = Decision::new(&request, serves);
/// assert_eq!(decision.status(), None); // run the handler
///
/// let mut response = HeaderMap::new();
/// decision.apply(&mut response);
/// assert_eq!(response["access-control-allow-origin"], "https://app.example.com");
/// assert_eq!(response["vary"], "Origin");
/// ```
///
/// A policy's lists and checks (`config(…)`, `check(…)`) are not asked: only an adapter can ask them.
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    is_preflight: bool,
    status: Option<StatusCode>,
    /// `None` if this library leaves the response alone.
    headers: Option<HeaderLines>,
    refusal: Option<(Effect, Refusal<'a>)>,
}

impl<'a> Decision<'a> {
    /// Decides on a request. `served` tells what serves a method at its address; a handler for GET answers HEAD too.
    ///
    /// Methods are compared byte by byte: `patch` is not `PATCH` ([Fetch, 2.2.1](https://fetch.spec.whatwg.org/#methods)).
    #[must_use]
    pub fn new<'p, B>(request: &'a Request<B>, served: impl Fn(&str) -> Served<'p>) -> Self {
        Self::on(&read(request), None, served)
    }

    fn on<'p>(head: &CorsRequest<'a>, own: Option<&OwnOrigins>, served: impl Fn(&str) -> Served<'p>) -> Self {
        let served = |method: &str| match served(method) {
            Served::ByNobody if method == "HEAD" => served("GET"),
            served => served,
        };
        if head.is_preflight() {
            return Self::on_preflight(head, served);
        }
        let decision = Decision { is_preflight: false, status: None, headers: None, refusal: None };
        match served(head.method) {
            Served::NotShared => decision,
            Served::Protected => match refuse_unshared(head, own) {
                None => decision,
                Some(refusal) => Self::turned_away(ENFORCED_VARY, refusal),
            },
            Served::ByNobody => Decision { headers: Some(HeaderLines::vary(ACTUAL_VARY)), ..decision },
            Served::Shared(policy) => {
                let answer = policy.actual(head, own, |_| false);
                let effect = answer.effect();
                Decision {
                    status: answer.forbidden.then_some(StatusCode::FORBIDDEN),
                    headers: Some(HeaderLines::of(answer.lines(), &[], None)),
                    refusal: answer.refusal.map(|refusal| (effect, refusal)),
                    ..decision
                }
            }
        }
    }

    fn turned_away(vary: &'static str, refusal: Refusal<'a>) -> Self {
        Decision {
            is_preflight: false,
            status: Some(StatusCode::FORBIDDEN),
            headers: Some(HeaderLines::vary(vary)),
            refusal: Some((Effect::TurnedAway, refusal)),
        }
    }

    fn on_preflight<'p>(request: &CorsRequest<'a>, served: impl Fn(&str) -> Served<'p>) -> Self {
        let decision = |status, headers: HeaderLines, effect, refusal: Option<_>| Decision {
            is_preflight: true,
            status,
            headers: Some(headers),
            refusal: refusal.map(|refusal| (effect, refusal)),
        };
        let bytes = request.announced_method().unwrap_or_default();
        let (method, policy) = match std::str::from_utf8(bytes).map(|method| (method, served(method))) {
            Ok((method, Served::Shared(policy))) => (method, policy),
            not_shared => {
                let refusal = match not_shared {
                    Ok((_, Served::NotShared | Served::Protected)) => Refusal::Method(bytes.into()),
                    _ => Refusal::NoHandler(bytes.into()),
                };
                return decision(None, HeaderLines::vary(ACTUAL_VARY), Effect::PreflightRefused, Some(refusal));
            }
        };
        match policy.preflight(request, method, |_| false) {
            Ok(answer) => {
                let status = Some(StatusCode::NO_CONTENT);
                decision(status, HeaderLines::of(answer.lines(request), &[], None), Effect::NotCovered, answer.refusal)
            }
            Err(refusal) => {
                let status = Some(StatusCode::FORBIDDEN);
                decision(status, HeaderLines::vary(PREFLIGHT_VARY), Effect::PreflightRefused, Some(refusal))
            }
        }
    }

    /// Whether the request is a preflight: an OPTIONS request with `Origin` and `Access-Control-Request-Method`.
    #[must_use]
    pub fn is_preflight(&self) -> bool {
        self.is_preflight
    }

    /// The status to answer with right away, without a body and without running the handler; `None` if the
    /// handler is to run. In both cases [`apply`](Self::apply) comes next.
    ///
    /// A preflight for a method that no policy serves is `None` too: it goes to the server's own handler for OPTIONS,
    /// or is answered with 404. In no case is it granted.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Why the page does not get all that it asked for, if it does not.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal<'a>> {
        self.refusal.as_ref().map(|(_, refusal)| refusal.clone().refined())
    }

    /// What follows from the refusal, if there is one.
    #[must_use]
    pub fn effect(&self) -> Option<Effect> {
        self.refusal.as_ref().map(|(effect, _)| *effect)
    }

    /// The same without anything that is borrowed from the request.
    #[must_use]
    pub fn into_owned(self) -> Decision<'static> {
        let refusal = self.refusal.map(|(effect, refusal)| (effect, refusal.into_owned()));
        Decision { is_preflight: self.is_preflight, status: self.status, headers: self.headers, refusal }
    }

    /// Writes the headers of the CORS protocol into those of a response. Those that it already has are replaced, and
    /// `Vary` is added to. The response of a handler without a policy is left as it is.
    pub fn apply(&self, response: &mut HeaderMap) {
        if let Some(headers) = &self.headers {
            headers.clone().apply(response);
        }
    }
}

impl OwnOrigins {
    /// Decides on a request as [`Decision::new`] does, to an application with these own origins: a request that does not ask
    /// for it by one of its names is turned away, a preflight as well; and its own pages are those of these origins.
    #[must_use]
    pub fn decide<'a, 'p, B>(&'a self, request: &'a Request<B>, served: impl Fn(&str) -> Served<'p>) -> Decision<'a> {
        let head = read(request);
        match refuse_host(&head, Some(self)) {
            Some(refusal) => {
                Decision { is_preflight: head.is_preflight(), ..Decision::turned_away(ENFORCED_VARY, refusal) }
            }
            None => Decision::on(&head, Some(self), served),
        }
    }
}

/// The parts of a request that the decision needs.
pub(crate) fn read<B>(request: &Request<B>) -> CorsRequest<'_> {
    let headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    without_headers(request).with(headers)
}

/// Those of them that a policy looks at in a preflight, which costs less than to read all of them. `None` if the request is not a
/// preflight.
#[cfg(feature = "tower")]
pub(crate) fn read_preflight<B>(request: &Request<B>) -> Option<CorsRequest<'_>> {
    use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
    if request.method() != http::Method::OPTIONS {
        return None;
    }
    let mut head = without_headers(request);
    for (name, value) in request.headers() {
        if *name == ORIGIN || *name == ACCESS_CONTROL_REQUEST_METHOD || *name == ACCESS_CONTROL_REQUEST_HEADERS {
            head.read_known(name.as_str().as_bytes(), value.as_bytes());
        }
    }
    head.is_preflight().then_some(head)
}

fn without_headers<B>(request: &Request<B>) -> CorsRequest<'_> {
    let authority = request.uri().authority().map(|authority| Authority::Text(authority.as_str()));
    CorsRequest::new(request.method().as_str(), authority)
}
