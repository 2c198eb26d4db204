//! The decision: what the answer to one request says to the browser.
//!
//! A pure function of a policy and of the request's method, `Origin`, `Access-Control-Request-Method` and
//! `Access-Control-Request-Headers`. It allocates nothing: what it returns borrows from the policy, and from
//! the request only where a pattern matched or names are echoed.
//!
//! Sources: Fetch, [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check),
//! [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch) and
//! [CORS protocol and HTTP caches](https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches).

use crate::policy::{AllowHeaders, Origins, Policy};
use crate::refusal::Refusal;

/// The longest `Access-Control-Request-Headers`, in bytes, that is echoed. Browsers send some dozen names.
pub const ECHO_LIMIT: usize = 8 * 1024;

/// What the `Origin` header of a request says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginHeader<'a> {
    /// There is none: no browser asks to share this response.
    Absent,
    /// There is one. `null`, empty and malformed values included.
    One(&'a [u8]),
    /// There are several, which no browser sends.
    Several,
}

impl<'a> OriginHeader<'a> {
    /// Reads the values of all `Origin` headers of a request.
    pub fn of(mut values: impl Iterator<Item = &'a [u8]>) -> Self {
        match (values.next(), values.next()) {
            (None, _) => OriginHeader::Absent,
            (Some(value), None) => OriginHeader::One(value),
            (Some(_), Some(_)) => OriginHeader::Several,
        }
    }
}

/// What the answer to an actual request (one that is no preflight) says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actual<'a> {
    /// `Access-Control-Allow-Origin`; without it no other CORS header is sent.
    pub allow_origin: Option<&'a [u8]>,
    /// Whether `Access-Control-Allow-Credentials: true` is sent.
    pub allow_credentials: bool,
    /// `Access-Control-Expose-Headers`.
    pub expose_headers: Option<&'a str>,
    /// Whether `Vary` has to name `Origin`.
    pub vary_origin: bool,
    /// Why the page cannot read the response. `None` where the request did not ask to share it, too.
    pub refusal: Option<Refusal<'a>>,
}

/// What the answer to a preflight says, when it says anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preflight<'a> {
    /// `Access-Control-Allow-Origin`.
    pub allow_origin: &'a [u8],
    /// Whether `Access-Control-Allow-Credentials: true` is sent.
    pub allow_credentials: bool,
    /// `Access-Control-Allow-Headers`.
    pub allow_headers: RequestHeaders<'a>,
    /// `Access-Control-Max-Age`, in seconds.
    pub max_age: Option<&'a str>,
    /// Why the browser will still refuse: a header that the policy does not allow. It can see that, and
    /// say which, since `allow_headers` is sent.
    pub refusal: Option<Refusal<'a>>,
}

/// The value of `Access-Control-Allow-Headers`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestHeaders<'a> {
    /// The header is left out.
    None,
    /// This value.
    Value(&'a str),
    /// The values of the request's `Access-Control-Request-Headers`, which have been checked.
    Echo,
}

/// `Vary` on the answer to a preflight: it depends on all three.
pub(crate) const PREFLIGHT_VARY: &str = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

impl Policy {
    /// The value of `Access-Control-Allow-Origin` for this origin. `also` tells whether an origin that is not among the
    /// policy's constants is named all the same: by a list of the configuration, or by a check.
    fn allow_origin<'a>(
        &'a self,
        origin: OriginHeader<'a>,
        also: impl FnOnce(&'a [u8]) -> bool,
    ) -> Result<&'a [u8], Refusal<'a>> {
        let (exact, patterns) = match &self.origins {
            Origins::Any => return Ok(b"*"),
            Origins::Listed { exact, patterns } => (exact, patterns),
        };
        let origin = match origin {
            OriginHeader::One(origin) => origin,
            OriginHeader::Absent => return Err(Refusal::Origin(b"")),
            OriginHeader::Several => return Err(Refusal::SeveralOrigins),
        };
        let found = exact.binary_search_by(|entry| {
            let entry = entry.as_bytes();
            entry.len().cmp(&origin.len()).then_with(|| entry.cmp(origin))
        });
        match found {
            // The policy's own bytes, not the request's.
            Ok(index) => Ok(exact[index].as_bytes()),
            Err(_) if patterns.iter().any(|pattern| pattern.matches(origin)) || also(origin) => Ok(origin),
            Err(_) => Err(Refusal::Origin(origin)),
        }
    }

    /// Decides what the answer to an actual request says.
    #[must_use]
    pub fn actual<'a>(&'a self, origin: OriginHeader<'a>) -> Actual<'a> {
        self.actual_or(origin, |_| false)
    }

    /// [`actual`](Self::actual), with what the policy's constants do not say.
    pub(crate) fn actual_or<'a>(&'a self, origin: OriginHeader<'a>, also: impl FnOnce(&'a [u8]) -> bool) -> Actual<'a> {
        let any = matches!(self.origins, Origins::Any);
        // A response that says `*` says so to everybody, or a cache would hand the silent one to a page
        // that needs the word (Fetch, CORS protocol and HTTP caches).
        let allowed = match origin {
            OriginHeader::Absent if !any => None,
            origin => Some(self.allow_origin(origin, also)),
        };
        let allow_origin = allowed.and_then(Result::ok);
        let shared = allow_origin.is_some();
        Actual {
            allow_origin,
            allow_credentials: shared && self.credentials,
            expose_headers: Some(self.expose_headers).filter(|names| shared && !names.is_empty()),
            vary_origin: !any,
            refusal: allowed.and_then(Result::err),
        }
    }

    /// Decides what the answer to a preflight says, once it is known that a handler with this policy
    /// serves the method that it asks for.
    ///
    /// `names` gives the values of all `Access-Control-Request-Headers`; it is called twice at most.
    ///
    /// # Errors
    /// The origin is not named by the policy: the answer carries no CORS header.
    pub fn preflight<'a, I: Iterator<Item = &'a [u8]>>(
        &'a self,
        origin: OriginHeader<'a>,
        names: impl Fn() -> I,
    ) -> Result<Preflight<'a>, Refusal<'a>> {
        self.preflight_or(origin, |_| false, names)
    }

    /// [`preflight`](Self::preflight), with what the policy's constants do not say.
    pub(crate) fn preflight_or<'a, I: Iterator<Item = &'a [u8]>>(
        &'a self,
        origin: OriginHeader<'a>,
        also: impl FnOnce(&'a [u8]) -> bool,
        names: impl Fn() -> I,
    ) -> Result<Preflight<'a>, Refusal<'a>> {
        let allow_origin = self.allow_origin(origin, also)?;
        let (allow_headers, refusal) = match self.request_headers(&names) {
            Ok(allow_headers) => (allow_headers, None),
            Err((allow_headers, refusal)) => (allow_headers, Some(refusal)),
        };
        Ok(Preflight {
            allow_origin,
            allow_credentials: self.credentials,
            allow_headers,
            max_age: Some(self.max_age).filter(|seconds| !seconds.is_empty()),
            refusal,
        })
    }

    /// The value of `Access-Control-Allow-Headers`, and what in the request it does not cover.
    fn request_headers<'a, I: Iterator<Item = &'a [u8]>>(
        &'a self,
        values: &impl Fn() -> I,
    ) -> Result<RequestHeaders<'a>, (RequestHeaders<'a>, Refusal<'a>)> {
        let mut names = values().flat_map(split_names);
        match &self.allow_headers {
            AllowHeaders::Listed(list) => {
                let value = match *list {
                    "" => RequestHeaders::None,
                    list => RequestHeaders::Value(list),
                };
                let allowed = |name: &[u8]| list.split(", ").any(|entry| entry.as_bytes().eq_ignore_ascii_case(name));
                match names.find(|name| !allowed(name)) {
                    None => Ok(value),
                    Some(name) => Err((value, Refusal::Header(name))),
                }
            }
            // With credentials a browser takes `*` literally, so the names themselves have to be said.
            AllowHeaders::Any | AllowHeaders::AnyAndAuthorization if self.credentials => {
                let length: usize = values().map(|value| value.len() + 1).sum();
                if length > ECHO_LIMIT || !names.all(is_token) {
                    Err((RequestHeaders::None, Refusal::HeaderList))
                } else if length == 0 {
                    Ok(RequestHeaders::None)
                } else {
                    Ok(RequestHeaders::Echo)
                }
            }
            AllowHeaders::AnyAndAuthorization => Ok(RequestHeaders::Value("*, authorization")),
            // Fetch says that `*` does not cover `authorization`; the engines let it pass all the same.
            // So that it stays out, `*` is not said to a request that asks for it.
            AllowHeaders::Any => match names.find(|name| name.eq_ignore_ascii_case(b"authorization")) {
                None => Ok(RequestHeaders::Value("*")),
                Some(name) => Err((RequestHeaders::None, Refusal::Header(name))),
            },
        }
    }
}

/// The elements of a comma-separated list, without blanks around them and without empty ones
/// ([RFC 9110, 5.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1)).
fn split_names(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    value.split(|byte| *byte == b',').filter_map(move |name| {
        let start = name.iter().position(|byte| !blank(byte))?;
        let end = name.iter().rposition(|byte| !blank(byte))?;
        name.get(start..=end)
    })
}

/// Whether this is a header name ([RFC 9110, 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2)).
fn is_token(name: &[u8]) -> bool {
    name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}
