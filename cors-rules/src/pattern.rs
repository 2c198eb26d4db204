//! An origin, or a pattern of origins, and the comparison at request time.

use std::fmt;

use crate::fetch::{self, LONGEST_HOST, LONGEST_LABEL, LONGEST_ORIGIN, LONGEST_SCHEME};
use crate::ip;

/// The ports that a [`Pattern`] matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Port {
    /// The default port of the scheme, which browsers leave out.
    Default,
    /// One port, spelled out.
    Number(u16),
    /// Every port, and none.
    Any,
}

/// One exact origin, or a pattern: every host below a domain, any port, or both.
///
/// The fields borrow the text that was parsed, or are written down by generated code that has been checked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pattern<'a> {
    /// The scheme, without `://`.
    pub scheme: &'a str,
    /// The host; for a pattern with subdomains what follows `*.`. IPv6 addresses keep their brackets.
    pub host: &'a str,
    /// Whether the pattern matches the hosts below `host`, at any depth, instead of `host` itself.
    pub subdomains: bool,
    /// The port.
    pub port: Port,
}

impl<'a> Pattern<'a> {
    /// Reads the value of an `Origin` header at request time. `None` if it is not an origin as browsers write it:
    /// `null`, a path, upper case, a default port, a host with other signs than names and addresses have, or more than
    /// [`LONGEST_ORIGIN`] bytes. The hosts of other schemes than the web's are not names of the DNS: `app://.` is an
    /// origin.
    ///
    /// Takes one pass and allocates nothing, and does not look at what is too long. It reports no findings: the sender
    /// would not see them.
    #[must_use]
    pub fn of_origin(value: &'a [u8]) -> Option<Self> {
        if value.len() > LONGEST_ORIGIN {
            return None;
        }
        let (scheme, rest) = std::str::from_utf8(value).ok()?.split_once("://")?;
        let sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.');
        let letter_first = scheme.starts_with(|first: char| first.is_ascii_lowercase());
        if !letter_first || scheme.len() > LONGEST_SCHEME || !scheme.bytes().all(sign) {
            return None;
        }
        let host_end = match rest.strip_prefix('[') {
            Some(address) => address.find(']')? + 2,
            None => rest.find(':').unwrap_or(rest.len()),
        };
        let (host, port) = rest.split_at_checked(host_end)?;
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => Port::Default,
            None => return None,
            Some(digits) => {
                let number = canonical_port(digits.as_bytes())?;
                if fetch::default_port(scheme) == Some(number) {
                    return None;
                }
                Port::Number(number)
            }
        };
        let nowhere = host.is_empty() && port != Port::Default;
        (is_host(scheme, host) && !nowhere).then_some(Pattern { scheme, host, subdomains: false, port })
    }

    /// Whether the pattern is one exact origin.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        !self.subdomains && self.port != Port::Any
    }

    /// Whether the value of an `Origin` header matches, byte by byte.
    ///
    /// Takes one pass over the value and allocates nothing. A value that is not an origin does not match.
    #[must_use]
    pub fn matches(&self, origin: &[u8]) -> bool {
        if origin.len() > LONGEST_ORIGIN {
            return false;
        }
        let Some(rest) = origin.strip_prefix(self.scheme.as_bytes()).and_then(|rest| rest.strip_prefix(b"://")) else {
            return false;
        };
        // The only colons of a host are inside the brackets of an IPv6 address.
        let host_end = match rest.iter().rposition(|&byte| byte == b':' || byte == b']') {
            Some(at) if rest.get(at) == Some(&b':') => at,
            _ => rest.len(),
        };
        let (host, port) = rest.split_at(host_end);
        self.matches_port(port) && self.matches_host(host)
    }

    /// Compares the end of an origin: nothing, or a colon and a port.
    fn matches_port(&self, text: &[u8]) -> bool {
        let Some(digits) = text.strip_prefix(b":") else {
            return !matches!(self.port, Port::Number(_));
        };
        let Some(number) = canonical_port(digits) else {
            return false;
        };
        match self.port {
            Port::Default => false,
            Port::Number(port) => number == port,
            Port::Any => fetch::default_port(self.scheme) != Some(number),
        }
    }

    fn matches_host(&self, host: &[u8]) -> bool {
        if !self.subdomains {
            return host == self.host.as_bytes();
        }
        let Some(labels) = host.strip_suffix(self.host.as_bytes()).and_then(|rest| rest.strip_suffix(b".")) else {
            return false;
        };
        let trailing_dot = usize::from(self.host.ends_with('.'));
        let is_label = if fetch::is_app_scheme(self.scheme) { is_opaque_label } else { is_label };
        host.len() - trailing_dot <= LONGEST_HOST && labels.split(|&byte| byte == b'.').all(is_label)
    }

    /// Whether every origin that matches `other` matches this pattern too.
    pub(crate) fn covers(&self, other: &Pattern<'_>) -> bool {
        let host = if self.subdomains {
            (other.subdomains && other.host == self.host) || self.matches_host(other.host.as_bytes())
        } else {
            !other.subdomains && other.host == self.host
        };
        host && self.scheme == other.scheme && (self.port == Port::Any || self.port == other.port)
    }
}

impl fmt::Display for Pattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subdomains = if self.subdomains { "*." } else { "" };
        write!(f, "{}://{subdomains}{}", self.scheme, self.host)?;
        match self.port {
            Port::Default => Ok(()),
            Port::Number(port) => write!(f, ":{port}"),
            Port::Any => f.write_str(":*"),
        }
    }
}

/// Whether this has the form of a host as browsers write it: a name, an IPv4 address, an IPv6 address in brackets, or
/// for the scheme of an app nearly anything.
fn is_host(scheme: &str, host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        return address.strip_suffix(']').is_some_and(ip::is_serialized_v6);
    }
    if fetch::is_app_scheme(scheme) {
        return fetch::is_opaque_host(host.as_bytes());
    }
    // What some web views send for a file of the device.
    if scheme == "file" && host.is_empty() {
        return true;
    }
    if ip::ends_in_number(host) {
        return ip::is_serialized_v4(host);
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    name.len() <= LONGEST_HOST && name.as_bytes().split(|&byte| byte == b'.').all(is_label)
}

fn is_label(label: &[u8]) -> bool {
    (1..=LONGEST_LABEL).contains(&label.len())
        && label.iter().all(|&byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_')
}

/// A label below a pattern with the scheme of an app.
fn is_opaque_label(label: &[u8]) -> bool {
    !label.is_empty() && fetch::is_opaque_host(label)
}

/// The number, if it is a port from 1 to 65535 as browsers write it: decimal, without sign or leading zeros.
pub(crate) fn canonical_port(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() || digits.len() > 5 || digits.first() == Some(&b'0') {
        return None;
    }
    let number = digits
        .iter()
        .try_fold(0_u32, |number, &digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))?;
    u16::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, origin: &str) -> bool {
        let parsed = Pattern::parse(pattern).expect(pattern);
        assert_eq!(parsed.to_string(), pattern);
        parsed.matches(origin.as_bytes())
    }

    #[test]
    fn what_is_longer_than_an_origin_matches_nothing() {
        let long = format!("https://{}example.com", "a.".repeat(200));
        assert!(!matches("https://*.example.com", &long));
        assert!(Pattern::of_origin(long.as_bytes()).is_none());
    }

    #[test]
    fn an_address_has_one_form() {
        assert!(Pattern::of_origin(b"http://[1::]").is_some());
        assert!(Pattern::of_origin(b"http://[1::0]").is_none());
    }

    #[test]
    fn exact() {
        assert!(matches("https://example.com", "https://example.com"));
        assert!(matches("http://[::1]:8080", "http://[::1]:8080"));
        for other in [
            "",
            "https://",
            "https://example.com:443",
            "https://example.com:",
            "https://example.com.",
            "https://EXAMPLE.com",
            "http://example.com",
            "https://example.com/",
            "https://a.example.com",
            "https://example.com https://example.com",
            "null",
        ] {
            assert!(!matches("https://example.com", other), "{other}");
        }
        assert!(!matches("http://[::1]:8080", "http://[::1]"));
    }

    #[test]
    fn any_port() {
        for origin in ["http://[::1]", "http://[::1]:1", "http://[::1]:65535", "http://[::1]:443"] {
            assert!(matches("http://[::1]:*", origin), "{origin}");
        }
        for origin in [
            "http://[::1]:0",
            "http://[::1]:80",
            "http://[::1]:080",
            "http://[::1]:65536",
            "http://[::1]:",
            "http://[::1]:99999",
        ] {
            assert!(!matches("http://[::1]:*", origin), "{origin}");
        }
        assert!(!matches("http://localhost:*", "http://localhost:1:1"));
        assert!(!matches("http://localhost:*", "http://localhost:+1"));
    }

    #[test]
    fn addresses_are_written_in_one_way() {
        for origin in
            ["http://127.0.0.1", "https://[::1]:8443", "https://[::ffff:7f00:1]", "https://a1.example.com", "app://6"]
        {
            assert!(Pattern::of_origin(origin.as_bytes()).is_some(), "{origin}");
        }
        for origin in [
            "http://6",
            "http://127.1",
            "http://0x7f.1",
            "http://127.0.0.1.",
            "http://a.6",
            "http://[a]",
            "http://[::01]",
            "http://[]",
        ] {
            assert!(Pattern::of_origin(origin.as_bytes()).is_none(), "{origin}");
        }
    }

    #[test]
    fn subdomains() {
        for origin in ["https://a.example.com", "https://a.b_c.x-y.example.com", "https://-.example.com"] {
            assert!(matches("https://*.example.com", origin), "{origin}");
        }
        for origin in [
            "https://example.com",
            "https://.example.com",
            "https://a..example.com",
            "https://evilexample.com",
            "https://A.example.com",
            "https://evil.net/.example.com",
            "https://evil.net:80.example.com",
            "https://user@a.example.com",
            "https://*.example.com",
            "https://a.example.com.",
            "https://a.example.com:8443",
            "https://é.example.com",
        ] {
            assert!(!matches("https://*.example.com", origin), "{origin}");
        }
        let label = "a".repeat(63);
        assert!(matches("https://*.example.com", &format!("https://{label}.example.com")));
        assert!(!matches("https://*.example.com", &format!("https://a{label}.example.com")));
        let long = format!("https://{label}.{label}.{label}.{}.example.com", "a".repeat(49));
        assert!(matches("https://*.example.com", &long));
        assert!(!matches("https://*.example.com", &long.replacen("https://", "https://b.", 1)));
        // The dot at the end does not count.
        assert!(matches("https://*.example.com.", &format!("{long}.")));
        assert!(!matches("https://*.example.com.", &long.replacen("https://", "https://b.", 1)));
    }

    #[test]
    fn subdomains_of_an_app() {
        let pattern = Pattern { scheme: "app", host: "example", subdomains: true, port: Port::Default };
        for origin in ["app://a.example", "app://a.b.example", "app://a%41.example", "app://~.example"] {
            assert!(pattern.matches(origin.as_bytes()), "{origin}");
        }
        for origin in
            ["app://.example", "app://a..example", "app://A.example", "app://a%4.example", "app://a%g4.example"]
        {
            assert!(!pattern.matches(origin.as_bytes()), "{origin}");
        }
    }
}
