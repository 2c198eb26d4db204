//! The headers of an answer, on the types of the `http` crate: made of the decision's lines, and put on a response.

use std::slice::from_ref;
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

/// The values of a policy's answers that are there already, since to clone one costs less than to make one of text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values(Vec<HeaderValue>);

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
    /// Those of a policy, except its origins.
    pub(crate) fn of(policy: &Policy) -> Self {
        let parts = &policy.parts;
        let headers = match parts.allow_headers {
            AllowHeaders::Listed(names) => names,
            AllowHeaders::Any | AllowHeaders::AnyAndAuthorization => "*",
        };
        let texts = [headers, parts.max_age, parts.expose_headers].into_iter().filter(|text| !text.is_empty());
        Values(texts.filter_map(|text| HeaderValue::from_str(text).ok()).collect())
    }
}

impl HeaderLines {
    /// `Vary` alone.
    pub(crate) fn vary(value: &'static str) -> Self {
        Self::of([("Vary", value)].into_iter(), &Values::default(), None)
    }

    /// `origin` is the value of `Origin` in the request, which many answers repeat.
    pub(crate) fn of<'r>(lines: impl Iterator<Item = Line<'r>>, values: &Values, origin: Option<&HeaderValue>) -> Self {
        let mut headers = Vec::with_capacity(6);
        lines.for_each(|(line, text)| {
            // To compare costs less than to parse.
            let (name, known) = match line {
                "Access-Control-Allow-Origin" if text == "*" => (ACCESS_CONTROL_ALLOW_ORIGIN, &COMMON.any[..]),
                "Access-Control-Allow-Origin" => (ACCESS_CONTROL_ALLOW_ORIGIN, origin.map_or(&[][..], from_ref)),
                "Access-Control-Allow-Credentials" => (ACCESS_CONTROL_ALLOW_CREDENTIALS, &COMMON.credentials[..]),
                "Access-Control-Allow-Methods" => (ACCESS_CONTROL_ALLOW_METHODS, &COMMON.methods[..]),
                "Access-Control-Allow-Headers" => (ACCESS_CONTROL_ALLOW_HEADERS, &values.0[..]),
                "Access-Control-Expose-Headers" => (ACCESS_CONTROL_EXPOSE_HEADERS, &values.0[..]),
                "Access-Control-Max-Age" => (ACCESS_CONTROL_MAX_AGE, &values.0[..]),
                "Vary" => (VARY, &COMMON.vary[..]),
                // No answer has another line.
                _ => return,
            };
            let known = known.iter().find(|known| known.as_bytes() == text.as_bytes());
            // Always something: the texts are from the policy or from a header.
            let value = known.cloned().or_else(|| HeaderValue::from_str(text).ok());
            headers.extend(value.map(|value| (name, value)));
        });
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
