//! Telling a page's calls to its own server from calls to another.

/// Whether a request that carries this `Origin` came from a page of the server itself.
///
/// Browsers send `Origin` on same-origin writes too, so an origin that a policy does not name may well be the
/// application's own. `Sec-Fetch-Site`, which no script can set, decides where it is there
/// ([Fetch Metadata](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)); else the origin's host and
/// port have to be those of `Host`. The scheme cannot be compared: behind a proxy that ends TLS the server
/// does not know its own.
///
/// `host` is the value of `Host` or of `:authority`.
#[must_use]
pub fn is_same_origin(origin: &[u8], sec_fetch_site: Option<&[u8]>, host: Option<&[u8]>) -> bool {
    if let Some(site) = sec_fetch_site {
        return matches!(site, b"same-origin" | b"none");
    }
    let (rest, default_port): (_, &[u8]) = if let Some(rest) = origin.strip_prefix(b"https://") {
        (rest, b":443")
    } else if let Some(rest) = origin.strip_prefix(b"http://") {
        (rest, b":80")
    } else {
        return false;
    };
    let without_default =
        |authority: &'_ [u8]| authority.strip_suffix(default_port).unwrap_or(authority).to_ascii_lowercase();
    host.is_some_and(|host| !host.is_empty() && without_default(host) == without_default(rest))
}

#[cfg(test)]
mod tests {
    use super::is_same_origin;

    #[test]
    fn host_and_port_have_to_be_equal() {
        let same = |origin: &str, host: &str| is_same_origin(origin.as_bytes(), None, Some(host.as_bytes()));
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
            |site: &str, origin: &str| is_same_origin(origin.as_bytes(), Some(site.as_bytes()), Some(b"a.example"));
        // A page under `Referrer-Policy: no-referrer` posts to its own server with `Origin: null`.
        assert!(says("same-origin", "null"));
        assert!(says("none", "null"));
        assert!(!says("same-site", "https://a.example"));
        assert!(!says("cross-site", "https://a.example"));
        assert!(!says("", "https://a.example"));
        assert!(!is_same_origin(b"https://a.example", None, None));
    }
}
