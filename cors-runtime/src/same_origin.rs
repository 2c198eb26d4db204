//! Tells requests of the server's own pages from requests of other pages.

use crate::request::RequestHead;

/// Whether a request that carries this `Origin` comes from a page of the server itself.
///
/// Browsers send `Origin` with same-origin writes too, so an origin that a policy does not name may well be the
/// application's own. `Sec-Fetch-Site`, which no script can set, decides if it is there
/// ([Fetch Metadata](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)). Otherwise the origin's host and
/// port have to be those of `Host`. The scheme cannot be compared: behind a proxy that ends TLS, the server does not
/// know its own.
pub(crate) fn is_own_page<'r>(request: impl RequestHead<'r>, origin: &[u8]) -> bool {
    if let Some(site) = request.values("sec-fetch-site").next() {
        return matches!(site, b"same-origin" | b"none");
    }
    request.host().is_some_and(|host| has_authority(origin, &host))
}

/// Whether the host and the port of this origin are those of this value of `Host`.
fn has_authority(origin: &[u8], host: &[u8]) -> bool {
    let (authority, default_port): (_, &[u8]) = if let Some(rest) = origin.strip_prefix(b"https://") {
        (rest, b":443")
    } else if let Some(rest) = origin.strip_prefix(b"http://") {
        (rest, b":80")
    } else {
        return false;
    };
    let without_default = |text: &'_ [u8]| text.strip_suffix(default_port).unwrap_or(text).to_ascii_lowercase();
    !host.is_empty() && without_default(host) == without_default(authority)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::is_own_page;
    use crate::request::RequestHead;

    #[derive(Clone, Copy)]
    struct Head {
        site: Option<&'static str>,
        host: Option<&'static str>,
    }

    impl RequestHead<'static> for Head {
        fn method(self) -> &'static str {
            "POST"
        }

        fn values(self, name: &'static str) -> impl Iterator<Item = &'static [u8]> {
            self.site.filter(|_| name == "sec-fetch-site").map(str::as_bytes).into_iter()
        }

        fn host(self) -> Option<Cow<'static, [u8]>> {
            self.host.map(|host| host.as_bytes().into())
        }
    }

    #[test]
    fn host_and_port_have_to_be_equal() {
        let same = |origin: &str, host| is_own_page(Head { site: None, host: Some(host) }, origin.as_bytes());
        assert!(same("https://api.example.com", "api.example.com"));
        assert!(same("https://api.example.com", "API.example.com:443"));
        assert!(same("http://api.example.com", "api.example.com:80"));
        assert!(same("http://localhost:8000", "localhost:8000"));
        assert!(same("http://[::1]:8000", "[::1]:8000"));
        assert!(!same("https://api.example.com", "api.example.com:80"));
        assert!(!same("https://api.example.com:8443", "api.example.com"));
        assert!(!same("https://evil.net", "api.example.com"));
        assert!(!same("https://evil.net/api.example.com", "api.example.com"));
        assert!(!same("null", "null"));
        assert!(!same("https://", ""));
    }

    #[test]
    fn what_the_browser_says_decides() {
        let says =
            |site, origin: &str| is_own_page(Head { site: Some(site), host: Some("a.example") }, origin.as_bytes());
        // A page under `Referrer-Policy: no-referrer` posts to its own server with `Origin: null`.
        assert!(says("same-origin", "null"));
        assert!(says("none", "null"));
        assert!(!says("same-site", "https://a.example"));
        assert!(!says("cross-site", "https://a.example"));
        assert!(!says("", "https://a.example"));
        assert!(!is_own_page(Head { site: None, host: None }, b"https://a.example"));
    }
}
