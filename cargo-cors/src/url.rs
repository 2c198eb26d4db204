//! What a browser makes of a URL before it sends anything, and why it sends nothing.

use std::fmt::Write as _;

use cors_rules::fetch::{bad_port, default_port};
use cors_rules::is_loopback;
use cors_runtime::Origin;
use cors_runtime::browser::is_mixed;

/// The URL of something that a page calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url<'t> {
    /// The origin, as a browser writes it.
    pub(crate) origin: String,
    /// Whether there is a user name or a password.
    has_user: bool,
    /// The path, the query and the fragment, as they were written.
    pub(crate) rest: &'t str,
}

impl<'t> Url<'t> {
    /// `None` if the text is not the URL of a web page.
    pub(crate) fn read(text: &'t str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        if !matches!(&*scheme, "http" | "https") {
            return None;
        }
        // Browsers read `\` as `/`: `https://a.example\@b.example` is a URL of the first one.
        let (authority, rest) = rest.split_at(rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len()));
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let host = host.to_ascii_lowercase();
        let usual = default_port(&scheme).map(|port| format!(":{port}")).unwrap_or_default();
        let origin = format!("{scheme}://{}", host.strip_suffix(&usual).unwrap_or(&host));
        Origin::parse(origin.as_bytes())?;
        Some(Url { origin, has_user: !matches!(user, "" | ":"), rest })
    }

    /// What a browser sends as `Host`.
    pub(crate) fn host(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, host)| host)
    }

    /// Why `fetch` sends nothing to this URL for a page of this origin.
    pub(crate) fn refusal(&self, page: &str) -> Option<String> {
        let Url { origin, has_user, .. } = self;
        if *has_user {
            return Some(format!(
                "scripts cannot call a URL with a user name or a password: `fetch` throws a TypeError \
                 (https://fetch.spec.whatwg.org/#dom-request). Ask about `{origin}`, with `--header authorization` if the \
                 script sets that"
            ));
        }
        if let Some(blocked) = blocked_port(origin) {
            return Some(format!("no browser sends a request to `{origin}`: {blocked}"));
        }
        is_mixed(page, origin).then(|| {
            format!(
                "no browser sends a request of a page of `{page}` to `{origin}`: it is blocked as mixed content \
                 (https://www.w3.org/TR/mixed-content/#should-block-fetch). Serve the API over https too; if the page says \
                 `upgrade-insecure-requests` in its Content-Security-Policy, ask about the URL with `https`"
            )
        })
    }

    /// What else a browser may do about a call of this page.
    pub(crate) fn note(&self, page: &str) -> Option<String> {
        let origin = Origin::parse(self.origin.as_bytes())?;
        let is_of_network = |page: &Origin<'_>| page.scheme() == "https" && !is_loopback(page.host());
        let page = Origin::parse(page.as_bytes()).filter(is_of_network)?;
        (origin.scheme() == "http").then(|| {
            format!(
                "some browsers block calls from `{page}` to the user's own machine, or ask the user first: \
                 https://wicg.github.io/local-network-access/"
            )
        })
    }
}

/// Why browsers do not connect to the port of this origin ([port blocking](https://fetch.spec.whatwg.org/#port-blocking)).
pub(crate) fn blocked_port(origin: &str) -> Option<String> {
    let (_, port) = origin.rsplit_once(':').filter(|_| origin.starts_with("http"))?;
    let of = match bad_port(port.parse().ok()?)? {
        "" => String::new(),
        service => format!(", which is that of {service}"),
    };
    Some(format!("browsers block the port {port}{of} (https://fetch.spec.whatwg.org/#port-blocking)"))
}

/// The path and the query that a browser sends for what is written after the host, as the
/// [URL standard](https://url.spec.whatwg.org/#path-state) reads it for `http` and `https`. Control characters stay, since
/// nobody means them.
pub(crate) fn path(text: &str) -> String {
    let text = text.split('#').next().unwrap_or_default();
    let (path, query) = text.split_once('?').map_or((text, None), |(path, query)| (path, Some(query)));
    let mut segments = Vec::new();
    let mut written = path.strip_prefix(['/', '\\']).unwrap_or(path).split(['/', '\\']).peekable();
    while let Some(segment) = written.next() {
        let is_last = written.peek().is_none();
        match dots(segment) {
            0 => segments.push(segment),
            dots => {
                if dots == 2 {
                    segments.pop();
                }
                // A folder ends with a slash.
                segments.extend(is_last.then_some(""));
            }
        }
    }
    let mut sent = String::from("/");
    escape(&mut sent, &segments.join("/"), " \"<>^`{}");
    if let Some(query) = query {
        sent.push('?');
        escape(&mut sent, query, " \"<>'");
    }
    sent
}

/// How many dots a segment is, if it is one or two of them. `%2e` is one.
fn dots(segment: &str) -> usize {
    match &*segment.to_ascii_lowercase().replace("%2e", ".") {
        "." => 1,
        ".." => 2,
        _ => 0,
    }
}

/// Writes a text, with these characters and those that are not ASCII as their bytes in percents.
fn escape(sent: &mut String, text: &str, escaped: &str) {
    for character in text.chars() {
        if character.is_ascii() && !escaped.contains(character) {
            sent.push(character);
            continue;
        }
        for byte in character.encode_utf8(&mut [0; 4]).bytes() {
            // Writing to a string does not fail.
            let _ = write!(sent, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Url, blocked_port, path};

    const PAGE: &str = "https://app.example.com";

    #[test]
    fn a_url_is_taken_apart() {
        let read = |text: &'static str| Url::read(text).map(|url| (url.origin, url.rest));
        assert_eq!(read("https://a.example:8443?x=1"), Some(("https://a.example:8443".to_owned(), "?x=1")));
        assert_eq!(read("HTTP://A.example:80\\@b.example/"), Some(("http://a.example".to_owned(), "\\@b.example/")));
        for text in ["ws://a.example/", "https://", "//a.example/", "https://a:b", "/a"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn what_a_browser_sends_for_a_path() {
        for (text, sent) in [
            ("", "/"),
            ("?a=/../b", "/?a=/../b"),
            ("/items/7#../x", "/items/7"),
            ("/files/../items/7", "/items/7"),
            ("/files/%2E%2e/items/7", "/items/7"),
            ("/files/.%2e/items/%2e/7", "/items/7"),
            ("/files\\..\\items/7", "/items/7"),
            ("/a/b/..", "/a/"),
            ("/a/.", "/a/"),
            ("/../..", "/"),
            ("/a/..", "/"),
            ("/a//../b", "/a/b"),
            ("/a//b/", "/a//b/"),
            ("/.../..a/a..", "/.../..a/a.."),
            ("/%2f..", "/%2f.."),
            ("/b\u{fc}cher/{id}?q='a b'", "/b%C3%BCcher/%7Bid%7D?q=%27a%20b%27"),
            ("/a%20b?c=[1]|$", "/a%20b?c=[1]|$"),
        ] {
            assert_eq!(path(text), sent, "{text}");
            assert_eq!(path(sent), sent, "a browser does not change what it has sent");
        }
    }

    #[test]
    fn where_no_request_is_sent() {
        let refusal = |page: &str, url: &'static str| Url::read(url).expect(url).refusal(page);
        for (page, url, why) in [
            (PAGE, "http://api.example.com/", "mixed content"),
            (PAGE, "http://10.0.0.1/", "mixed content"),
            (PAGE, "http://localhost.evil.net/", "mixed content"),
            (PAGE, "https://api.example.com:6000/", "the port 6000, which is that of x11"),
            ("http://localhost:3000", "http://localhost:6667/", "the port 6667"),
            (PAGE, "https://u:p@api.example.com/", "a user name"),
            (PAGE, "https://u@api.example.com/", "a user name"),
            (PAGE, "https://:p@api.example.com/", "a user name"),
        ] {
            assert!(refusal(page, url).is_some_and(|text| text.contains(why)), "{page} {url}");
        }
        for (page, url) in [
            (PAGE, "https://api.example.com/"),
            (PAGE, "https://api.example.com:6001/"),
            (PAGE, "https://@api.example.com/"),
            (PAGE, "http://localhost:8000/"),
            (PAGE, "http://app.localhost/"),
            (PAGE, "http://127.0.0.1:8000/"),
            (PAGE, "http://[::1]:8000/"),
            ("http://app.example.com", "http://api.example.com/"),
            ("http://app.example.com", "https://api.example.com/"),
            ("http://localhost:3000", "http://api.example.com/"),
            ("null", "http://api.example.com/"),
        ] {
            assert_eq!(refusal(page, url), None, "{page} {url}");
        }
        assert!(blocked_port("http://[::1]:6000").is_some());
        for origin in ["https://a.example", "http://[::1]", "app://a:6000", "null"] {
            assert_eq!(blocked_port(origin), None, "{origin}");
        }
    }

    #[test]
    fn a_page_of_the_network_and_the_own_machine() {
        let note = |page: &str, url: &'static str| Url::read(url).expect(url).note(page);
        assert!(note(PAGE, "http://localhost:8000/").is_some());
        for (page, url) in [
            (PAGE, "https://api.example.com/"),
            ("https://localhost:8443", "http://localhost:8000/"),
            ("http://localhost:3000", "http://localhost:8000/"),
        ] {
            assert_eq!(note(page, url), None, "{page} {url}");
        }
    }
}
