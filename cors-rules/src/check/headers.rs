//! `allow_headers` and `expose_headers`.

use std::collections::HashSet;

use super::collector::Collector;
use super::header_name::{is_name, misspelt};
use crate::beside::Beside;
use crate::compiled::{AllowHeaders, ExposeHeaders};
use crate::declared::{Declared, Element};
use crate::fetch;
use crate::finding::{Finding, Place};
use crate::quote::code;
use crate::rule::Rule;
use crate::rules;

/// Headers that mean something in responses only. RFC 9110, and the registry of field names.
const RESPONSE_ONLY: &[&str] = &[
    "accept-ranges",
    "age",
    "allow",
    "alt-svc",
    "authentication-info",
    "clear-site-data",
    "content-security-policy",
    "content-security-policy-report-only",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "etag",
    "location",
    "permissions-policy",
    "reporting-endpoints",
    "report-to",
    "retry-after",
    "server",
    "server-timing",
    "set-cookie2",
    "strict-transport-security",
    "timing-allow-origin",
    "vary",
    "www-authenticate",
    "x-content-type-options",
    "x-frame-options",
];

/// Headers that belong to requests. RFC 9110, and the registry of field names.
const REQUEST_ONLY: &[&str] = &[
    "accept",
    "accept-charset",
    "accept-language",
    "authorization",
    "cookie",
    "cookie2",
    "dnt",
    "expect",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "proxy-authorization",
    "range",
    "referer",
    "te",
    "upgrade-insecure-requests",
    "user-agent",
];

/// Headers by which servers let a request act under another method.
const METHOD_OVERRIDE: &[&str] = &["x-http-method", "x-http-method-override", "x-method-override"];

/// Headers in which proxies tell servers about the client. Those that start with `x-forwarded-` belong to them too.
const PROXY_TRUST: &[&str] = &[
    "cf-connecting-ip",
    "fastly-client-ip",
    "forwarded",
    "true-client-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-envoy-external-address",
    "x-original-forwarded-for",
    "x-real-ip",
];

/// Headers of Private Network Access, and of its successor before that became a prompt.
const PRIVATE_NETWORK: &[&str] = &[
    "access-control-allow-local-network",
    "access-control-allow-private-network",
    "access-control-request-local-network",
    "access-control-request-private-network",
    "private-network-access-id",
    "private-network-access-name",
];

/// One of the two lists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Allow,
    Expose,
}

impl List {
    fn place(self, i: usize) -> Place {
        match self {
            Self::Allow => Place::AllowHeader(i),
            Self::Expose => Place::ExposeHeader(i),
        }
    }

    fn of<'d, 'a>(self, declared: &'d Declared<'a>) -> &'d [Element<'a>] {
        match self {
            Self::Allow => &declared.allow_headers,
            Self::Expose => &declared.expose_headers,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Allow => "allow_headers",
            Self::Expose => "expose_headers",
        }
    }
}

/// A rule that is broken, a message and a help.
type Problem = (&'static Rule, String, String);

pub(super) fn check_allow_headers(declared: &Declared<'_>, collector: &mut Collector<'_>) -> AllowHeaders {
    let right = check_list(List::Allow, declared, collector);
    if !right.any {
        AllowHeaders::Listed(right.names)
    } else if right.names.iter().any(|name| name == "authorization") {
        AllowHeaders::AnyAndAuthorization
    } else {
        AllowHeaders::Any
    }
}

pub(super) fn check_expose_headers(declared: &Declared<'_>, collector: &mut Collector<'_>) -> ExposeHeaders {
    let right = check_list(List::Expose, declared, collector);
    if right.any { ExposeHeaders::Any } else { ExposeHeaders::Listed(right.names) }
}

/// The valid part of a list.
#[derive(Default)]
struct Right {
    any: bool,
    /// In lower case, each once, as ordered.
    names: Vec<String>,
}

fn check_list(list: List, declared: &Declared<'_>, collector: &mut Collector<'_>) -> Right {
    let elements = list.of(declared);
    let credentials = declared.credentials;
    let any = elements.contains(&Element::Any);
    let (beside, listed) = (Beside::of(declared), names(elements));
    let mut right = Right::default();
    let mut seen = HashSet::new();
    for (i, element) in elements.iter().enumerate() {
        let finding = |(rule, message, help): Problem| Finding { rule, place: list.place(i), message, help };
        let text = match element {
            Element::Any => {
                if !seen.insert("*".to_owned()) {
                    collector.hard(finding(duplicate("`any`", "")));
                } else if !credentials {
                    right.any = true;
                } else if list == List::Allow {
                    right.any = true;
                    collector.lint(finding(echo_everything()));
                } else {
                    collector.hard(finding(expose_nothing()));
                }
                continue;
            }
            Element::Text(text) => *text,
        };
        // With credentials the star of `expose_headers` covers nothing, and has its own finding.
        let is_covered = |name: &str| any && if list == List::Allow { name != "authorization" } else { !credentials };
        if let Some(found) = misspelt(list.key(), text, beside, listed.contains("authorization")) {
            let mut is_new = |name: &str| {
                let name = name.to_ascii_lowercase();
                !listed.contains(&name) && seen.insert(name)
            };
            let further: Vec<_> = found.offered.iter().filter(|name| is_new(name)).cloned().collect();
            let help = found.help(&further);
            collector.hard(finding((found.rule, found.message, help)));
            // What a help offers is checked too, so that nobody writes it and meets the next error then.
            for text in further {
                let name = text.to_ascii_lowercase();
                match broken(list, &text, &name, declared) {
                    (Some(wrong), _) => collector.hard(finding(wrong)),
                    _ if is_covered(&name) => collector.hard(finding(redundant(list, &text))),
                    (None, Some(doubtful)) => _ = collector.lint(finding(doubtful)),
                    (None, None) => {}
                }
            }
            continue;
        }
        let name = text.to_ascii_lowercase();
        let first = seen.insert(name.clone());
        let (wrong, doubtful) = broken(list, text, &name, declared);
        if let Some(found) = wrong {
            collector.hard(finding(found));
        } else if !first {
            collector.hard(finding(duplicate(&code(text), " (header names ignore case)")));
        } else if is_covered(&name) {
            collector.hard(finding(redundant(list, text)));
        } else {
            right.names.push(name);
            if let Some(found) = doubtful {
                collector.lint(finding(found));
            }
        }
    }
    right
}

/// The names among the elements, in lower case.
fn names(elements: &[Element<'_>]) -> HashSet<String> {
    let names = elements.iter().filter_map(|element| match element {
        Element::Text(text) if is_name(text) => Some(text.to_ascii_lowercase()),
        _ => None,
    });
    names.collect()
}

/// The rules that a name breaks in this list: one that cannot be allowed, and one that can.
fn broken(list: List, text: &str, name: &str, declared: &Declared<'_>) -> (Option<Problem>, Option<Problem>) {
    match list {
        List::Allow => (forbidden_in_request(text, name, declared), doubtful_in_request(text, name, declared)),
        List::Expose => (forbidden_in_response(text, name), doubtful_in_response(text, name, declared)),
    }
}

fn duplicate(name: &str, note: &str) -> Problem {
    (&rules::DUPLICATE_HEADER_NAME, format!("{name} is listed twice{note}"), "remove one of the two".to_owned())
}

fn redundant(list: List, text: &str) -> Problem {
    let name = code(text);
    let help = match list {
        List::Allow => format!("remove {name} or `any`; only `\"authorization\"` has an effect next to `any`"),
        List::Expose => format!("remove {name} or `any`"),
    };
    (&rules::REDUNDANT_WITH_WILDCARD, format!("`any` already covers {name}"), help)
}

fn echo_everything() -> Problem {
    (
        &rules::WILDCARD_ALLOW_HEADERS_WITH_CREDENTIALS,
        "with `credentials`, `any` in `allow_headers` allows every header that a page asks for, `authorization` too"
            .to_owned(),
        "list the names: `allow_headers = [\"content-type\"]`".to_owned(),
    )
}

fn expose_nothing() -> Problem {
    (
        &rules::WILDCARD_EXPOSE_HEADERS_WITH_CREDENTIALS,
        "with `credentials`, `any` in `expose_headers` exposes nothing: browsers then read the `*` literally"
            .to_owned(),
        "list the names: `expose_headers = [\"x-request-id\"]`".to_owned(),
    )
}

fn forbidden_in_request(text: &str, name: &str, declared: &Declared<'_>) -> Option<Problem> {
    if fetch::is_forbidden_request_header(name) {
        let is_any = |list: &[Element<'_>]| list.contains(&Element::Any);
        let any = declared.origins.as_deref().is_some_and(is_any)
            || [&declared.debug_origins, &declared.allow_headers, &declared.expose_headers]
                .into_iter()
                .any(|list| is_any(list));
        let help = match name {
            "cookie" | "cookie2" | "set-cookie" if declared.credentials => "remove it; `credentials` allows cookies",
            "cookie" | "cookie2" | "set-cookie" if any => {
                "remove it; cookies need `credentials`, which do not go together with `any`"
            }
            "cookie" | "cookie2" | "set-cookie" => "remove it; to allow cookies, write `credentials`",
            "host" | "origin" | "referer" => "remove it; the browser sets it",
            _ => "remove it",
        };
        return Some((
            &rules::FORBIDDEN_REQUEST_HEADER,
            format!("browsers never let a page set {}", code(text)),
            help.to_owned(),
        ));
    }
    (fetch::CORS_RESPONSE_HEADERS.contains(&name) || fetch::PREFLIGHT_RESPONSE_HEADERS.contains(&name)).then(|| {
        (
            &rules::CORS_RESPONSE_HEADER_IN_ALLOW_HEADERS,
            format!("{} is a response header of the CORS protocol; it does not belong in `allow_headers`", code(text)),
            "remove it; the server sends it where it is needed".to_owned(),
        )
    })
}

/// Whether the other list names the header already, or everything.
fn is_in(list: &[Element<'_>], name: &str) -> bool {
    list.iter().any(|element| match element {
        Element::Any => true,
        Element::Text(text) => text.eq_ignore_ascii_case(name),
    })
}

fn doubtful_in_request(text: &str, name: &str, declared: &Declared<'_>) -> Option<Problem> {
    let quoted = code(text);
    let found = if RESPONSE_ONLY.contains(&name) {
        let help = if fetch::FORBIDDEN_RESPONSE_HEADERS.contains(&name) || is_in(&declared.expose_headers, name) {
            "remove it".to_owned()
        } else {
            format!("did you mean `expose_headers = [\"{name}\"]`?")
        };
        (
            &rules::RESPONSE_HEADER_IN_ALLOW_HEADERS,
            format!("{quoted} is a response header; requests do not normally carry it"),
            help,
        )
    } else if METHOD_OVERRIDE.contains(&name) {
        (
            &rules::METHOD_OVERRIDE_HEADER,
            format!("{quoted} lets a page use methods that the policy does not allow"),
            "remove it, and write a route for each method".to_owned(),
        )
    } else if PROXY_TRUST.contains(&name) || name.starts_with("x-forwarded-") {
        (
            &rules::PROXY_TRUST_HEADER,
            format!("{quoted} lets a page forge what a proxy tells your server"),
            "remove it".to_owned(),
        )
    } else if PRIVATE_NETWORK.contains(&name) {
        (
            &rules::PRIVATE_NETWORK_HEADER,
            format!("{quoted} belongs to an abandoned draft, and only browsers can set it"),
            "remove it".to_owned(),
        )
    } else {
        return None;
    };
    Some(found)
}

fn forbidden_in_response(text: &str, name: &str) -> Option<Problem> {
    let quoted = code(text);
    let (rule, message) = if fetch::FORBIDDEN_RESPONSE_HEADERS.contains(&name) {
        (&rules::FORBIDDEN_RESPONSE_HEADER, format!("browsers never show {quoted} to a page"))
    } else if fetch::CORS_REQUEST_HEADERS.contains(&name) {
        (
            &rules::CORS_REQUEST_HEADER_IN_EXPOSE_HEADERS,
            format!("{quoted} is a request header; a response never carries it"),
        )
    } else if fetch::PREFLIGHT_RESPONSE_HEADERS.contains(&name) {
        (
            &rules::PREFLIGHT_HEADER_IN_EXPOSE_HEADERS,
            format!("{quoted} appears only in preflight responses, which pages cannot read"),
        )
    } else {
        return None;
    };
    Some((rule, message, "remove it".to_owned()))
}

fn doubtful_in_response(text: &str, name: &str, declared: &Declared<'_>) -> Option<Problem> {
    let quoted = code(text);
    let found = if fetch::CORS_RESPONSE_HEADERS.contains(&name) {
        let message = format!("exposing {quoted} tells the page nothing new");
        (&rules::CORS_HEADER_IN_EXPOSE_HEADERS, message, "remove it".to_owned())
    } else if REQUEST_ONLY.contains(&name) {
        let help = if fetch::is_forbidden_request_header(name) || is_in(&declared.allow_headers, name) {
            "remove it".to_owned()
        } else {
            format!("did you mean `allow_headers = [\"{name}\"]`?")
        };
        (
            &rules::REQUEST_HEADER_IN_EXPOSE_HEADERS,
            format!("{quoted} is a request header; responses do not normally carry it"),
            help,
        )
    } else if fetch::SAFELISTED_RESPONSE_HEADERS.contains(&name) {
        let message = format!("every page that may read the response can already read {quoted}");
        (&rules::REDUNDANT_EXPOSED_HEADER, message, "remove it".to_owned())
    } else {
        return None;
    };
    Some(found)
}
