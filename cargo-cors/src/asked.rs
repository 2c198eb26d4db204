//! What `explain` is asked: the call of a page as it was typed, read as it was meant.

use cors_rules::fetch::default_port;
use cors_runtime::Origin;
use cors_runtime::browser::Page;

/// Where Rocket serves if nothing is configured.
const USUAL_SERVER: &str = "http://localhost:8000";

/// A call of a page, and what else was said about it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The call.
    pub page: Page,
    /// The origin of the application, if a whole URL was given.
    server: Option<String>,
    /// Whether the commands for `curl` are to be shown.
    pub curl: bool,
    /// What was understood otherwise than it was typed.
    pub notes: Vec<String>,
}

impl Asked {
    /// Takes the origin of the page. A text that is not an origin is taken for the one that was meant, if that is clear.
    pub fn origin(&mut self, text: String) {
        match meant(&text) {
            Some(origin) if origin != text => {
                self.notes.push(format!(
                    "`{text}` is not an origin, which is a scheme, a host and perhaps a port: asked about `{origin}`"
                ));
                self.page.origin = origin;
            }
            _ => self.page.origin = text,
        }
    }

    /// Takes the path, or a whole URL. To be called after [`origin`](Self::origin).
    ///
    /// # Errors
    /// The URL is not one of the server itself, and the page was said to be.
    pub fn path(&mut self, text: String) -> Result<(), String> {
        let Some((server, path)) = split_url(&text) else {
            self.page.path = text;
            return Ok(());
        };
        self.page.path = path.split('#').next().filter(|path| !path.is_empty()).unwrap_or("/").to_owned();
        self.notes.push(format!("asked about the path of the URL: `{}`", self.page.path));
        let is_own = server == self.page.origin;
        if self.page.same_origin == Some(true) && !is_own {
            return Err(format!(
                "`--same-origin` is for pages of the server, and `{server}` is not `{}`",
                self.page.origin
            ));
        }
        self.page.same_origin = Some(is_own);
        self.server = Some(server);
        Ok(())
    }

    /// Where the application is, for commands.
    #[must_use]
    pub fn server(&self, same_origin: bool) -> &str {
        match &self.server {
            Some(server) => server,
            None if same_origin => &self.page.origin,
            None => USUAL_SERVER,
        }
    }
}

/// The origin that a text means: itself if it is one, or the one of a URL or of a host. `None` if that is not clear.
fn meant(text: &str) -> Option<String> {
    if text == "null" || Origin::parse(text.as_bytes()).is_some() {
        return Some(text.to_owned());
    }
    if let Some((origin, _)) = split_url(text) {
        return Some(origin);
    }
    if text.contains("://") {
        return None;
    }
    // A host, as it is often said. Development servers seldom have a certificate.
    let host = text.split(['/', ':']).next()?;
    let local = host == "localhost" || host.ends_with(".localhost") || host.parse::<std::net::Ipv4Addr>().is_ok();
    let (origin, _) = split_url(&format!("{}://{text}", if local { "http" } else { "https" }))?;
    // `evil` is a word and not a host.
    (local || host.contains('.')).then_some(origin)
}

/// The origin of a URL, as a browser writes it, and what follows. `None` if the text is not the URL of a web page.
fn split_url(text: &str) -> Option<(String, &str)> {
    let (scheme, rest) = text.trim().split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(&*scheme, "http" | "https") {
        return None;
    }
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = authority.rsplit('@').next()?.to_ascii_lowercase();
    let usual = default_port(&scheme).map(|port| format!(":{port}")).unwrap_or_default();
    let origin = format!("{scheme}://{}", host.strip_suffix(&usual).unwrap_or(&host));
    Origin::parse(origin.as_bytes())?;
    Some((origin, path))
}

#[cfg(test)]
mod tests {
    use super::{Asked, meant, split_url};

    #[test]
    fn what_is_meant_for_an_origin() {
        for (text, origin) in [
            ("https://app.example.com", "https://app.example.com"),
            ("null", "null"),
            ("app://.", "app://."),
            ("https://app.example.com/app?x#y", "https://app.example.com"),
            ("HTTPS://App.Example.com:443/", "https://app.example.com"),
            ("http://user:word@localhost:3000/", "http://localhost:3000"),
            ("app.example.com/app", "https://app.example.com"),
            ("localhost:5173", "http://localhost:5173"),
            ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ] {
            assert_eq!(meant(text).as_deref(), Some(origin), "{text}");
        }
        for text in ["evil", "", "https://", "https://a b", "https://*.example.com", "ftp://a.example/x", "https://a:b"]
        {
            assert_eq!(meant(text), None, "{text}");
        }
    }

    #[test]
    fn a_url_is_taken_apart() {
        assert_eq!(split_url("https://a.example:8443?x=1"), Some(("https://a.example:8443".to_owned(), "?x=1")));
        let asked = |origin: &str, path: &str, own| {
            let mut asked = Asked::default();
            asked.page.same_origin = own;
            asked.origin(origin.to_owned());
            asked.path(path.to_owned()).map(|()| asked)
        };
        let page = asked("https://a.example", "https://A.example/x?y=1#z", None).expect("asked");
        assert_eq!(
            (&*page.page.path, page.page.same_origin, page.server(true)),
            ("/x?y=1", Some(true), "https://a.example")
        );
        assert_eq!(page.notes.len(), 1);
        let page = asked("https://b.example", "https://a.example", None).expect("asked");
        assert_eq!((&*page.page.path, page.page.same_origin), ("/", Some(false)));
        assert!(asked("https://b.example", "https://a.example/", Some(true)).is_err());
        let page = asked("https://b.example", "/x", Some(true)).expect("asked");
        assert_eq!((page.server(true), page.server(false)), ("https://b.example", "http://localhost:8000"));
    }
}
