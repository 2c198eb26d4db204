//! The origins of the application itself, and the names that its host has.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use cors_rules::own;

/// The origins under which browsers reach an application.
///
/// They say which pages are the application's own, whatever a proxy makes of `Host`. And they say which names the
/// application has: a page whose own name has been made to point at the application (DNS rebinding) sends another `Host`,
/// and is refused, for reading as well.
///
/// ```
/// use cors_runtime::{OwnOrigins, Served};
/// use http::Request;
///
/// let own = OwnOrigins::new(["https://app.example.com"]).unwrap();
/// let decide = |host: &str| {
///     let request = Request::get("/").header("host", host).body(()).unwrap();
///     own.decide(&request, |_| Served::Protected).status().map(|status| status.as_u16())
/// };
/// assert_eq!(decide("app.example.com"), None); // run the handler
/// assert_eq!(decide("rebound.example.net"), Some(403));
///
/// let errors = OwnOrigins::new(["https://app.example.com/"]).unwrap_err();
/// assert_eq!(errors.iter().next().unwrap().help, "remove the trailing slash: `\"https://app.example.com\"`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnOrigins {
    origins: Vec<Box<str>>,
    /// Those of the origins, and further ones; without a dot at the end.
    hosts: Vec<Box<str>>,
}

/// Everything that is wrong with the origins or the hosts of an application, at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFindings(Vec<own::Finding>);

impl OwnOrigins {
    /// The origins of an application, each as a browser sends it: `https://app.example.com`.
    ///
    /// # Errors
    /// An origin is not one that browsers reach an application by, or there is none.
    pub fn new<T: AsRef<str>>(origins: impl IntoIterator<Item = T>) -> Result<Self, OwnFindings> {
        let mut own = OwnOrigins { origins: Vec::new(), hosts: Vec::new() };
        let mut findings = Vec::new();
        for text in origins {
            let text = text.as_ref();
            match own::origin(text) {
                Ok(pattern) => {
                    own.origins.push(text.into());
                    own.add_host(pattern.host);
                }
                Err(finding) => findings.push(finding),
            }
        }
        if own.origins.is_empty() && findings.is_empty() {
            findings.push(own::Finding {
                rule: None,
                message: "there is no own origin, so no page would be the application's own".to_owned(),
                help: "name the origins under which browsers reach it: `\"https://app.example.com\"`".to_owned(),
            });
        }
        if findings.is_empty() { Ok(own) } else { Err(OwnFindings(findings)) }
    }

    /// Adds names that `Host` may have besides those of the origins: `app.internal`, for the calls of other servers. Pages
    /// under these names are not the application's own.
    ///
    /// IP addresses, `localhost` with the names below it, and names without a dot need not be listed: no page can make them
    /// point somewhere else.
    ///
    /// # Errors
    /// A text is not a host.
    pub fn hosts<T: AsRef<str>>(mut self, hosts: impl IntoIterator<Item = T>) -> Result<Self, OwnFindings> {
        let mut findings = Vec::new();
        for text in hosts {
            match own::host(text.as_ref()) {
                Ok(host) => self.add_host(host),
                Err(finding) => findings.push(finding),
            }
        }
        if findings.is_empty() { Ok(self) } else { Err(OwnFindings(findings)) }
    }

    fn add_host(&mut self, host: &str) {
        let host = host.strip_suffix('.').unwrap_or(host);
        if !self.hosts.iter().any(|known| **known == *host) {
            self.hosts.push(host.into());
        }
    }

    /// The origins, as they were written.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.origins.iter().map(|origin| &**origin)
    }

    /// The names that `Host` may have: those of the origins, and the further ones.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.hosts.iter().map(|host| &**host)
    }

    /// Whether the value of an `Origin` header is one of them, byte by byte.
    pub(crate) fn name(&self, origin: &[u8]) -> bool {
        self.origins.iter().any(|own| own.as_bytes() == origin)
    }

    /// Whether this value of `Host` is a name of the application, or one that no page can make point at it.
    pub(crate) fn is_named(&self, host: &[u8]) -> bool {
        let Some(name) = without_port(host) else { return false };
        let bare = name.strip_suffix('.').unwrap_or(name);
        cannot_be_rebound(name) || self.hosts.iter().any(|own| own.eq_ignore_ascii_case(bare))
    }
}

/// The host in the value of a `Host` header ([RFC 9110, 7.2](https://www.rfc-editor.org/rfc/rfc9110#section-7.2)). `None`
/// if that is not one.
fn without_port(value: &[u8]) -> Option<&str> {
    let value = std::str::from_utf8(value).ok()?;
    let end = match value.strip_prefix('[') {
        Some(address) => address.find(']')? + 2,
        None => value.find(':').unwrap_or(value.len()),
    };
    let (host, port) = value.split_at_checked(end)?;
    let is_port =
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()));
    (!host.is_empty() && is_port).then_some(host)
}

/// Whether no page can have a name of its own that points at the application under this host: an address is no name,
/// `localhost` never leaves the machine ([RFC 6761, 6.3](https://www.rfc-editor.org/rfc/rfc6761#section-6.3)), and nobody
/// can register a name without a dot.
fn cannot_be_rebound(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let is_name_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let bare = host.strip_suffix('.').unwrap_or(host);
    let last = bare.rsplit('.').next().unwrap_or(bare);
    last.eq_ignore_ascii_case("localhost") || host.bytes().all(is_name_byte) || host.parse::<Ipv4Addr>().is_ok()
}

impl OwnFindings {
    /// The findings, in the order of the texts.
    pub fn iter(&self) -> std::slice::Iter<'_, own::Finding> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a OwnFindings {
    type Item = &'a own::Finding;
    type IntoIter = std::slice::Iter<'a, own::Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl fmt::Display for OwnFindings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.0.iter().enumerate() {
            let separator = if index > 0 { "\n" } else { "" };
            write!(f, "{separator}{}; help: {}", finding.message, finding.help)?;
        }
        Ok(())
    }
}

impl std::error::Error for OwnFindings {}

#[cfg(test)]
mod tests {
    use super::OwnOrigins;

    fn own() -> OwnOrigins {
        let own = OwnOrigins::new(["https://app.example.com", "http://nas.lan:8080"]).unwrap();
        own.hosts(["app.internal"]).unwrap()
    }

    #[test]
    fn names_of_the_application() {
        for host in [
            "app.example.com",
            "APP.example.com:8443",
            "app.example.com.",
            "app.example.com:",
            "nas.lan",
            "app.internal:80",
            "127.0.0.1:8000",
            "192.168.1.5",
            "[::1]:8000",
            "[fe80::1]",
            "localhost",
            "LOCALHOST.:8000",
            "app.localhost",
            "backend:3000",
            "my_container",
        ] {
            assert!(own().is_named(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn names_of_others() {
        for host in [
            "",
            ":8000",
            "rebound.example.net",
            "example.com",
            "evil.app.example.com",
            "app.example.com.evil.net",
            "127.0.0.1.evil.net",
            "1.2.3",
            "evil.",
            "localhost.evil.net",
            "notlocalhost.net",
            "evil.notlocalhost",
            "[::1].evil.net",
            "[::1",
            "[::1]8000",
            "[app]",
            "app.example.com:80:80",
            "app.example.com:8a",
            "user@app.example.com",
            "evil.net:@app.example.com",
            "app.example.com/",
            "app.example.com,evil.net",
            "app.example.com evil",
            "..localhost@x",
            "\u{e4}.localhost@",
        ] {
            assert!(!own().is_named(host.as_bytes()), "{host}");
        }
        assert!(!own().is_named(b"\xff"));
    }
}
