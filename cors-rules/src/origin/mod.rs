//! One origin or pattern: reading it, and the first reason why no browser would honour it.

mod fault;
mod host;
mod instead;
pub(crate) mod lints;
mod port;
mod punycode;
mod scheme;
mod text;

pub(crate) use fault::{Configured, Fault, Offer, Written};

use crate::beside::Beside;
use crate::fetch;
use crate::finding::{Finding, Place};
use crate::ip;
use crate::pattern::{Pattern, Port};
use crate::public_suffix;
use crate::quote::{code, shown};
use crate::rules;

/// What some web views send for a file of the device. Browsers send `null`.
pub(crate) const FILE: &str = "file://";

/// The pieces of `scheme://userinfo@host:port/tail`, not yet known to be right.
#[derive(Clone, Copy)]
struct Pieces<'a> {
    /// The whole text.
    text: &'a str,
    scheme: &'a str,
    /// What stands before the last `@`.
    userinfo: Option<&'a str>,
    /// What follows, up to the path, query or fragment.
    authority: &'a str,
    /// Path, query and fragment.
    tail: &'a str,
}

impl<'a> Pieces<'a> {
    fn split(text: &'a str, scheme: &'a str, rest: &'a str) -> Self {
        // A backslash counts as a slash in the URLs of browsers.
        let (authority, tail) = rest.split_at(rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()));
        let (userinfo, authority) = match authority.rsplit_once('@') {
            Some((userinfo, host)) => (Some(userinfo), host),
            None => (None, authority),
        };
        Self { text, scheme, userinfo, authority, tail }
    }

    /// The origin without userinfo and tail.
    fn bare(&self) -> String {
        format!("{}://{}", self.scheme, self.authority)
    }
}

impl<'a> Pattern<'a> {
    /// Reads an origin or a pattern, in the spelling of the `Origin` header, with `*.` before the host and `:*` after it.
    ///
    /// # Errors
    ///
    /// The first hard finding about the text. Its place is [`Place::Policy`]: only the caller knows it more exactly.
    /// Lints are not looked for here; [`check`](crate::check()) reports them.
    pub fn parse(text: &'a str) -> Result<Self, Finding> {
        self::parse(text).map_err(|fault| {
            let offer = fault.offer(public_suffix::may_be_owned);
            fault.finding(Place::Policy, Written::Policy(Beside::default()), &offer)
        })
    }
}

/// The first hard fault of the text, or the pattern that it is.
///
/// The order is that of the rules, except that slips which explain all others are looked for first.
pub(crate) fn parse(text: &str) -> Result<Pattern<'_>, Fault> {
    // Nearly every element of a long list.
    plain(text).map_or_else(|| examine(text), Ok)
}

/// The origin that the text is, where one look is enough: a name that is written as browsers write it, after `https` or
/// `http`.
fn plain(text: &str) -> Option<Pattern<'_>> {
    let origin = Pattern::of_origin(text.as_bytes())?;
    let Pattern { scheme, host, port, .. } = origin;
    let named = !host.starts_with('[') && !host.contains("xn--") && !ip::ends_in_number(host);
    let open = !matches!(port, Port::Number(number) if fetch::bad_port(number).is_some());
    (named && open && matches!(scheme, "https" | "http")).then_some(origin)
}

fn examine(text: &str) -> Result<Pattern<'_>, Fault> {
    text::check(text)?;
    let (scheme, rest) = scheme::split(text)?;
    let pieces = Pieces::split(text, scheme, rest);
    missing_host(&pieces)?;
    too_much(&pieces)?;
    scheme::check_spelling(&pieces)?;
    let (host, port) = host::split(&pieces)?;
    scheme::check_case(&pieces, host)?;
    scheme::check_kind(&pieces, host, port)?;
    let (host, subdomains) = host::check(&pieces, host, port)?;
    let port = port::check(&pieces, port)?;
    Ok(Pattern { scheme, host, subdomains, port })
}

fn missing_host(pieces: &Pieces<'_>) -> Result<(), Fault> {
    if pieces.authority.is_empty() && (scheme::may_lack_host(pieces.scheme) || pieces.text == FILE) {
        return Ok(());
    }
    let unbracketed = pieces.authority.starts_with("::");
    // `https://https://`: a scheme behind a scheme that was there.
    let second = second_scheme(pieces).filter(|_| pieces.tail.bytes().all(|byte| byte == b'/'));
    if second.is_none() && !pieces.authority.is_empty() && (!pieces.authority.starts_with(':') || unbracketed) {
        return Ok(());
    }
    let scheme = second.unwrap_or(if pieces.scheme.is_empty() { "https" } else { pieces.scheme });
    let message = format!("{} is not an origin: it has no host", code(pieces.text));
    Err(Fault::new(&rules::MISSING_HOST, message, format!("write the host after `{}://`", shown(scheme))))
}

/// Path, query, fragment and userinfo.
fn too_much(pieces: &Pieces<'_>) -> Result<(), Fault> {
    let quoted = code(pieces.text);
    let (tail, bare) = (code(pieces.tail), pieces.bare());
    let fault = if let "/" | "\\" = pieces.tail {
        Fault::new(
            &rules::TRAILING_SLASH,
            format!("{quoted} is a URL, not an origin: origins end after the host or port"),
            "remove the trailing slash".to_owned(),
        )
        .fix("remove the trailing slash: ", bare)
    } else {
        let (rule, message) = match pieces.tail.chars().next() {
            Some('?') => {
                (&rules::QUERY_IN_ORIGIN, format!("{quoted} has a query; CORS compares only scheme, host and port"))
            }
            Some('#') => (
                &rules::FRAGMENT_IN_ORIGIN,
                format!("{quoted} has a fragment; CORS compares only scheme, host and port"),
            ),
            Some(_) => {
                (&rules::PATH_IN_ORIGIN, format!("{quoted} has a path; CORS compares only scheme, host and port"))
            }
            None => return userinfo(pieces),
        };
        let fault = Fault::new(rule, message, format!("remove {tail}"));
        let pasted = pieces.tail.trim_start_matches('/');
        match second_scheme(pieces) {
            // `https://https://example.com`: pasted behind a scheme that was there.
            Some(second) => fault.fix("did you mean ", format!("{second}://{pasted}")),
            None => fault.fix(format!("remove {tail}: "), bare),
        }
    };
    Err(fault)
}

/// The scheme that stands where the host should.
fn second_scheme<'a>(pieces: &Pieces<'a>) -> Option<&'a str> {
    pieces.authority.strip_suffix(':').filter(|second| matches!(*second, "http" | "https"))
}

fn userinfo(pieces: &Pieces<'_>) -> Result<(), Fault> {
    let Some(userinfo) = pieces.userinfo else {
        return Ok(());
    };
    let host = code(pieces.authority);
    let message = format!("{} has userinfo before `@`; the host is {host}", code(pieces.text));
    let removed = code(&format!("{userinfo}@"));
    Err(Fault::new(&rules::USERINFO_IN_ORIGIN, message, format!("remove {removed}, if {host} is the host you mean"))
        .fix(format!("if {host} is the host you mean, remove {removed}: "), pieces.bare()))
}

/// Puts an origin together from a host, with its `*.`, and what follows it.
fn join(scheme: &str, host: &str, port: Option<&str>) -> String {
    match port {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    }
}

/// Whether the host never leaves the machine: `localhost`, names below it, `127.0.0.0/8`, `[::1]`.
///
/// <https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy>
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    if name == "localhost" || name.ends_with(".localhost") {
        return true;
    }
    match ip::read(name) {
        ip::Host::V4(address) => address.is_loopback(),
        // A packet to an IPv4-mapped loopback address stays on the machine as well.
        ip::Host::V6(address) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|mapped| mapped.is_loopback())
        }
        ip::Host::Name | ip::Host::Invalid => false,
    }
}

/// The default reading of a port in messages.
pub(crate) fn with_port(host: &str, port: Port) -> String {
    match port {
        Port::Default => host.to_owned(),
        Port::Number(number) => format!("{host}:{number}"),
        Port::Any => format!("{host}:*"),
    }
}

#[cfg(test)]
mod tests {
    use super::{examine, plain};

    /// What one look accepts, all the rules accept.
    #[test]
    fn one_look_is_enough() {
        let pieces = [
            "https://",
            "http://",
            "a",
            "example",
            ".",
            "-",
            "_",
            "com",
            "xn--",
            "1",
            "0x",
            "self",
            "*",
            ":",
            "80",
            "25",
            "8443",
            "[::1]",
            "/",
            "any",
            "null",
            "localhost",
        ];
        let (mut state, mut accepted) = (1_u64, 0);
        for _ in 0..200_000 {
            let mut text = String::new();
            for _ in 0..7 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let piece = usize::try_from(state >> 33).expect("31 bits") % pieces.len();
                if text.is_empty() {
                    text.push_str(pieces[piece % 2]);
                } else {
                    text.push_str(pieces[piece]);
                }
            }
            if let Some(origin) = plain(&text) {
                accepted += 1;
                assert_eq!(examine(&text).ok(), Some(origin), "{text}");
            }
        }
        assert!(accepted > 1_000, "{accepted}");
    }
}
