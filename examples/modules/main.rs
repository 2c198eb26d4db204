//! Modules: one attribute for many handlers.
//!
//! | | who may read it | how |
//! |---|---|---|
//! | `articles` | everybody | the attribute on the module |
//! | `account` | the application, with cookies | the same; one handler adds a header with `inherit`, one says `none` |
//! | `account::support` | the support pages, without cookies | its own attribute, in place of the one around |
//! | `feed.rs`, `/assets` | partners | a named policy: on a handler in another file, and on a `FileServer` |
//! | errors below `/api` | the application | `fallback` |
//!
//! ```text
//! $ cargo run -p examples --bin modules
//! ```
//!
//! At launch the log says what is shared with whom. The outputs show the status and the headers that are about CORS.
//!
//! Any page may read the articles:
//!
//! ```text
//! $ curl -si -H 'Origin: https://other.example.net' http://127.0.0.1:8000/api/articles
//! HTTP/1.1 200 OK
//! access-control-allow-origin: *
//! ```
//!
//! The handler that says `inherit` allows its module's header and one more:
//!
//! ```text
//! $ curl -si -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: DELETE' \
//!     http://127.0.0.1:8000/api/profile
//! HTTP/1.1 204 No Content
//! vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers
//! access-control-allow-origin: https://app.example.com
//! access-control-allow-credentials: true
//! access-control-allow-methods: DELETE
//! access-control-allow-headers: content-type, x-reason
//! ```
//!
//! A partner's page may read a file. For everybody else there is no `access-control-allow-origin`:
//!
//! ```text
//! $ curl -si -H 'Origin: https://partner.example.org' http://127.0.0.1:8000/assets/badge.svg
//! HTTP/1.1 200 OK
//! access-control-allow-origin: https://partner.example.org
//! vary: Origin
//! ```

mod feed;
#[cfg(test)]
mod tests;

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use rocket::fs::{FileServer, relative};
use rocket::{Build, Rocket, launch};

#[launch]
fn rocket() -> Rocket<Build> {
    rocket::build()
        .attach(CrossOrigin::fairing().fallback("/api", App))
        .mount("/api", articles::routes())
        .mount("/api", account::routes())
        .mount("/partners", feed::routes())
        // No attribute can be written on the routes of a `FileServer`, but a named policy can be put on them.
        .mount("/assets", Partners.cover(FileServer::from(relative!("modules/assets"))))
}

/// A named policy: handlers in any module refer to it by its path, here those in `feed.rs`.
#[cross_origin(origins = ["https://partner.example.org"], allow_headers = ["authorization"])]
struct Partners;

/// Who may read the 404 of an address below `/api` at which there is nothing. A page that may not sees a failed
/// request, as if the server were down.
#[cross_origin(origins = ["https://app.example.com"], credentials)]
struct App;

/// Public. The attribute holds for both handlers: every page there is may read what they say.
#[cross_origin(origins = any)]
mod articles {
    use rocket::{Route, get, routes};

    pub(crate) fn routes() -> Vec<Route> {
        routes![list, article]
    }

    #[get("/articles")]
    fn list() -> &'static str {
        "1, 2\n"
    }

    #[get("/articles/<id>")]
    fn article(id: u64) -> Option<String> {
        (1..=2).contains(&id).then(|| format!("article {id}\n"))
    }
}

/// For the pages of the application, with the cookies of their visitors.
#[cross_origin(origins = ["https://app.example.com"], credentials, allow_headers = ["content-type"])]
mod account {
    use cors_runtime::cross_origin;
    use rocket::http::CookieJar;
    use rocket::serde::json::Json;
    use rocket::{Route, delete, get, put, routes};

    pub(crate) fn routes() -> Vec<Route> {
        routes![profile, rename, close, sessions, support::ticket]
    }

    #[get("/profile")]
    fn profile(cookies: &CookieJar<'_>) -> String {
        format!("{}\n", cookies.get("name").map_or("nobody", |cookie| cookie.value()))
    }

    #[put("/profile", format = "json", data = "<name>")]
    fn rename(name: Json<String>) -> String {
        format!("{}\n", name.into_inner())
    }

    /// What the module says, and one header more.
    #[cross_origin(inherit, allow_headers = ["x-reason"])]
    #[delete("/profile")]
    fn close() -> &'static str {
        "closed\n"
    }

    /// Only for the pages of this server itself.
    #[cross_origin(none)]
    #[get("/sessions")]
    fn sessions() -> &'static str {
        "1 session\n"
    }

    /// A policy without `inherit` replaces the one around it, whole: another origin, no cookies and no header. So what
    /// is inside can be narrower than what is around it.
    #[cross_origin(origins = ["https://support.example.com"])]
    pub(crate) mod support {
        use rocket::get;

        #[get("/tickets/<id>")]
        pub(crate) fn ticket(id: u64) -> String {
            format!("ticket {id}\n")
        }
    }
}
