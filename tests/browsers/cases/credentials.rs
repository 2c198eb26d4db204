//! `credentials`: cookies that go with a call, and cookies that come with an answer.

use cors_runtime::cross_origin;
use rocket::http::{Cookie, CookieJar, SameSite};
use rocket::{get, routes};

use crate::api::handlers;
use crate::engines::Engine::WebKit;
use crate::record::Ran;
use crate::table::Place::{Below, Page, Sandboxed, Stranger};
use crate::table::{Topic, case};

handlers! {
    #[cross_origin(origins = ["http://localhost:8701"], credentials)]
    get with "/credentials";

    #[cross_origin(origins = ["http://localhost:8701"], credentials)]
    put with_put "/credentials";

    #[cross_origin(origins = ["http://localhost:8701"], credentials = true)]
    post with_post "/credentials";

    #[cross_origin(origins = ["http://localhost:8701"])]
    get without "/credentials/unset";

    #[cross_origin(origins = ["http://localhost:8701"])]
    put without_put "/credentials/unset";

    #[cross_origin(origins = ["http://localhost:8701"], credentials = false)]
    get switched_off "/credentials/false";

    #[cross_origin(origins = any)]
    get anyone "/credentials/any";

    #[cross_origin(origins = any)]
    put anyone_put "/credentials/any";

    #[cross_origin(origins = ["http://localhost:*"], credentials, allow(any_port_with_credentials))]
    get ports "/credentials/ports";

    #[cross_origin(origins = ["http://*.app.localhost:8701"], credentials)]
    get subdomains "/credentials/subdomains";
}

#[cross_origin(origins = ["http://localhost:8701"], credentials)]
#[get("/credentials/set")]
fn set(cookies: &CookieJar<'_>, ran: Ran) {
    ran.now();
    cookies.add(Cookie::build(("token", "7")).same_site(SameSite::Strict));
}

#[cross_origin(origins = ["http://localhost:8701"], credentials)]
#[get("/credentials/unset-cookie")]
fn remove(cookies: &CookieJar<'_>, ran: Ran) {
    ran.now();
    cookies.remove("token");
}

#[cross_origin(origins = ["http://localhost:8701"], credentials)]
#[get("/credentials/token")]
fn token(cookies: &CookieJar<'_>, ran: Ran) -> String {
    ran.now();
    cookies.get("token").map_or("none", |cookie| cookie.value()).to_owned()
}

pub fn topic() -> Topic {
    const SANDBOX: &str = "sends the cookies of its host from a sandboxed frame";
    Topic {
        title: "Credentials",
        file: "credentials.rs",
        routes: [plain_routes(), routes![set, remove, token]].concat(),
        cases: vec![
            case("cookies", Page, "call('/credentials', { credentials: 'include' })", "read 200", "GET cookie ran"),
            case("cookies-left-out", Page, "call('/credentials', { credentials: 'omit' })", "read 200", "GET ran"),
            case("cookies-unasked", Page, "call('/credentials')", "read 200", "GET ran"),
            case(
                "cookies-stranger",
                Stranger,
                "call('/credentials', { credentials: 'include' })",
                "refused",
                "GET cookie ran",
            ),
            case(
                "cookies-put",
                Page,
                "call('/credentials', { method: 'PUT', credentials: 'include' })",
                "read 200",
                "OPTIONS PUT, PUT cookie ran",
            ),
            case(
                "cookies-put-stranger",
                Stranger,
                "call('/credentials', { method: 'PUT', credentials: 'include' })",
                "refused",
                "OPTIONS PUT",
            ),
            case(
                "cookies-post",
                Page,
                "call('/credentials', { method: 'POST', credentials: 'include' })",
                "read 200",
                "POST cookie ran",
            ),
            case(
                "cookies-post-stranger",
                Stranger,
                "call('/credentials', { method: 'POST', credentials: 'include' })",
                "refused",
                "POST cookie",
            ),
            case(
                "cookies-without",
                Page,
                "call('/credentials/unset', { credentials: 'include' })",
                "refused",
                "GET cookie ran",
            ),
            case(
                "cookies-without-put",
                Page,
                "call('/credentials/unset', { method: 'PUT', credentials: 'include' })",
                "refused",
                "OPTIONS PUT",
            ),
            case(
                "cookies-switched-off",
                Page,
                "call('/credentials/false', { credentials: 'include' })",
                "refused",
                "GET cookie ran",
            ),
            case(
                "cookies-any",
                Page,
                "call('/credentials/any', { credentials: 'include' })",
                "refused",
                "GET cookie ran",
            ),
            case(
                "cookies-any-put",
                Page,
                "call('/credentials/any', { method: 'PUT', credentials: 'include' })",
                "refused",
                "OPTIONS PUT",
            ),
            case(
                "cookies-ports",
                Stranger,
                "call('/credentials/ports', { credentials: 'include' })",
                "read 200",
                "GET cookie ran",
            ),
            // Another site: the policy shares, and the cookie is the browser's affair.
            case(
                "cookies-subdomain",
                Below,
                "call('/credentials/subdomains', { credentials: 'include' })",
                "read 200",
                "GET ran",
            )
            .unlike(WebKit, "read 200", "GET cookie ran", "treats all hosts below `localhost` as one site"),
            case(
                "cookies-sandboxed",
                Sandboxed,
                "call('/credentials', { credentials: 'include' })",
                "refused",
                "GET null ran",
            )
            .unlike(WebKit, "refused", "GET null cookie ran", SANDBOX),
            case(
                "cookies-sandboxed-any",
                Sandboxed,
                "call('/credentials/any', { credentials: 'include' })",
                "refused",
                "GET null ran",
            )
            .unlike(WebKit, "refused", "GET null cookie ran", SANDBOX),
            case(
                "cookies-xhr",
                Page,
                "xhr('GET', '/credentials', { credentials: true })",
                "read 200",
                "GET cookie ran",
            ),
            case("cookies-xhr-unasked", Page, "xhr('GET', '/credentials')", "read 200", "GET ran"),
            case(
                "cookies-xhr-without",
                Page,
                "xhr('GET', '/credentials/unset', { credentials: true })",
                "refused",
                "GET cookie ran",
            ),
            case(
                "cookies-xhr-sync",
                Page,
                "xhr('PUT', '/credentials', { credentials: true, sync: true })",
                "read 200",
                "OPTIONS PUT, PUT cookie ran",
            ),
            case(
                "cookie-set",
                Page,
                "[await call('/credentials/set', { credentials: 'include' }), \
                 await body('/credentials/token', { credentials: 'include' }), \
                 await call('/credentials/unset-cookie', { credentials: 'include' }), \
                 await body('/credentials/token', { credentials: 'include' })]",
                "read 200, read 200: 7, read 200, read 200: none",
                "GET cookie ran, GET cookie ran, GET cookie ran, GET cookie ran",
            ),
            case(
                "cookie-set-unasked",
                Page,
                "[await call('/credentials/set'), await body('/credentials/token', { credentials: 'include' })]",
                "read 200, read 200: none",
                "GET ran, GET cookie ran",
            ),
        ],
    }
}
