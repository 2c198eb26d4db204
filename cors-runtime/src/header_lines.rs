//! The headers of an answer, on the types of the `http` crate: made of the decision's lines, and put on a response.

use std::slice::from_ref;
use std::sync::LazyLock;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderMap, HeaderName,
    HeaderValue, ORIGIN, VARY,
};

use crate::decision::{ACTUAL_VARY, AllowHeadersValue, ENFORCED_VARY, Line, Name, PREFLIGHT_VARY, PreflightAnswer};
use crate::header_text::{is_cors_header, vary_covers};
use crate::policy::{AllowHeaders, Policy};
use crate::request::CorsRequest;

/// Headers that a response is to have. `Vary` is added to what it has of it.
#[derive(Clone, Debug)]
pub(crate) struct HeaderLines(Vec<(HeaderName, HeaderValue)>);

/// What of a policy's answers is there already, since to clone it costs less than to make it of text.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    /// Except its origins.
    pub(crate) texts: Vec<HeaderValue>,
    usual: Usual,
}

/// The [usual](Policy::usual_preflight) answer to a preflight.
#[derive(Clone, Debug)]
struct Usual {
    allow_headers: AllowHeadersValue,
    headers: HeaderMap,
}

/// Values that many answers have, whatever the policy is.
struct Common {
    any: [HeaderValue; 1],
    credentials: [HeaderValue; 1],
    vary: [HeaderValue; 3],
    methods: [HeaderValue; 7],
}

static COMMON: LazyLock<Common> = LazyLock::new(|| Common {
    any: ["*"].map(HeaderValue::from_static),
    credentials: ["true"].map(HeaderValue::from_static),
    vary: [ACTUAL_VARY, ENFORCED_VARY, PREFLIGHT_VARY].map(HeaderValue::from_static),
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map(HeaderValue::from_static),
});

impl Values {
    /// Those of a policy.
    pub(crate) fn of(policy: &Policy) -> Self {
        let parts = &policy.parts;
        let headers = match parts.allow_headers {
            AllowHeaders::Listed(names) => names,
            AllowHeaders::Any | AllowHeaders::AnyAndAuthorization => "*",
        };
        let texts = [headers, parts.max_age, parts.expose_headers].into_iter().filter(|text| !text.is_empty());
        let texts: Vec<_> = texts.filter_map(|text| HeaderValue::from_str(text).ok()).collect();
        let answer = policy.usual_preflight();
        let headers = made_of(&answer, &CorsRequest::new("OPTIONS", None), &texts, None);
        Values { texts, usual: Usual { allow_headers: answer.allow_headers, headers } }
    }
}

/// The headers of the answer to a preflight, which has no others. `headers` are those that it was asked with.
pub(crate) fn preflight_headers<'r>(
    answer: &PreflightAnswer<'r>,
    request: &CorsRequest<'r>,
    values: &Values,
    headers: &HeaderMap,
) -> HeaderMap {
    let Values { texts, usual } = values;
    usual.changed_to(answer, texts, headers).unwrap_or_else(|| made_of(answer, request, texts, headers.get(ORIGIN)))
}

fn made_of<'r>(
    answer: &PreflightAnswer<'r>,
    request: &CorsRequest<'r>,
    texts: &[HeaderValue],
    origin: Option<&HeaderValue>,
) -> HeaderMap {
    let mut made = HeaderMap::new();
    HeaderLines::of(answer.lines(request), texts, origin).apply(&mut made);
    made
}

impl Usual {
    /// Those of an answer that differs from this one in its origin and its method alone: to hash a name costs more than to clone
    /// all.
    fn changed_to(
        &self,
        answer: &PreflightAnswer<'_>,
        texts: &[HeaderValue],
        request: &HeaderMap,
    ) -> Option<HeaderMap> {
        if !answer.has_headers(self.allow_headers) {
            return None;
        }
        let mut headers = self.headers.clone();
        let mut left = 2;
        for (name, value) in &mut headers {
            let line = if *name == ACCESS_CONTROL_ALLOW_ORIGIN {
                (Name::AllowOrigin, answer.allow_origin)
            } else if *name == ACCESS_CONTROL_ALLOW_METHODS {
                (Name::AllowMethods, answer.method)
            } else {
                continue;
            };
            if value.as_bytes() != line.1.as_bytes() {
                *value = value_of(line, texts, || request.get(ORIGIN))?;
            }
            left -= 1;
            if left == 0 {
                break;
            }
        }
        Some(headers)
    }
}

#[inline]
fn name_of((name, _): Line<'_>) -> HeaderName {
    match name {
        Name::AllowOrigin => ACCESS_CONTROL_ALLOW_ORIGIN,
        Name::AllowCredentials => ACCESS_CONTROL_ALLOW_CREDENTIALS,
        Name::AllowMethods => ACCESS_CONTROL_ALLOW_METHODS,
        Name::AllowHeaders => ACCESS_CONTROL_ALLOW_HEADERS,
        Name::ExposeHeaders => ACCESS_CONTROL_EXPOSE_HEADERS,
        Name::MaxAge => ACCESS_CONTROL_MAX_AGE,
        Name::Vary => VARY,
    }
}

/// The value of a header. `None` for a text that is no value: there is none, since texts are from the policy or from a header.
#[inline]
fn value_of<'v>(
    (name, text): Line<'_>,
    texts: &'v [HeaderValue],
    origin: impl FnOnce() -> Option<&'v HeaderValue>,
) -> Option<HeaderValue> {
    let known = match name {
        Name::AllowOrigin if text == "*" => &COMMON.any[..],
        Name::AllowOrigin => origin().map_or(&[][..], from_ref),
        Name::AllowCredentials => &COMMON.credentials[..],
        Name::AllowMethods => &COMMON.methods[..],
        Name::AllowHeaders | Name::ExposeHeaders | Name::MaxAge => texts,
        Name::Vary => &COMMON.vary[..],
    };
    // To compare costs less than to parse.
    let known = known.iter().find(|known| known.as_bytes() == text.as_bytes());
    known.cloned().or_else(|| HeaderValue::from_str(text).ok())
}

impl HeaderLines {
    /// `Vary` alone.
    pub(crate) fn vary(value: &'static str) -> Self {
        Self::of([(Name::Vary, value)].into_iter(), &[], None)
    }

    /// `texts` are values that are there already, and `origin` is that of `Origin` in the request: many answers repeat them.
    #[inline]
    pub(crate) fn of<'r>(
        lines: impl Iterator<Item = Line<'r>>,
        texts: &[HeaderValue],
        origin: Option<&HeaderValue>,
    ) -> Self {
        let mut headers = Vec::with_capacity(4);
        lines.for_each(|line| headers.extend(value_of(line, texts, || origin).map(|value| (name_of(line), value))));
        HeaderLines(headers)
    }

    /// Puts the headers on a response, in the place of all headers of the CORS protocol that it has. Returns one that was
    /// there, if there was one.
    pub(crate) fn apply(self, response: &mut HeaderMap) -> Option<HeaderName> {
        let replaced = remove_cors_headers(response);
        response.reserve(self.0.len());
        for (name, value) in self.0 {
            if name == VARY {
                add_vary(response, value);
            } else {
                response.append(name, value);
            }
        }
        replaced
    }

    /// Adds `Vary` to a response that has what others have decided, if this is of a policy that is enforced on its request.
    pub(crate) fn vary_if_enforced(self, response: &mut HeaderMap) {
        for (_, value) in self.0.into_iter().filter(|(name, value)| *name == VARY && value == ENFORCED_VARY) {
            add_vary(response, value);
        }
    }
}

/// The headers of the CORS protocol.
#[cfg(feature = "tower")]
pub(crate) fn cors_headers(headers: &HeaderMap) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
    headers.iter().filter(|(name, _)| is_cors_header(name.as_str()))
}

/// Removes all headers of the CORS protocol. Returns one of them, if there was one.
pub(crate) fn remove_cors_headers(response: &mut HeaderMap) -> Option<HeaderName> {
    let mut removed = None;
    while let Some(name) = response.keys().find(|name| is_cors_header(name.as_str())).cloned() {
        response.remove(&name);
        removed = Some(name);
    }
    removed
}

/// Adds what `Vary` has to name, unless it does.
fn add_vary(response: &mut HeaderMap, value: HeaderValue) {
    let varies = || response.get_all(VARY).into_iter().map(HeaderValue::as_bytes);
    if !value.to_str().is_ok_and(|needed| vary_covers(varies, needed)) {
        response.append(VARY, value);
    }
}
