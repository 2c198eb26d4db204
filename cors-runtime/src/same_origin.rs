//! Tells requests of the server's own pages from requests of other pages.

use crate::own_origins::OwnOrigins;
use crate::refusal::{Compared, Refusal};
use crate::request::{CorsRequest, OriginHeader};

/// Whose page made a request, as far as the request tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page<'r> {
    /// A page of the server itself, the user (an address that was typed), or a program that is not a browser.
    Own,
    /// A page of another origin.
    Other,
    /// A page of another origin that does not say which: `Sec-Fetch-Site` has this value, and there is no `Origin`.
    OtherWithoutOrigin(&'r [u8]),
}

impl<'r> Page<'r> {
    /// Browsers send `Origin` with same-origin writes too, so an origin that a policy does not name may well be the
    /// application's own. `Sec-Fetch-Site`, which no script can set, decides if it is there
    /// ([Fetch Metadata](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)). Otherwise the origin's host and
    /// port have to be those of `Host`. The scheme cannot be compared: behind a proxy that ends TLS, the server does not
    /// know its own.
    ///
    /// An application that has named its own origins needs neither: a page of another origin cannot send one of them, and
    /// what `Host` and `Sec-Fetch-Site` compare with may be a name that points at the application for a while.
    ///
    /// `Origin` is not sent with all requests of other pages: images, frames, links and forms with GET have none.
    /// `Sec-Fetch-Site` tells them apart in browsers that send it.
    pub(crate) fn of(request: &CorsRequest<'r>, own: Option<&OwnOrigins>) -> Self {
        let origin = match (request.origin, request.site) {
            (OriginHeader::Absent, None | Some(b"same-origin" | b"none")) => return Page::Own,
            // Also with a value that no browser sends today.
            (OriginHeader::Absent, Some(site)) => return Page::OtherWithoutOrigin(site),
            (OriginHeader::Several, _) => return Page::Other,
            (OriginHeader::One(origin), _) => origin,
        };
        let is_own = match (own, request.site) {
            (Some(own), _) => own.name(origin),
            (None, Some(b"same-origin")) => true,
            // The user started it. With the origin of another page the browser repeats what that page had sent: a form that
            // was refused, in a tab that is loaded again.
            (None, Some(b"none")) => origin == b"null" || is_host(request, origin),
            (None, Some(_)) => false,
            (None, None) => is_host(request, origin),
        };
        if is_own { Page::Own } else { Page::Other }
    }
}

/// Why a request is refused that does not ask the application by one of its names, if it has named its origins. A request
/// without `Host` passes, since browsers send one each time.
pub(crate) fn refuse_host<'r>(request: &CorsRequest<'r>, own: Option<&OwnOrigins>) -> Option<Refusal<'r>> {
    let own = own?;
    let (is_refused, several) = request.with_host(|host, several| (several || !own.is_named(host), several))?;
    // The first one may be right.
    let text = || if several { [&*request.host_text(), b", ..."].concat().into() } else { request.host_text() };
    is_refused.then(|| Refusal::Host(text()))
}

/// What was compared with the `Origin` of a request that is not of the application's own page, if its page may be one
/// nevertheless.
pub(crate) fn compared<'r>(request: &CorsRequest<'r>, has_own_origins: bool) -> Option<Compared<'r>> {
    let origin = request.origin.one()?;
    match request.site {
        None | Some(b"same-origin") if origin == b"null" => Some(Compared::Null),
        _ if has_own_origins => Some(Compared::OwnOrigins),
        // The browser knows.
        Some(_) => None,
        None => Some(request.host_text()).filter(|host| !host.is_empty()).map(Compared::Host),
    }
}

/// Whether the host and the port of this origin are those of `Host`.
fn is_host(request: &CorsRequest<'_>, origin: &[u8]) -> bool {
    let (authority, default_port) = if let Some(rest) = origin.strip_prefix(b"https://") {
        (rest, &b":443"[..])
    } else if let Some(rest) = origin.strip_prefix(b"http://") {
        (rest, &b":80"[..])
    } else {
        return false;
    };
    let is_equal = |host: &[u8], several: bool| {
        // Some proxies write it. Browsers leave it out, in both headers.
        let host = host.strip_suffix(default_port).unwrap_or(host);
        !several && !host.is_empty() && host.eq_ignore_ascii_case(authority)
    };
    request.with_host(is_equal) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::Page;
    use crate::own_origins::OwnOrigins;
    use crate::request::{Authority, CorsRequest};

    fn page(headers: &'static [(&'static str, &'static str)], host: &'static str) -> Page<'static> {
        let headers = headers.iter().map(|(name, value)| (*name, value.as_bytes()));
        Page::of(&CorsRequest::new("POST", Some(Authority::Text(host))).with(headers), None)
    }

    macro_rules! same {
        ($origin:literal, $host:literal) => {
            page(&[("Origin", $origin)], $host) == Page::Own
        };
    }

    #[test]
    fn host_and_port_have_to_be_equal() {
        assert!(same!("https://api.example.com", "api.example.com"));
        assert!(same!("https://api.example.com", "API.example.com:443"));
        assert!(same!("http://api.example.com", "api.example.com:80"));
        assert!(same!("http://localhost:8000", "localhost:8000"));
        assert!(same!("http://[::1]:8000", "[::1]:8000"));
        assert!(!same!("https://api.example.com", "api.example.com:80"));
        assert!(!same!("https://api.example.com:443", "api.example.com"));
        assert!(!same!("https://api.example.com:443", "api.example.com:443"));
        assert!(!same!("http://evil@api.example.com", "api.example.com"));
        assert!(!same!("https://api.example.com:8443", "api.example.com"));
        assert!(!same!("https://evil.net", "api.example.com"));
        assert!(!same!("https://evil.net/api.example.com", "api.example.com"));
        assert!(!same!("null", "null"));
        assert!(!same!("https://", ""));
    }

    macro_rules! says {
        ($site:literal, $origin:literal) => {
            page(&[("origin", $origin), ("SEC-FETCH-SITE", $site)], "a.example")
        };
    }

    #[test]
    fn what_the_browser_says_decides() {
        // A page under `Referrer-Policy: no-referrer` posts to its own server with `Origin: null`.
        assert_eq!(says!("same-origin", "null"), Page::Own);
        assert_eq!(says!("same-origin", "https://b.example"), Page::Own);
        assert_eq!(says!("none", "null"), Page::Own);
        assert_eq!(says!("none", "https://a.example"), Page::Own);
        assert_eq!(says!("none", "https://b.example"), Page::Other);
        assert_eq!(says!("same-site", "https://a.example"), Page::Other);
        assert_eq!(says!("cross-site", "https://a.example"), Page::Other);
        assert_eq!(says!("", "https://a.example"), Page::Other);
        let without_host = CorsRequest::new("POST", None).with([("origin", &b"https://a.example"[..])]);
        assert_eq!(Page::of(&without_host, None), Page::Other);
    }

    #[test]
    fn own_origins_decide_if_there_are_any() {
        let own = OwnOrigins::new(["https://a.example", "http://nas.lan"]).unwrap();
        let page = |headers: &[(&'static str, &'static str)]| {
            let headers = headers.iter().map(|(name, value)| (*name, value.as_bytes()));
            Page::of(&CorsRequest::new("POST", Some(Authority::Text("b.example"))).with(headers), Some(&own))
        };
        assert_eq!(page(&[("origin", "http://nas.lan")]), Page::Own);
        // Android's home screen.
        assert_eq!(page(&[("origin", "https://a.example"), ("sec-fetch-site", "cross-site")]), Page::Own);
        for other in ["https://b.example", "http://b.example", "null", "http://a.example", "https://a.example.", ""] {
            for site in ["same-origin", "none", "same-site"] {
                assert_eq!(page(&[("origin", other), ("sec-fetch-site", site)]), Page::Other, "{other} {site}");
            }
            assert_eq!(page(&[("origin", other)]), Page::Other, "{other}");
        }
        assert_eq!(page(&[("origin", "https://a.example"), ("origin", "https://a.example")]), Page::Other);
        assert_eq!(page(&[("sec-fetch-site", "cross-site")]), Page::OtherWithoutOrigin(b"cross-site"));
        assert_eq!(page(&[("sec-fetch-site", "same-origin")]), Page::Own);
        assert_eq!(page(&[]), Page::Own);
    }

    #[test]
    fn a_request_without_origin_may_be_of_another_page() {
        assert_eq!(page(&[("sec-fetch-site", "cross-site")], "a"), Page::OtherWithoutOrigin(b"cross-site"));
        assert_eq!(page(&[("sec-fetch-site", "same-site")], "a"), Page::OtherWithoutOrigin(b"same-site"));
        assert_eq!(page(&[("sec-fetch-site", "")], "a"), Page::OtherWithoutOrigin(b""));
        assert_eq!(page(&[("sec-fetch-site", "Cross-Site")], "a"), Page::OtherWithoutOrigin(b"Cross-Site"));
        assert_eq!(page(&[("sec-fetch-site", "cross-partition")], "a"), Page::OtherWithoutOrigin(b"cross-partition"));
        assert_eq!(page(&[("sec-fetch-site", "none")], "a"), Page::Own);
        assert_eq!(page(&[("sec-fetch-site", "same-origin")], "a"), Page::Own);
        assert_eq!(page(&[], "a"), Page::Own);
    }
}
