//! The page that calls.

use super::call::Call;
use crate::origin::Origin;

/// A page of a web site in a browser, whose script calls the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    origin: String,
    server: Option<String>,
}

impl Page {
    /// A page of this origin: `https://app.example.com`, or `null` for one in a sandbox.
    ///
    /// # Panics
    /// The text is neither an origin as browsers write it nor `null`.
    #[must_use]
    #[track_caller]
    pub fn at(origin: &str) -> Self {
        assert!(
            origin == "null" || Origin::parse(origin.as_bytes()).is_some(),
            "`{origin}` is not an origin of a page"
        );
        Page { origin: origin.to_owned(), server: None }
    }

    /// The origin under which this page reaches the application. A page at this origin is the application's own.
    ///
    /// # Panics
    /// The text is not an origin with the scheme `http` or `https`.
    ///
    /// ```
    /// # use cors_runtime::rocket::{CrossOrigin, testing::Page};
    /// # use cors_runtime::cross_origin;
    /// # use rocket::local::blocking::Client;
    /// # #[cross_origin(none)]
    /// # #[rocket::post("/note")]
    /// # fn note() {}
    /// # let rocket = rocket::build().attach(CrossOrigin::fairing()).mount("/", rocket::routes![note]);
    /// # let client = Client::untracked(rocket).expect("launches");
    /// let own = Page::at("https://api.example.com").calling("https://api.example.com");
    /// assert!(own.post("/note").send(&client).is_shared());
    /// let other = Page::at("https://app.example.com").calling("https://api.example.com");
    /// assert!(!other.post("/note").send(&client).is_shared());
    /// ```
    #[must_use]
    #[track_caller]
    pub fn calling(mut self, server: &str) -> Self {
        let is_web = |origin: Origin<'_>| matches!(origin.scheme(), "http" | "https");
        assert!(Origin::parse(server.as_bytes()).is_some_and(is_web), "`{server}` is not an origin of a server");
        self.server = Some(server.to_owned());
        self
    }

    /// A call of `fetch` with this method, as the script writes it, to this path and query.
    pub fn call(&self, method: &str, path: &str) -> Call {
        Call::new(&self.origin, self.server.clone(), method, path)
    }

    /// The same with the method GET.
    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    /// The same with the method HEAD.
    pub fn head(&self, path: &str) -> Call {
        self.call("HEAD", path)
    }

    /// The same with the method POST.
    pub fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    /// The same with the method PUT.
    pub fn put(&self, path: &str) -> Call {
        self.call("PUT", path)
    }

    /// The same with the method DELETE.
    pub fn delete(&self, path: &str) -> Call {
        self.call("DELETE", path)
    }

    /// The same with the method PATCH.
    pub fn patch(&self, path: &str) -> Call {
        self.call("PATCH", path)
    }

    /// A form of this page that is sent with POST: a write that needs no preflight, and whose answer a page of another origin
    /// cannot read. `fields` is its content, URL-encoded: `name=value&name=value`. Rocket takes the value of a first field
    /// `_method` for the method.
    ///
    /// ```
    /// # use cors_runtime::rocket::{CrossOrigin, testing::Page};
    /// # use rocket::local::blocking::Client;
    /// #[rocket::delete("/account")]
    /// fn unprotected() {}
    ///
    /// let client = |cors: CrossOrigin| {
    ///     Client::untracked(rocket::build().attach(cors).mount("/", rocket::routes![unprotected])).expect("launches")
    /// };
    /// let form = Page::at("https://evil.example.net").form("/account", "_method=DELETE");
    /// assert!(form.send(&client(CrossOrigin::fairing())).refused().handler_ran());
    /// assert!(!form.send(&client(CrossOrigin::fairing().protect_all())).refused().handler_ran());
    /// ```
    pub fn form(&self, path: &str, fields: &str) -> Call {
        Call::form(&self.origin, self.server.clone(), path, fields)
    }
}
