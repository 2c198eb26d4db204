//! What a browser sends for a request of a page, and what it does with the answer: the steps of the
//! [Fetch standard](https://fetch.spec.whatwg.org/), which need only an [`Answer`].
//!
//! For `cargo cors` and the tests of adapters: no application needs it to serve requests, and it has no stable interface.

use cors_rules::fetch::{
    FORBIDDEN_RESPONSE_HEADERS, SAFELISTED_CONTENT_TYPES, SAFELISTED_RESPONSE_HEADERS, is_forbidden_request_header,
    is_token_byte,
};
use cors_rules::is_loopback;

use crate::origin::Origin;
use crate::question::{Answer, Question};
use crate::site::is_trustworthy;

/// A call of `fetch` by the script of a page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The origin of the page.
    pub origin: String,
    /// The method as the script writes it.
    pub method: String,
    /// The path and the query on the server.
    pub path: String,
    /// The host and the port of the server, if they are known: see [`Question::host`].
    pub host: Option<String>,
    /// The headers that the script sets, in lower case, with their values if they are known.
    headers: Vec<(String, Option<String>)>,
    /// Whether the page is one of the server itself, if that is known.
    pub same_origin: Option<bool>,
    /// Whether the script says `credentials: 'include'`.
    pub credentials: bool,
}

/// Why the browser sends a preflight before a request, one sentence for each reason. Without reasons it does not send one.
pub type Reasons = Vec<String>;

/// A check of the browser that fails, and what would change that.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize))]
pub struct Failed {
    /// The check that fails, in words.
    pub what: String,
    /// The step of the standard.
    pub step: &'static str,
    /// The argument of the attribute that would change it.
    pub help: Option<String>,
}

/// What a page most often sends in a body.
const JSON: &str = "application/json";
const CORS_CHECK: &str = "https://fetch.spec.whatwg.org/#concept-cors-check";
const PREFLIGHT: &str = "https://fetch.spec.whatwg.org/#cors-preflight-fetch";

impl Page {
    /// Adds a header: `name`, or `name: value`.
    ///
    /// # Errors
    /// The name is not a header name, or the value is not one of a header.
    pub fn add_header(&mut self, text: &str) -> Result<(), String> {
        let (name, value) = match text.split_once(':') {
            None => (text, None),
            Some((name, value)) => (name, Some(value.trim().to_owned())),
        };
        if !is_token(name.as_bytes()) {
            return Err(format!("{name:?} is not a header name"));
        }
        // <https://fetch.spec.whatwg.org/#header-value>
        if value.as_ref().is_some_and(|value| value.contains(|c: char| c.is_control() && c != '\t')) {
            return Err(format!("the value of `{name}` is not the value of a header"));
        }
        self.headers.push((name.to_ascii_lowercase(), value));
        Ok(())
    }

    /// The question for the application.
    ///
    /// # Errors
    /// Browsers do not make such a request.
    pub fn question(&self) -> Result<Question, String> {
        let method = self.sent_method();
        if !is_token(method.as_bytes()) {
            return Err(format!("{method:?} is not a method"));
        }
        // <https://fetch.spec.whatwg.org/#forbidden-method>
        if ["CONNECT", "TRACE", "TRACK"].iter().any(|forbidden| method.eq_ignore_ascii_case(forbidden)) {
            return Err(format!("scripts cannot use the method {method}: `fetch` throws a TypeError"));
        }
        if !self.path.starts_with('/') || self.path.contains(char::is_control) {
            return Err(format!("{:?} is not a path: paths start with `/`", self.path));
        }
        if self.origin.is_empty() || self.origin.contains(|c: char| c.is_control() || c == ' ') {
            return Err(format!("{:?} is not an origin, for example `https://app.example.com`", self.origin));
        }
        Ok(Question {
            method,
            path: self.path.clone(),
            host: self.host.clone(),
            origin: self.origin.clone(),
            same_origin: self.same_origin,
            content_type: self.value("content-type", Some(JSON)),
            accept: self.value("accept", None),
            cookies: self.credentials,
            headers: self.unsafe_names(),
        })
    }

    /// The value of a header that the script sets, or the usual one if it is not known.
    fn value(&self, name: &str, usual: Option<&str>) -> Option<String> {
        let (_, value) = self.headers.iter().find(|(known, _)| known == name)?;
        value.as_deref().or(usual).map(ToOwned::to_owned)
    }

    /// The headers that the script sets and the browser sends, with their values if they are known.
    pub fn headers(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let sent = self.headers.iter().filter(|(name, _)| !is_forbidden_request_header(name));
        sent.map(|(name, value)| (&**name, value.as_deref()))
    }

    /// The method as the browser sends it: six are changed to upper case, and `patch` is not among them
    /// ([normalize](https://fetch.spec.whatwg.org/#concept-method-normalize)).
    #[must_use]
    pub fn sent_method(&self) -> String {
        let known = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
        let normal = known.iter().find(|known| known.eq_ignore_ascii_case(&self.method));
        normal.map_or_else(|| self.method.clone(), |method| (*method).to_owned())
    }

    /// The headers that a script cannot set: the browser leaves them out
    /// ([forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header)).
    #[must_use]
    pub fn left_out(&self) -> Vec<&str> {
        self.headers.iter().map(|(name, _)| &**name).filter(|name| is_forbidden_request_header(name)).collect()
    }

    /// The [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names), sorted.
    fn unsafe_names(&self) -> Vec<String> {
        let sent = || self.headers.iter().filter(|(name, _)| !is_forbidden_request_header(name));
        let safe = |(name, value): &&(String, Option<String>)| is_safelisted(name, value.as_deref());
        let length: usize = sent().filter(safe).map(|(_, value)| value.as_ref().map_or(0, String::len)).sum();
        let mut names: Vec<_> =
            sent().filter(|header| length > 1024 || !safe(header)).map(|(name, _)| name.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Why the browser sends a preflight ([main fetch](https://fetch.spec.whatwg.org/#main-fetch), step 12).
    #[must_use]
    pub fn reasons(&self, question: &Question) -> Reasons {
        let mut reasons = Vec::new();
        if !is_safelisted_method(question.method.as_bytes()) {
            reasons.push(format!("the method `{}` is not GET, HEAD or POST", question.method));
        }
        reasons.extend(question.headers.iter().map(|name| match &**name {
            "content-type" => "the header `content-type` is not that of a form or of plain text".to_owned(),
            name => format!("the header `{name}` is not on the browser's safelist"),
        }));
        reasons
    }
}

/// Whether a browser blocks what a page of this origin fetches from this server, since the page came over https and the
/// answer would not ([Mixed Content](https://www.w3.org/TR/mixed-content/#should-block-fetch)).
#[must_use]
pub fn is_mixed(page: &str, server: &str) -> bool {
    // A page over http on the user's machine is trusted too, and no engine blocks what it calls.
    let is_page_secure = Origin::parse(page.as_bytes()).is_some_and(|page| page.scheme() == "https");
    is_page_secure && Origin::parse(server.as_bytes()).is_some_and(|server| !is_trustworthy(&server))
}

/// <https://fetch.spec.whatwg.org/#cors-safelisted-method>
fn is_safelisted_method(method: &[u8]) -> bool {
    matches!(method, b"GET" | b"HEAD" | b"POST")
}

/// <https://fetch.spec.whatwg.org/#cors-safelisted-request-header>. If a value is not known, the usual
/// one is assumed: JSON for `content-type`.
fn is_safelisted(name: &str, value: Option<&str>) -> bool {
    let Some(value) = value else { return matches!(name, "accept" | "accept-language" | "content-language") };
    let is_unsafe = |byte: u8| (byte < b' ' && byte != b'\t') || byte == 0x7f || b"\"():<>?@[\\]{}".contains(&byte);
    let is_language = |byte: u8| byte.is_ascii_alphanumeric() || b" *,-.;=".contains(&byte);
    let safe = match name {
        "accept" => !value.bytes().any(is_unsafe),
        "accept-language" | "content-language" => value.bytes().all(is_language),
        "content-type" => {
            let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            !value.bytes().any(is_unsafe) && SAFELISTED_CONTENT_TYPES.contains(&&*essence)
        }
        // One range that has a start.
        "range" => value.strip_prefix("bytes=").and_then(|range| range.split_once('-')).is_some_and(|(start, end)| {
            let number = |text: &str| text.parse::<u64>().ok();
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let ordered = end.is_empty() || number(start) <= number(end);
            !start.is_empty() && digits(start) && digits(end) && ordered
        }),
        _ => false,
    };
    safe && value.len() <= 128
}

/// The [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check).
///
/// # Errors
/// The check fails.
pub fn cors_check(answer: &Answer, origin: &str, include: bool) -> Result<(), Failed> {
    let failed = |what: &str, help: Option<String>| Err(Failed { what: what.to_owned(), step: CORS_CHECK, help });
    // 1. and 2.
    let Some(allowed) = get(answer, "access-control-allow-origin") else {
        return failed("the answer has no `Access-Control-Allow-Origin`", Some(how_to_share(answer, origin)));
    };
    match (&*allowed, include) {
        // 3.
        ("*", false) => return Ok(()),
        ("*", true) => {
            let help = "name the origins instead of `any`, and add `credentials`; or call without credentials";
            return failed(
                "`Access-Control-Allow-Origin: *` does not allow a request with credentials",
                Some(help.into()),
            );
        }
        // 4.
        _ if allowed != origin => return failed("`Access-Control-Allow-Origin` names another origin", None),
        // 5.
        (_, false) => return Ok(()),
        (_, true) => {}
    }
    // 6. and 7.
    if get(answer, "access-control-allow-credentials").as_deref() == Some("true") {
        return Ok(());
    }
    failed("`Access-Control-Allow-Credentials` is not `true`", Some("add `credentials`".to_owned()))
}

fn how_to_share(answer: &Answer, origin: &str) -> String {
    match answer.kind.as_deref() {
        Some("nobody") => {
            return "write `origins = […]` instead of `none`, if pages of other origins should call it".to_owned();
        }
        Some("format") => return "let the page send the format that the handler takes".to_owned(),
        Some("host") => return "let the page call the application by one of its names".to_owned(),
        _ => {}
    }
    if answer.policy.is_none() {
        // There is no list of origins to add to.
        return "put a policy on what serves this method and path, with `#[cross_origin(…)]`, if pages of other origins should call it".to_owned();
    }
    let Some(parsed) = Origin::parse(origin.as_bytes()) else {
        return "policies cannot name this origin".to_owned();
    };
    // A page of a developer, which a release build must not allow. `capacitor://localhost` and `https://localhost` are
    // those of apps.
    let in_development = parsed.scheme() == "http" && is_loopback(parsed.host());
    let argument = if in_development { "debug_origins" } else { "origins" };
    format!("add `{origin:?}` to `{argument}`, if this page should be allowed")
}

/// The [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch) from step 7, when the answer has arrived.
///
/// # Errors
/// The answer does not allow the request.
pub fn preflight(answer: &Answer, question: &Question, include: bool) -> Result<(), Failed> {
    let failed = |what: String, help: Option<String>| Err(Failed { what, step: PREFLIGHT, help });
    // 7.
    cors_check(answer, &question.origin, include)?;
    if !answer.status.is_some_and(|status| (200..300).contains(&status)) {
        return failed("the status is not an ok status".to_owned(), None);
    }
    // 7.1 to 7.3
    let lists = list(answer, "access-control-allow-methods").zip(list(answer, "access-control-allow-headers"));
    let Some((methods, names)) = lists else {
        return failed("a list in the answer cannot be parsed".to_owned(), None);
    };
    // 7.5 Methods are compared byte by byte.
    let star = |list: &[String]| !include && list.iter().any(|element| element == "*");
    let method = &question.method;
    if !methods.contains(method) && !is_safelisted_method(method.as_bytes()) && !star(&methods) {
        return failed(format!("`Access-Control-Allow-Methods` does not name `{method}`"), None);
    }
    // 7.6 and 7.7
    for name in &question.headers {
        let listed = names.iter().any(|allowed| allowed.eq_ignore_ascii_case(name));
        let covered = star(&names) && name != "authorization";
        if !listed && !covered {
            let help = format!("add `{name:?}` to `allow_headers`");
            return failed(format!("`Access-Control-Allow-Headers` does not name `{name}`"), Some(help));
        }
    }
    Ok(())
}

/// The response headers that the script can read, in addition to those that it always can
/// ([CORS filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response-cors)).
#[must_use]
pub fn exposed(answer: &Answer, include: bool) -> Vec<String> {
    let names = list(answer, "access-control-expose-headers").unwrap_or_default();
    if !include && names.iter().any(|name| name == "*") {
        return vec!["all".to_owned()];
    }
    let further = |name: &String| !SAFELISTED_RESPONSE_HEADERS.contains(&&*name.to_ascii_lowercase());
    names.into_iter().filter(further).collect()
}

/// Whether the script can read a header of an answer that it gets. A page of the server itself can read all that a script can
/// ([basic filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response-basic)).
#[must_use]
pub fn is_readable(answer: &Answer, include: bool, same_origin: bool, name: &str) -> bool {
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    if FORBIDDEN_RESPONSE_HEADERS.iter().any(|known| is(known)) {
        return false;
    }
    let exposed = list(answer, "access-control-expose-headers").unwrap_or_default();
    let star = !include && exposed.iter().any(|name| name == "*");
    same_origin
        || star
        || SAFELISTED_RESPONSE_HEADERS.iter().any(|known| is(known))
        || exposed.iter().any(|name| is(name))
}

/// [Get](https://fetch.spec.whatwg.org/#concept-header-list-get) a header: its lines, joined.
fn get(answer: &Answer, name: &str) -> Option<String> {
    let lines = answer.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let values: Vec<_> = lines.map(|(_, value)| &**value).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// [Extract header list values](https://fetch.spec.whatwg.org/#extract-header-list-values) of a list of tokens; empty
/// without the header, and `None` if the value is not such a list.
fn list(answer: &Answer, name: &str) -> Option<Vec<String>> {
    let value = get(answer, name).unwrap_or_default();
    let elements = value.split(',').map(str::trim_ascii).filter(|element| !element.is_empty());
    elements.map(|element| is_token(element.as_bytes()).then(|| element.to_owned())).collect()
}

/// [RFC 9110, 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2)
fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().copied().all(is_token_byte)
}

#[cfg(test)]
mod tests;
