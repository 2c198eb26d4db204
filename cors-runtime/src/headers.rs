//! The decision applied to the types of the `http` crate, for servers other than Rocket.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN, VARY,
};
use http::{Method, StatusCode};

use crate::decision::{Actual, OriginHeader, PREFLIGHT_VARY, Preflight, RequestHeaders};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::same_origin::is_same_origin;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Every header that the CORS protocol puts on a response.
pub(crate) const RESPONSE_HEADERS: [HeaderName; 6] = [
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_MAX_AGE,
];

/// What a server does with one request to a resource that has a policy.
///
/// ```
/// use cors_runtime::{Decision, Declared, Element, Enforce, Policy};
/// use http::{HeaderMap, HeaderValue, Method, header::ORIGIN};
///
/// let origins = Some(vec![Element::Text("https://app.example.com")]);
/// let policy = Policy::new(&Declared { origins, ..Declared::default() }, Enforce::Writes).unwrap();
///
/// let request = HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static("https://app.example.com"))]);
/// let decision = Decision::new(&policy, &[Method::GET], &Method::GET, &request);
/// assert_eq!(decision.status(), None); // run the handler
///
/// let mut response = HeaderMap::new();
/// decision.apply(&mut response);
/// assert_eq!(response["access-control-allow-origin"], "https://app.example.com");
/// assert_eq!(response["vary"], "Origin");
/// ```
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    request: &'a HeaderMap,
    kind: Kind<'a>,
}

#[derive(Clone, Debug)]
enum Kind<'a> {
    Actual { answer: Actual<'a>, forbidden: bool },
    Granted { answer: Preflight<'a>, method: &'a Method },
    Refused(Refusal<'a>),
}

impl<'a> Decision<'a> {
    /// Decides on a request with this method and these headers. `methods` are those that the resource has
    /// handlers for; one for GET answers HEAD too.
    #[must_use]
    pub fn new(policy: &'a Policy, methods: &'a [Method], method: &Method, request: &'a HeaderMap) -> Self {
        let bytes = |name: HeaderName| request.get_all(name).iter().map(HeaderValue::as_bytes);
        let origin = OriginHeader::of(bytes(ORIGIN));
        let asked = request.get(ACCESS_CONTROL_REQUEST_METHOD).map(HeaderValue::as_bytes);
        let kind = match asked {
            Some(asked) if method == Method::OPTIONS && origin != OriginHeader::Absent => {
                match serving(methods, asked) {
                    None => Kind::Refused(Refusal::NoHandler(asked)),
                    Some(method) => match policy.preflight(origin, || bytes(ACCESS_CONTROL_REQUEST_HEADERS)) {
                        Ok(answer) => Kind::Granted { answer, method },
                        Err(refusal) => Kind::Refused(refusal),
                    },
                }
            }
            _ => {
                let answer = policy.actual(origin);
                let foreign = || {
                    let first = |name| request.get(name).map(HeaderValue::as_bytes);
                    let origin = first(ORIGIN).unwrap_or_default();
                    !is_same_origin(origin, first(SEC_FETCH_SITE), first(HOST))
                };
                let forbidden = answer.refusal.is_some() && policy.enforces(method.as_str()) && foreign();
                Kind::Actual { answer, forbidden }
            }
        };
        Decision { request, kind }
    }

    /// The status to answer with right away, without a body and without running the handler; `None` if the
    /// handler is to run. In both cases [`apply`](Self::apply) comes next.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self.kind {
            Kind::Actual { forbidden: false, .. } => None,
            Kind::Granted { .. } => Some(StatusCode::NO_CONTENT),
            Kind::Actual { forbidden: true, .. } | Kind::Refused(_) => Some(StatusCode::FORBIDDEN),
        }
    }

    /// Why the page does not get all that it asked for, if it does not.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal<'a>> {
        let refusal = match &self.kind {
            Kind::Actual { answer, .. } => answer.refusal,
            Kind::Granted { answer, .. } => answer.refusal,
            Kind::Refused(refusal) => Some(*refusal),
        };
        refusal.map(Refusal::refined)
    }

    /// Writes the headers of the CORS protocol into those of a response. Whatever it had of them is replaced;
    /// `Vary` is added to.
    pub fn apply(&self, response: &mut HeaderMap) {
        for name in RESPONSE_HEADERS {
            response.remove(name);
        }
        let mut set = |name: HeaderName, value: &[u8]| {
            // Never an error: the bytes are the policy's, or came in a header.
            if let Ok(value) = HeaderValue::from_bytes(value) {
                response.append(name, value);
            }
        };
        match &self.kind {
            Kind::Refused(_) => set(VARY, PREFLIGHT_VARY.as_bytes()),
            Kind::Granted { answer, method } => {
                set(ACCESS_CONTROL_ALLOW_ORIGIN, answer.allow_origin);
                if answer.allow_credentials {
                    set(ACCESS_CONTROL_ALLOW_CREDENTIALS, b"true");
                }
                set(ACCESS_CONTROL_ALLOW_METHODS, method.as_str().as_bytes());
                match answer.allow_headers {
                    RequestHeaders::None => {}
                    RequestHeaders::Value(value) => set(ACCESS_CONTROL_ALLOW_HEADERS, value.as_bytes()),
                    RequestHeaders::Echo => {
                        for value in self.request.get_all(ACCESS_CONTROL_REQUEST_HEADERS) {
                            set(ACCESS_CONTROL_ALLOW_HEADERS, value.as_bytes());
                        }
                    }
                }
                if let Some(seconds) = answer.max_age {
                    set(ACCESS_CONTROL_MAX_AGE, seconds.as_bytes());
                }
                set(VARY, PREFLIGHT_VARY.as_bytes());
            }
            Kind::Actual { answer, .. } => {
                if let Some(origin) = answer.allow_origin {
                    set(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                }
                if answer.allow_credentials {
                    set(ACCESS_CONTROL_ALLOW_CREDENTIALS, b"true");
                }
                if let Some(names) = answer.expose_headers {
                    set(ACCESS_CONTROL_EXPOSE_HEADERS, names.as_bytes());
                }
                let names_origin = response.get_all(VARY).iter().any(|value| vary_names_origin(value.as_bytes()));
                if answer.vary_origin && !names_origin {
                    response.append(VARY, HeaderValue::from_static("Origin"));
                }
            }
        }
    }
}

/// The method among `methods` that a request with the method `asked` would be served by. Methods are compared
/// byte by byte: `patch` is not `PATCH` ([Fetch, 2.2.1](https://fetch.spec.whatwg.org/#methods)).
fn serving<'a>(methods: &'a [Method], asked: &[u8]) -> Option<&'a Method> {
    static HEAD: Method = Method::HEAD;
    let listed = methods.iter().find(|method| method.as_str().as_bytes() == asked);
    listed.or_else(|| (asked == b"HEAD" && methods.contains(&Method::GET)).then_some(&HEAD))
}

/// Whether a value of `Vary` already covers `Origin`.
pub(crate) fn vary_names_origin(value: &[u8]) -> bool {
    value.split(|byte| *byte == b',').any(|name| {
        let name = name.trim_ascii();
        name == b"*" || name.eq_ignore_ascii_case(b"origin")
    })
}
