//! How the origin of a page is related to that of the server it calls, as browsers say it in `Sec-Fetch-Site`.

use cors_rules::public_suffix::is_suffix;

use crate::origin::Origin;

/// The relation of two origins ([Fetch Metadata](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    SameOrigin,
    SameSite,
    CrossSite,
}

impl Relation {
    /// The relation of a page to a server. Text that is not an origin, such as `null`, is of no site.
    pub(crate) fn of(page: &str, server: &str) -> Self {
        let (Some(page), Some(server)) = (Origin::parse(page.as_bytes()), Origin::parse(server.as_bytes())) else {
            return Relation::CrossSite;
        };
        // <https://html.spec.whatwg.org/#same-site>: the scheme counts, the port does not.
        match (page == server, page.scheme() == server.scheme() && site(page.host()) == site(server.host())) {
            (true, _) => Relation::SameOrigin,
            (false, true) => Relation::SameSite,
            (false, false) => Relation::CrossSite,
        }
    }

    /// The value of `Sec-Fetch-Site`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Relation::SameOrigin => "same-origin",
            Relation::SameSite => "same-site",
            Relation::CrossSite => "cross-site",
        }
    }
}

/// The [registrable domain](https://url.spec.whatwg.org/#host-registrable-domain) of a host, or the host itself if it has none: an
/// address, or a public suffix.
fn site(host: &str) -> &str {
    if is_address(host) || is_suffix(host) {
        return host;
    }
    let mut domain = host;
    while let Some((_, parent)) = domain.split_once('.') {
        if is_suffix(parent) {
            break;
        }
        domain = parent;
    }
    domain
}

fn is_address(host: &str) -> bool {
    host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok()
}

/// Whether browsers trust a connection to this origin, so that they send `Sec-Fetch-…`
/// ([Secure Contexts](https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy)).
pub(crate) fn is_trustworthy(origin: &Origin<'_>) -> bool {
    let host = origin.host();
    let is_loopback = host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback());
    origin.scheme() == "https" || is_loopback || host == "[::1]" || host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::{Relation, is_trustworthy};
    use crate::origin::Origin;

    #[test]
    fn sites() {
        use Relation::{CrossSite, SameOrigin, SameSite};
        for (page, server, site) in [
            ("https://app.example.com", "https://app.example.com", SameOrigin),
            ("https://app.example.com", "https://app.example.com:8443", SameSite),
            ("https://app.example.com", "https://api.example.com", SameSite),
            ("https://example.com", "https://a.b.example.com", SameSite),
            ("https://app.example.com", "http://api.example.com", CrossSite),
            ("https://app.example.com", "https://example.net", CrossSite),
            ("https://a.github.io", "https://b.github.io", CrossSite),
            ("https://a.co.uk", "https://b.co.uk", CrossSite),
            ("https://x.a.co.uk", "https://y.a.co.uk", SameSite),
            ("http://localhost:3000", "http://localhost:8000", SameSite),
            ("http://127.0.0.1:3000", "http://127.0.0.1", SameSite),
            ("http://10.0.0.1", "http://11.0.0.1", CrossSite),
            ("http://[::1]:3000", "http://[::1]", SameSite),
            ("null", "null", CrossSite),
        ] {
            assert_eq!(Relation::of(page, server), site, "{page} {server}");
        }
    }

    #[test]
    fn connections_that_browsers_trust() {
        let trusted = |text: &'static str| Origin::parse(text.as_bytes()).is_some_and(|origin| is_trustworthy(&origin));
        assert!(
            ["https://nas.lan", "http://localhost", "http://127.3.0.1", "http://[::1]:8000"].into_iter().all(trusted)
        );
        assert!(!["http://nas.lan", "http://localhost.evil.net", "http://10.0.0.1"].into_iter().any(trusted));
    }
}
