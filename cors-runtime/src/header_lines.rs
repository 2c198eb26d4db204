//! The headers of an answer, on the types of the `http` crate: made of the decision's lines, and put on a response.

use std::sync::LazyLock;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderMap, HeaderName,
    HeaderValue, VARY,
};

use crate::decision::{ACTUAL_VARY, ENFORCED_VARY, Line, PREFLIGHT_VARY};
use crate::header_text::{is_cors_header, vary_covers};
use crate::policy::{AllowHeaders, Policy};

/// Headers that a response is to have. `Vary` is added to what it has of it.
#[derive(Clone, Debug)]
pub(crate) struct HeaderLines(Vec<(HeaderName, HeaderValue)>);

/// Values that are there already, since to clone one costs less than to make one of text.
#[derive(Clone, Debug)]
pub(crate) struct Values(Vec<HeaderValue>);

static COMMON: LazyLock<Values> = LazyLock::new(|| {
    let texts = ["true", "*", ACTUAL_VARY, ENFORCED_VARY, PREFLIGHT_VARY];
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    Values(texts.into_iter().chain(methods).map(HeaderValue::from_static).collect())
});

impl Values {
    /// Those that many answers have.
    pub(crate) fn common() -> &'static Self {
        &COMMON
    }

    /// The same and those of a policy, except its origins.
    pub(crate) fn of(policy: &Policy) -> Self {
        let parts = &policy.parts;
        let AllowHeaders::Listed(listed) = parts.allow_headers else { return COMMON.clone() };
        let own = [listed, parts.expose_headers, parts.max_age].into_iter().filter(|text| !text.is_empty());
        Values(COMMON.0.iter().cloned().chain(own.filter_map(|text| HeaderValue::from_str(text).ok())).collect())
    }
}

impl HeaderLines {
    /// `Vary` alone.
    pub(crate) fn vary(value: &'static str) -> Self {
        Self::of([("Vary", value)].into_iter(), &COMMON, None)
    }

    /// `origin` is the value of `Origin` in the request, which many answers repeat.
    pub(crate) fn of<'r>(lines: impl Iterator<Item = Line<'r>>, values: &Values, origin: Option<&HeaderValue>) -> Self {
        let value = |text: &str| {
            let known = origin.into_iter().chain(&values.0).find(|known| known.as_bytes() == text.as_bytes());
            known.cloned().or_else(|| HeaderValue::from_str(text).ok())
        };
        let mut headers = Vec::with_capacity(6);
        // Always something: the texts are from the policy or from a header.
        lines.for_each(|(line, text)| headers.extend(name(line).zip(value(text))));
        HeaderLines(headers)
    }

    /// Puts the headers on a response, in the place of all headers of the CORS protocol that it has. Returns one that was
    /// there, if there was one.
    pub(crate) fn apply(self, response: &mut HeaderMap) -> Option<HeaderName> {
        let mut replaced = None;
        while let Some(name) = response.keys().find(|name| is_cors_header(name.as_str())).cloned() {
            response.remove(&name);
            replaced = Some(name);
        }
        response.reserve(self.0.len());
        for (name, value) in self.0 {
            let is_there = name == VARY && {
                let varies = || response.get_all(VARY).into_iter().map(HeaderValue::as_bytes);
                value.to_str().is_ok_and(|needed| vary_covers(varies, needed))
            };
            if !is_there {
                response.append(name, value);
            }
        }
        replaced
    }
}

/// The name of a line. To compare costs less than to parse.
fn name(line: &str) -> Option<HeaderName> {
    Some(match line {
        "Access-Control-Allow-Origin" => ACCESS_CONTROL_ALLOW_ORIGIN,
        "Access-Control-Allow-Credentials" => ACCESS_CONTROL_ALLOW_CREDENTIALS,
        "Access-Control-Allow-Methods" => ACCESS_CONTROL_ALLOW_METHODS,
        "Access-Control-Allow-Headers" => ACCESS_CONTROL_ALLOW_HEADERS,
        "Access-Control-Expose-Headers" => ACCESS_CONTROL_EXPOSE_HEADERS,
        "Access-Control-Max-Age" => ACCESS_CONTROL_MAX_AGE,
        "Vary" => VARY,
        other => HeaderName::from_bytes(other.as_bytes()).ok()?,
    })
}
