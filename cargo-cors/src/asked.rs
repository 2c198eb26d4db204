//! What `explain` is asked: the call of a page as it was typed, read as it was meant.

use cors_runtime::Origin;
use cors_runtime::browser::Page;

use crate::url::{self, Url, blocked_port};

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
    ///
    /// # Errors
    /// No browser loads a page from there.
    pub fn origin(&mut self, text: String) -> Result<(), String> {
        match meant(&text) {
            Some(origin) if origin != text => {
                self.notes.push(format!(
                    "`{text}` is not an origin, which is a scheme, a host and perhaps a port: asked about `{origin}`"
                ));
                self.page.origin = origin;
            }
            _ => self.page.origin = text,
        }
        let page = &self.page.origin;
        blocked_port(page).map_or(Ok(()), |why| Err(format!("no browser loads a page from `{page}`: {why}")))
    }

    /// Takes the path, or a whole URL. To be called after [`origin`](Self::origin).
    ///
    /// # Errors
    /// The URL is not one of the server itself, and the page was said to be; or no browser sends a request there.
    pub fn path(&mut self, text: String) -> Result<(), String> {
        let Some(url) = Url::read(&text) else { return self.path_alone(text) };
        if let Some(refusal) = url.refusal(&self.page.origin) {
            return Err(refusal);
        }
        let is_own = url.origin == self.page.origin;
        if self.page.same_origin == Some(true) && !is_own {
            return Err(format!(
                "`--same-origin` is for pages of the server, and `{}` is not `{}`",
                url.origin, self.page.origin
            ));
        }
        self.page.path = url::path(url.rest);
        self.notes.push(format!("asked about the path of the URL: `{}`", self.page.path));
        self.note_path(url.rest.split('#').next().filter(|path| !path.is_empty()).unwrap_or("/"));
        self.notes.extend(url.note(&self.page.origin));
        self.page.same_origin = Some(is_own);
        self.page.host = Some(url.host().to_owned());
        self.server = Some(url.origin);
        Ok(())
    }

    fn path_alone(&mut self, text: String) -> Result<(), String> {
        if text.starts_with("//") || text.starts_with("/\\") {
            return Err(format!("`{text}` is the URL of another server for a browser: give the whole URL"));
        }
        if !text.starts_with('/') {
            // Not a path, which is said when all is known.
            self.page.path = text;
            return Ok(());
        }
        self.page.path = url::path(&text);
        self.note_path(&text);
        Ok(())
    }

    /// Says what a browser makes of the path, if it is not what was typed.
    fn note_path(&mut self, typed: &str) {
        let sent = &self.page.path;
        if sent != typed {
            self.notes.push(format!("browsers send the path `{typed}` as `{sent}`"));
        }
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
    if let Some(url) = Url::read(text) {
        return Some(url.origin);
    }
    if text.contains("://") {
        return None;
    }
    // A host, as it is often said. Development servers seldom have a certificate.
    let host = text.split(['/', ':']).next()?;
    let local = host == "localhost" || host.ends_with(".localhost") || host.parse::<std::net::Ipv4Addr>().is_ok();
    let origin = Url::read(&format!("{}://{text}", if local { "http" } else { "https" }))?.origin;
    // `evil` is a word and not a host.
    (local || host.contains('.')).then_some(origin)
}

#[cfg(test)]
mod tests {
    use super::{Asked, meant};

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

    fn asked(origin: &str, path: &str, own: Option<bool>) -> Result<Asked, String> {
        let mut asked = Asked::default();
        asked.page.same_origin = own;
        asked.origin(origin.to_owned())?;
        asked.path(path.to_owned()).map(|()| asked)
    }

    #[test]
    fn a_whole_url_says_which_server_is_called() {
        let page = asked("https://a.example", "https://A.example/x?y=1#z", None).expect("asked");
        assert_eq!(
            (&*page.page.path, page.page.same_origin, page.server(true)),
            ("/x?y=1", Some(true), "https://a.example")
        );
        assert_eq!(page.notes.len(), 1);
        let page = asked("https://b.example", "https://a.example:8443", None).expect("asked");
        assert_eq!((&*page.page.path, page.page.same_origin), ("/", Some(false)));
        assert_eq!(page.page.host.as_deref(), Some("a.example:8443"));
        assert!(asked("https://b.example", "https://a.example/", Some(true)).is_err());
        let page = asked("https://b.example", "/x", Some(true)).expect("asked");
        assert_eq!((page.server(true), page.server(false)), ("https://b.example", "http://localhost:8000"));
        assert_eq!((page.page.host, page.notes), (None, Vec::new()));
    }

    #[test]
    fn a_path_is_asked_about_as_a_browser_sends_it() {
        for path in ["/files/../items/7", "https://a.example/files/%2e%2e/items/7"] {
            let page = asked("https://b.example", path, None).expect("asked");
            assert_eq!(page.page.path, "/items/7");
            let note = page.notes.last().expect("a note");
            assert!(note.starts_with("browsers send the path `/files/") && note.ends_with("as `/items/7`"), "{note}");
        }
        for path in ["//a.example/x", "/\\a.example/x"] {
            assert!(asked("https://b.example", path, None).is_err(), "{path}");
        }
        assert_eq!(asked("https://b.example", "items", None).map(|asked| asked.page.path), Ok("items".to_owned()));
    }

    #[test]
    fn what_no_browser_sends_is_not_asked() {
        for (origin, path) in [
            ("https://b.example", "http://a.example/"),
            ("https://b.example", "https://a.example:6000/"),
            ("https://b.example", "https://u:p@a.example/"),
            ("http://localhost:6000", "/"),
        ] {
            assert!(asked(origin, path, None).is_err(), "{origin} {path}");
        }
    }
}
