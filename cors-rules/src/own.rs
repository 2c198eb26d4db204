//! The origins under which browsers reach an application, and the other names that its host may have.
//!
//! They are checked when they become known, at launch. The rules are those of an origin in a policy, and fewer texts are
//! right: an application has exact origins, and a browser reaches it by `http` or `https`.

use crate::finding::Place;
use crate::origin::{self, Written};
use crate::pattern::{Pattern, Port};
use crate::quote::{code, literal};
use crate::rule::Rule;

/// What stands under `cors` in the configuration, so that no list of origins for policies can have the name.
pub const SETTINGS: [&str; 3] = ["own_origins", "own_hosts", "report_only"];

/// What is wrong with one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule of origins that is broken, if the entry would be wrong in a policy as well.
    pub rule: Option<&'static Rule>,
    /// What is wrong: one sentence in lower case, without a final period.
    pub message: String,
    /// What to write instead: one line, without a final period.
    pub help: String,
}

/// Reads an origin of the application: one that a browser sends, with the scheme `http` or `https`.
///
/// # Errors
///
/// What is wrong with the text.
pub fn origin(text: &str) -> Result<Pattern<'_>, Finding> {
    let pattern = origin::parse(text).map_err(|fault| {
        // No pattern is a help here.
        let offer = fault.offer(|_| false);
        let finding = fault.finding(Place::Policy, Written::OwnOrigins, &offer);
        Finding { rule: Some(finding.rule), message: finding.message, help: finding.help }
    })?;
    let wrong = |message: &str, help: &str| {
        Err(Finding { rule: None, message: format!("{} {message}", code(text)), help: help.to_owned() })
    };
    if !matches!(pattern.scheme, "http" | "https") {
        return wrong(
            "is not the origin of a server: browsers reach one by `http` or `https`",
            "remove it; if its pages call this application, name the origin in a policy",
        );
    }
    if !pattern.is_exact() {
        return wrong(
            "is a pattern, and the application's own origins are exact: of a pattern, others may hold a part",
            "list each origin under which browsers reach the application: `\"https://app.example.com\"`",
        );
    }
    Ok(pattern)
}

/// Reads a host of the application: a name or an address, without a scheme and without a port.
///
/// # Errors
///
/// What is wrong with the text.
pub fn host(text: &str) -> Result<&str, Finding> {
    let whole = format!("http://{text}");
    if let Ok(Pattern { subdomains: false, port: Port::Default, .. }) = origin::parse(&whole) {
        return Ok(text);
    }
    // An origin or a URL, a host with a port, or a name in capitals: the host that is in it.
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let rest = rest.split('/').next().unwrap_or(rest).to_ascii_lowercase();
    let rest = match rest.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => &rest,
    };
    let help = match origin::parse(&format!("http://{rest}")) {
        Ok(Pattern { subdomains: false, host, .. }) => format!("write the host alone: {}", literal(host)),
        _ => "write one name of the application as it stands in `Host`: `\"app.internal\"`".to_owned(),
    };
    Err(Finding {
        rule: None,
        message: format!("{} is not a host: a name or an address, without a scheme, a path or a port", code(text)),
        help,
    })
}

#[cfg(test)]
mod tests {
    use super::{host, origin};

    #[test]
    fn hosts() {
        for right in ["app.internal", "app", "10.0.0.1", "[::1]", "xn--mnchen-3ya.example", "a_b.example"] {
            assert_eq!(host(right).ok(), Some(right));
        }
        for (wrong, help) in [
            ("https://app.example.com", "write the host alone: `\"app.example.com\"`"),
            ("app.example.com:8080", "write the host alone: `\"app.example.com\"`"),
            ("app.example.com:80", "write the host alone: `\"app.example.com\"`"),
            ("http://[::1]:8000", "write the host alone: `\"[::1]\"`"),
            ("*.example.com", "write one name of the application as it stands in `Host`: `\"app.internal\"`"),
            ("", "write one name of the application as it stands in `Host`: `\"app.internal\"`"),
            ("App.Internal", "write the host alone: `\"app.internal\"`"),
            ("app.example.com/x", "write the host alone: `\"app.example.com\"`"),
        ] {
            assert_eq!(host(wrong).map_err(|finding| finding.help), Err(help.to_owned()), "{wrong}");
        }
    }

    #[test]
    fn an_own_origin_is_exact_and_of_the_web() {
        for right in ["https://app.example.com", "http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"] {
            assert!(origin(right).is_ok(), "{right}");
        }
        for wrong in
            ["https://*.example.com", "http://localhost:*", "app://.", "null", "*", "any", "https://a.example/"]
        {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
