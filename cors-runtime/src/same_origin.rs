//! Tells requests of the server's own pages from requests of other pages.

use std::fmt::{self, Write as _};

use cors_rules::fetch::LONGEST_HOST;

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
    /// `Origin` is not sent with all requests of other pages: images, frames, links and forms with GET have none.
    /// `Sec-Fetch-Site` tells them apart in browsers that send it.
    pub(crate) fn of(request: &CorsRequest<'r>) -> Self {
        let origin = match (request.origin, request.site) {
            (OriginHeader::Absent, None | Some(b"same-origin" | b"none")) => return Page::Own,
            // Also with a value that no browser sends today.
            (OriginHeader::Absent, Some(site)) => return Page::OtherWithoutOrigin(site),
            (OriginHeader::Several, _) => return Page::Other,
            (OriginHeader::One(origin), _) => origin,
        };
        let own = match request.site {
            Some(b"same-origin") => true,
            // The user started it. With the origin of another page the browser repeats what that page had sent: a form that
            // was refused, in a tab that is loaded again.
            Some(b"none") => origin == b"null" || is_host(request, origin),
            Some(_) => false,
            None => is_host(request, origin),
        };
        if own { Page::Own } else { Page::Other }
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
    let Some(host) = request.host else { return false };
    let mut text = Text { bytes: [0; Text::LONGEST], length: 0 };
    if write!(text, "{host}").is_err() {
        return false;
    }
    let host = &text.bytes[..text.length];
    let without_default =
        |text: &'_ [u8]| text.len() - if text.ends_with(default_port) { default_port.len() } else { 0 };
    let (host, authority) = (&host[..without_default(host)], &authority[..without_default(authority)]);
    !host.is_empty() && host.eq_ignore_ascii_case(authority)
}

/// A host and a port, written without allocation. A longer text is not the host of an origin.
struct Text {
    bytes: [u8; Text::LONGEST],
    length: usize,
}

impl Text {
    const LONGEST: usize = LONGEST_HOST + ":65535".len();
}

impl fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Page;
    use crate::request::{CorsRequest, Host};

    fn page(headers: &'static [(&'static str, &'static str)], host: &'static str) -> Page<'static> {
        let headers = headers.iter().map(|(name, value)| (*name, value.as_bytes()));
        Page::of(&CorsRequest::new("POST", Some(Host::Text(host))).with(headers))
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
        assert_eq!(Page::of(&without_host), Page::Other);
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
