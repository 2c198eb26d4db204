//! The origin of a page, in its parts.

use cors_rules::{Pattern, Port};

/// An origin that a browser may have sent: a scheme, a host, and perhaps a port
/// ([Fetch, `Origin` header](https://fetch.spec.whatwg.org/#origin-header)).
///
/// `null` is not an origin, nor is text in any other form than a browser's. The pages of apps have schemes whose hosts
/// are not DNS names: the host of `app://.` is a dot, and that of `app://` is empty.
///
/// ```
/// use cors_runtime::Origin;
///
/// let origin = Origin::parse(b"https://a.tenants.example.com:8443").unwrap();
/// assert_eq!((origin.scheme(), origin.host(), origin.port()), ("https", "a.tenants.example.com", Some(8443)));
/// assert!(origin.is_subdomain_of("tenants.example.com"));
/// assert!(!Origin::parse(b"https://eviltenants.example.com").unwrap().is_subdomain_of("tenants.example.com"));
/// assert_eq!(Origin::parse(b"app://.").unwrap().host(), ".");
/// assert!(Origin::parse(b"null").is_none());
/// assert!(Origin::parse(b"https://a.example.com/").is_none());
/// assert!(Origin::try_from("https://a.example.com").is_ok_and(|origin| origin.as_ref() == "https://a.example.com"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Origin<'a> {
    text: &'a str,
    parts: Pattern<'a>,
}

impl<'a> Origin<'a> {
    /// Reads the value of an `Origin` header. `None` if it is not an origin. Text of more than 327 bytes is
    /// not looked at.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let parts = Pattern::of_origin(value)?;
        Some(Origin { text: std::str::from_utf8(value).ok()?, parts })
    }

    /// The whole origin, as the browser sent it.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// The scheme, in lower case: `https`.
    #[must_use]
    pub fn scheme(&self) -> &'a str {
        self.parts.scheme
    }

    /// The host, in lower case and ASCII. IPv6 addresses are in brackets.
    #[must_use]
    pub fn host(&self) -> &'a str {
        self.parts.host
    }

    /// The port, where it is not the default one of the scheme.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        match self.parts.port {
            Port::Number(port) => Some(port),
            Port::Default | Port::Any => None,
        }
    }

    /// Whether the host is below this domain, at any depth. The domain itself is not.
    #[must_use]
    pub fn is_subdomain_of(&self, domain: &str) -> bool {
        let below = self.host().strip_suffix(domain).and_then(|rest| rest.strip_suffix('.'));
        !domain.is_empty() && below.is_some_and(|labels| !labels.is_empty())
    }
}

impl<'a> TryFrom<&'a str> for Origin<'a> {
    type Error = ParseOriginError;

    fn try_from(text: &'a str) -> Result<Self, ParseOriginError> {
        Origin::parse(text.as_bytes()).ok_or(ParseOriginError)
    }
}

impl AsRef<str> for Origin<'_> {
    fn as_ref(&self) -> &str {
        self.text
    }
}

/// The text is not an origin as a browser would serialize it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseOriginError;

impl std::fmt::Display for ParseOriginError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not an origin that a browser would send, such as `https://app.example.com`")
    }
}

impl std::error::Error for ParseOriginError {}

impl std::fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text)
    }
}
