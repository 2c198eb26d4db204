//! The headers of an answer, on the types of the `http` crate: made of the decision's lines, and put on a response.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderMap, HeaderName,
    HeaderValue, VARY,
};

use crate::decision::{ACTUAL_VARY, ENFORCED_VARY, Line, PREFLIGHT_VARY, is_cors_header, vary_covers};

/// Headers that a response is to have. `Vary` is added to what it has of it.
#[derive(Clone, Debug)]
pub(crate) struct HeaderLines(Vec<(HeaderName, HeaderValue)>);

impl HeaderLines {
    /// `Vary` alone.
    pub(crate) fn vary(value: &'static str) -> Self {
        Self::of([("Vary", value)].into_iter())
    }

    pub(crate) fn of<'r>(lines: impl Iterator<Item = Line<'r>>) -> Self {
        let mut headers = Vec::with_capacity(6);
        // Always something: the texts are from the policy or from a header.
        headers.extend(lines.filter_map(|(line, text)| Some((name(line)?, value(text)?))));
        HeaderLines(headers)
    }

    /// Puts the headers on a response, in the place of all headers of the CORS protocol that it has. Returns one that was
    /// there, if there was one.
    pub(crate) fn apply(&self, response: &mut HeaderMap) -> Option<HeaderName> {
        let mut replaced = None;
        while let Some(name) = response.keys().find(|name| is_cors_header(name.as_str())).cloned() {
            response.remove(&name);
            replaced = Some(name);
        }
        for (name, value) in &self.0 {
            let varies = || response.get_all(VARY).into_iter().map(HeaderValue::as_bytes);
            if name != VARY || !value.to_str().is_ok_and(|needed| vary_covers(varies, needed)) {
                response.append(name, value.clone());
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

/// The value of a line, without a copy if it is one of those that many answers have.
fn value(text: &str) -> Option<HeaderValue> {
    let known = ["true", "*", ACTUAL_VARY, ENFORCED_VARY, PREFLIGHT_VARY].into_iter().find(|known| *known == text);
    known.map(HeaderValue::from_static).or_else(|| HeaderValue::from_str(text).ok())
}
