//! Facts of the Fetch and URL standards and of the DNS that the rules rest on. Header names are in lower case.

/// Request headers that a script cannot set.
///
/// <https://fetch.spec.whatwg.org/#forbidden-request-header>; names that start with one of
/// [`FORBIDDEN_REQUEST_PREFIXES`] belong to them too.
pub const FORBIDDEN_REQUEST_HEADERS: &[&str] = &[
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// Prefixes of request headers that a script cannot set. <https://fetch.spec.whatwg.org/#forbidden-request-header>
pub const FORBIDDEN_REQUEST_PREFIXES: &[&str] = &["sec-", "proxy-"];

/// Response headers that a script can never read. <https://fetch.spec.whatwg.org/#forbidden-response-header-name>
pub const FORBIDDEN_RESPONSE_HEADERS: &[&str] = &["set-cookie", "set-cookie2"];

/// Response headers that a page can always read if it may read the response.
///
/// <https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name>
pub const SAFELISTED_RESPONSE_HEADERS: &[&str] =
    &["cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"];

/// The request headers of the CORS protocol. <https://fetch.spec.whatwg.org/#http-requests>
pub const CORS_REQUEST_HEADERS: &[&str] =
    &["origin", "access-control-request-headers", "access-control-request-method"];

/// The values of `content-type` that a page may send without asking.
///
/// <https://fetch.spec.whatwg.org/#cors-safelisted-request-header>
pub const SAFELISTED_CONTENT_TYPES: &[&str] =
    &["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

/// The headers of the CORS protocol on answers to preflights only. <https://fetch.spec.whatwg.org/#http-responses>
pub const PREFLIGHT_RESPONSE_HEADERS: &[&str] =
    &["access-control-allow-headers", "access-control-allow-methods", "access-control-max-age"];

/// The headers of the CORS protocol on responses that a page sees. <https://fetch.spec.whatwg.org/#http-responses>
pub const CORS_RESPONSE_HEADERS: &[&str] =
    &["access-control-allow-credentials", "access-control-allow-origin", "access-control-expose-headers"];

/// The longest time, in seconds, for which any browser remembers a preflight: a day, in Firefox.
pub const LONGEST_MAX_AGE: u64 = 86_400;

/// The most bytes of a DNS name, the dot at its end not counted. <https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4>
pub const LONGEST_HOST: usize = 253;

/// The most bytes of one label of a DNS name. <https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4>
pub const LONGEST_LABEL: usize = 63;

/// The most bytes of a scheme. No standard has a limit; the longest in use has about twenty, and a scheme that is the
/// name of a package in reverse may have twice as many.
pub const LONGEST_SCHEME: usize = 64;

/// The most bytes of an origin: scheme, `://`, host with a dot at its end, colon and port. A longer text is not an
/// origin, so nothing has to read it.
pub const LONGEST_ORIGIN: usize = LONGEST_SCHEME + "://".len() + LONGEST_HOST + ".".len() + ":65535".len();

/// The ports that browsers do not load `http` and `https` URLs from, with the service that each belongs to.
///
/// <https://fetch.spec.whatwg.org/#port-blocking>; an empty name where the standard gives none.
pub const BAD_PORTS: &[(u16, &str)] = &[
    (0, ""),
    (1, "tcpmux"),
    (7, "echo"),
    (9, "discard"),
    (11, "systat"),
    (13, "daytime"),
    (15, "netstat"),
    (17, "qotd"),
    (19, "chargen"),
    (20, "ftp-data"),
    (21, "ftp"),
    (22, "ssh"),
    (23, "telnet"),
    (25, "smtp"),
    (37, "time"),
    (42, "name"),
    (43, "nicname"),
    (53, "domain"),
    (69, "tftp"),
    (77, ""),
    (79, "finger"),
    (87, ""),
    (95, "supdup"),
    (101, "hostname"),
    (102, "iso-tsap"),
    (103, "gppitnp"),
    (104, "acr-nema"),
    (109, "pop2"),
    (110, "pop3"),
    (111, "sunrpc"),
    (113, "auth"),
    (115, "sftp"),
    (117, "uucp-path"),
    (119, "nntp"),
    (123, "ntp"),
    (135, "epmap"),
    (137, "netbios-ns"),
    (139, "netbios-ssn"),
    (143, "imap"),
    (161, "snmp"),
    (179, "bgp"),
    (389, "ldap"),
    (427, "svrloc"),
    (465, "submissions"),
    (512, "exec"),
    (513, "login"),
    (514, "shell"),
    (515, "printer"),
    (526, "tempo"),
    (530, "courier"),
    (531, "chat"),
    (532, "netnews"),
    (540, "uucp"),
    (548, "afp"),
    (554, "rtsp"),
    (556, "remotefs"),
    (563, "nntps"),
    (587, "submission"),
    (601, "syslog-conn"),
    (636, "ldaps"),
    (989, "ftps-data"),
    (990, "ftps"),
    (993, "imaps"),
    (995, "pop3s"),
    (1719, "h323gatestat"),
    (1720, "h323hostcall"),
    (1723, "pptp"),
    (2049, "nfs"),
    (3659, "apple-sasl"),
    (4045, "npp"),
    (4190, "sieve"),
    (5060, "sip"),
    (5061, "sips"),
    (6000, "x11"),
    (6566, "sane-port"),
    (6665, "ircu"),
    (6666, "ircu"),
    (6667, "ircu"),
    (6668, "ircu"),
    (6669, "ircu"),
    (6679, "osaut"),
    (6697, "ircs-u"),
    (10080, "amanda"),
];

/// The service that a blocked port belongs to, or `None` if browsers load pages from the port.
#[must_use]
pub fn bad_port(port: u16) -> Option<&'static str> {
    BAD_PORTS
        .binary_search_by_key(&port, |(bad, _)| *bad)
        .ok()
        .and_then(|i| BAD_PORTS.get(i))
        .map(|(_, service)| *service)
}

/// The port that browsers leave out for the scheme. <https://url.spec.whatwg.org/#default-port>
#[must_use]
pub const fn default_port(scheme: &str) -> Option<u16> {
    match scheme.as_bytes() {
        b"http" | b"ws" => Some(80),
        b"https" | b"wss" => Some(443),
        b"ftp" => Some(21),
        _ => None,
    }
}

/// Whether hosts of the scheme are domains and IP addresses, rather than opaque text.
///
/// <https://url.spec.whatwg.org/#is-special>
#[must_use]
pub const fn is_special_scheme(scheme: &str) -> bool {
    matches!(scheme.as_bytes(), b"http" | b"https" | b"ws" | b"wss" | b"ftp" | b"file")
}

/// Whether an app, and not the web, gives the scheme to its pages: `app`, `capacitor`, `tauri`. Extensions count too.
///
/// The DNS knows nothing of their hosts. The scheme is in lower case.
#[must_use]
pub const fn is_app_scheme(scheme: &str) -> bool {
    !is_special_scheme(scheme)
}

/// Whether a page with a scheme of an app can have the host: an opaque host, as web views serialize it in lower case.
///
/// It may be empty (`app:///index.html` in a web view of `WebKit`), and `.` is the usual one in Electron.
/// <https://url.spec.whatwg.org/#concept-opaque-host-parser>
#[must_use]
pub fn is_opaque_host(host: &[u8]) -> bool {
    let mut bytes = host.iter();
    while let Some(&byte) = bytes.next() {
        let hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
        let right = if byte == b'%' { hex(bytes.next()) && hex(bytes.next()) } else { is_opaque_host_byte(byte) };
        if !right {
            return false;
        }
    }
    host.len() <= LONGEST_HOST
}

/// Unreserved characters and delimiters of RFC 3986, section 3.2.2, without capitals, and without the star of patterns.
pub(crate) const fn is_opaque_host_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase()
        || byte.is_ascii_digit()
        || matches!(
            byte,
            b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'+' | b',' | b';' | b'='
        )
}

/// Whether a `content-type` that a page may send without asking is of this media type, such as `text/plain`, or of this
/// range of media types, such as `text/*`. Parameters make no difference.
#[must_use]
pub fn may_be_safelisted(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or(media_type).trim().to_ascii_lowercase();
    let Some((top, sub)) = essence.split_once('/') else {
        return false;
    };
    SAFELISTED_CONTENT_TYPES.iter().any(|safelisted| {
        safelisted
            .split_once('/')
            .is_some_and(|(known_top, known_sub)| (top == "*" || top == known_top) && (sub == "*" || sub == known_sub))
    })
}

/// Whether a script cannot set the request header. The name is in lower case.
#[must_use]
pub fn is_forbidden_request_header(name: &str) -> bool {
    FORBIDDEN_REQUEST_HEADERS.contains(&name)
        || FORBIDDEN_REQUEST_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether the byte may stand in a header name. <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2>
#[must_use]
pub const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types() {
        for simple in
            ["text/plain", "TEXT/PLAIN; charset=utf-8", "text/*", "*/*", "multipart/form-data", "application/*"]
        {
            assert!(may_be_safelisted(simple), "{simple}");
        }
        for other in
            ["application/json", "text/html", "image/*", "json", "", "multipart/mixed", "application/json;text/plain"]
        {
            assert!(!may_be_safelisted(other), "{other}");
        }
    }

    #[test]
    fn ports_are_sorted() {
        assert!(BAD_PORTS.is_sorted());
        assert_eq!(bad_port(25), Some("smtp"));
        assert_eq!(bad_port(8080), None);
    }
}
