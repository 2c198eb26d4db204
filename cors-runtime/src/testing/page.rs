//! The page that calls, and what its script says. The types of the adapters have the same methods, which stand here.

use crate::browser;
use crate::origin::Origin;

/// A page of a web site in a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageParts {
    pub(crate) origin: String,
    pub(crate) server: Option<String>,
}

/// What the script of a page says, whichever adapter sends it.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) page: browser::Page,
    pub(crate) server: Option<String>,
    pub(crate) is_form: bool,
    pub(crate) body: Vec<u8>,
}

impl PageParts {
    #[track_caller]
    pub(crate) fn at(origin: &str) -> Self {
        assert!(
            origin == "null" || Origin::parse(origin.as_bytes()).is_some(),
            "`{origin}` is not an origin of a page"
        );
        PageParts { origin: origin.to_owned(), server: None }
    }

    #[track_caller]
    pub(crate) fn call_to(&mut self, server: &str) {
        let is_web = |origin: Origin<'_>| matches!(origin.scheme(), "http" | "https");
        assert!(Origin::parse(server.as_bytes()).is_some_and(is_web), "`{server}` is not an origin of a server");
        self.server = Some(server.to_owned());
    }

    pub(crate) fn call(&self, method: &str, path: &str) -> Script {
        let mut page = browser::Page::default();
        (page.origin, page.method, page.path) = (self.origin.clone(), method.to_owned(), path.to_owned());
        Script { page, server: self.server.clone(), is_form: false, body: Vec::new() }
    }

    pub(crate) fn form(&self, path: &str, fields: &str) -> Script {
        let mut script = self.call("POST", path);
        script.is_form = true;
        script.add_header("content-type", "application/x-www-form-urlencoded");
        script.body = fields.as_bytes().to_vec();
        script.page.credentials = true;
        script
    }
}

impl Script {
    #[track_caller]
    pub(crate) fn add_header(&mut self, name: &str, value: &str) {
        if let Err(error) = self.page.add_header(&format!("{name}: {value}")) {
            panic!("{error}");
        }
        assert!(
            self.page.left_out().is_empty(),
            "scripts cannot set the header `{name}`: the browser sets it or leaves it out"
        );
    }
}

/// The methods of an adapter's `Page`, which has the field `parts` and the function `of`; `Call::new` takes a [`Script`].
macro_rules! page_methods {
    ($Call:ty, calling: { $(#[$calling:meta])* }, form: { $(#[$form:meta])* }) => {
        /// A page of this origin: `https://app.example.com`, or `null` for one in a sandbox.
        ///
        /// # Panics
        /// The text is neither an origin as browsers write it nor `null`.
        #[must_use]
        #[track_caller]
        pub fn at(origin: &str) -> Self {
            Self::of(PageParts::at(origin))
        }

        /// The origin under which this page reaches the application. A page at this origin is the application's own.
        ///
        /// # Panics
        /// The text is not an origin with the scheme `http` or `https`.
        $(#[$calling])*
        #[must_use]
        #[track_caller]
        pub fn calling(mut self, server: &str) -> Self {
            self.parts.call_to(server);
            self
        }

        /// A call of `fetch` with this method, as the script writes it, to this path and query.
        pub fn call(&self, method: &str, path: &str) -> $Call {
            <$Call>::new(self.parts.call(method, path))
        }

        /// The same with the method GET.
        pub fn get(&self, path: &str) -> $Call {
            self.call("GET", path)
        }

        /// The same with the method HEAD.
        pub fn head(&self, path: &str) -> $Call {
            self.call("HEAD", path)
        }

        /// The same with the method POST.
        pub fn post(&self, path: &str) -> $Call {
            self.call("POST", path)
        }

        /// The same with the method PUT.
        pub fn put(&self, path: &str) -> $Call {
            self.call("PUT", path)
        }

        /// The same with the method DELETE.
        pub fn delete(&self, path: &str) -> $Call {
            self.call("DELETE", path)
        }

        /// The same with the method PATCH.
        pub fn patch(&self, path: &str) -> $Call {
            self.call("PATCH", path)
        }

        /// A form of this page that is sent with POST: a write that needs no preflight, and whose answer a page of another
        /// origin cannot read. `fields` is its content, URL-encoded: `name=value&name=value`.
        $(#[$form])*
        pub fn form(&self, path: &str, fields: &str) -> $Call {
            <$Call>::new(self.parts.form(path, fields))
        }
    };
}

/// The methods of an adapter's `Call`, which has the field `script`.
macro_rules! call_methods {
    () => {
        /// A header that the script sets.
        ///
        /// # Panics
        /// It is not a header, or one that a script cannot set, such as `Origin` and `Cookie`: the browser does.
        #[track_caller]
        pub fn header(mut self, name: &str, value: &str) -> Self {
            self.script.add_header(name, value);
            self
        }

        /// The body, as a script gives a string to `fetch`. Without a header `content-type`, it is sent as
        /// `text/plain;charset=UTF-8`.
        pub fn body(mut self, body: impl AsRef<[u8]>) -> Self {
            self.script.body = body.as_ref().to_vec();
            self
        }

        /// The script says `credentials: 'include'`: the cookies are sent. Without it they are sent to the page's own server
        /// alone.
        pub fn credentials(mut self) -> Self {
            self.script.page.credentials = true;
            self
        }
    };
}

pub(crate) use {call_methods, page_methods};
