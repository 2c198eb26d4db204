//! Redirects: each answer on the way has to be shared, and a way through a third origin is taken as `null`.

use cors_runtime::cross_origin;
use rocket::http::{Header, Status};
use rocket::{Responder, get, post, put, routes};

use crate::api::handlers;
use crate::engines::Engine::{Firefox, WebKit};
use crate::record::Ran;
use crate::table::Place::{Page, Stranger};
use crate::table::{Topic, case};

handlers! {
    #[cross_origin(origins = ["http://localhost:8701"], expose_headers = ["x-one"])]
    get target "/target";

    #[cross_origin(origins = ["http://localhost:8701"])]
    put target_put "/target";

    #[cross_origin(origins = any)]
    get target_any "/target/any";

    #[cross_origin(origins = any)]
    put target_any_put "/target/any";

    #[cross_origin(origins = ["http://localhost:8701"], credentials)]
    get target_credentials "/target/credentials";

    get target_unannotated "/target/unannotated";
}

#[derive(Debug, Responder)]
struct Elsewhere {
    body: (),
    location: Header<'static>,
}

fn elsewhere(status: u16, to: String) -> (Status, Elsewhere) {
    (Status::new(status), Elsewhere { body: (), location: Header::new("Location", to) })
}

#[cross_origin(origins = ["http://localhost:8701"], allow_headers = ["x-extra"], credentials)]
#[get("/moved/<status>?<to>")]
fn moved(status: u16, to: String, ran: Ran) -> (Status, Elsewhere) {
    ran.now();
    elsewhere(status, to)
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[put("/moved/<status>?<to>")]
fn moved_put(status: u16, to: String, ran: Ran) -> (Status, Elsewhere) {
    ran.now();
    elsewhere(status, to)
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[post("/moved/<status>?<to>")]
fn moved_post(status: u16, to: String, ran: Ran) -> (Status, Elsewhere) {
    ran.now();
    elsewhere(status, to)
}

#[get("/moved/unannotated?<to>")]
fn moved_unannotated(to: String, ran: Ran) -> (Status, Elsewhere) {
    ran.now();
    elsewhere(302, to)
}

pub fn topic() -> Topic {
    const ASKS_AGAIN: &str = "asks again after a redirect, though the next request is a GET that needs no preflight";
    Topic {
        title: "Redirects",
        file: "redirects.rs",
        routes: [plain_routes(), routes![moved, moved_put, moved_post, moved_unannotated]].concat(),
        cases: vec![
            case("redirect-301", Page, "call(redirect('/moved/301', url('/target')))", "read 200", "GET ran, GET ran")
                .reads("x-one"),
            case("redirect-302", Page, "call(redirect('/moved/302', url('/target')))", "read 200", "GET ran, GET ran")
                .reads("x-one"),
            case("redirect-307", Page, "call(redirect('/moved/307', url('/target')))", "read 200", "GET ran, GET ran")
                .reads("x-one"),
            case("redirect-308", Page, "call(redirect('/moved/308', url('/target')))", "read 200", "GET ran, GET ran")
                .reads("x-one"),
            case("redirect-stranger", Stranger, "call(redirect('/moved/302', url('/target')))", "refused", "GET ran"),
            case(
                "redirect-to-unannotated",
                Page,
                "call(redirect('/moved/302', url('/target/unannotated')))",
                "refused",
                "GET ran, GET ran",
            ),
            case(
                "redirect-from-unannotated",
                Page,
                "call(redirect('/moved/unannotated', url('/target')))",
                "refused",
                "GET ran",
            ),
            case("redirect-from-page", Page, "call(redirect('/away', url('/target'), own))", "read 200", "GET ran")
                .reads("x-one"),
            case(
                "redirect-header-from-page",
                Page,
                "call(redirect('/away', url('/methods'), own), { headers: { 'x-extra': '1' } })",
                "read 200",
                "OPTIONS GET x-extra, GET ran",
            ),
            case(
                "redirect-header-from-page-not-listed",
                Page,
                "call(redirect('/away', url('/target'), own), { headers: { 'x-extra': '1' } })",
                "refused",
                "OPTIONS GET x-extra",
            ),
            case("redirect-to-page", Page, "call(redirect('/moved/302', `${own}/agent`))", "refused", "GET ran"),
            // The third origin gets to see `null`, since the redirect is not of the page's making.
            case(
                "redirect-to-third",
                Page,
                "call(redirect('/moved/302', url('/target', other)))",
                "refused",
                "GET ran, other GET null ran",
            ),
            case(
                "redirect-to-third-any",
                Page,
                "call(redirect('/moved/302', url('/target/any', other)))",
                "read 200",
                "GET ran, other GET null ran",
            ),
            case(
                "redirect-to-third-and-back",
                Page,
                "call(redirect('/moved/302', redirect('/moved/302', url('/target'), other)))",
                "refused",
                "GET ran, other GET null ran",
            ),
            case(
                "redirect-put",
                Page,
                "call(redirect('/moved/307', url('/target')), { method: 'PUT' })",
                "read 200",
                "OPTIONS PUT, PUT ran, OPTIONS PUT, PUT ran",
            ),
            case(
                "redirect-put-to-third",
                Page,
                "call(redirect('/moved/307', url('/target', other)), { method: 'PUT' })",
                "refused",
                "OPTIONS PUT, PUT ran, other OPTIONS PUT null",
            )
            .unlike(
                Firefox,
                "refused",
                "OPTIONS PUT, PUT ran, other OPTIONS PUT, other PUT null",
                "sends the preflight to the third origin with the page's origin, and the request with the origin `null`",
            ),
            case(
                "redirect-put-to-third-any",
                Page,
                "call(redirect('/moved/307', url('/target/any', other)), { method: 'PUT' })",
                "read 200",
                "OPTIONS PUT, PUT ran, other OPTIONS PUT null, other PUT null ran",
            )
            .unlike(
                Firefox,
                "read 200",
                "OPTIONS PUT, PUT ran, other OPTIONS PUT, other PUT null ran",
                "sends the preflight to the third origin with the page's origin, and the request with the origin `null`",
            ),
            case(
                "redirect-header",
                Page,
                "call(redirect('/moved/302', url('/methods')), { headers: { 'x-extra': '1' } })",
                "read 200",
                "OPTIONS GET x-extra, GET ran, OPTIONS GET x-extra, GET ran",
            ),
            // After a 303 the method is GET: nobody is asked about that.
            case(
                "redirect-post-303",
                Page,
                "call(redirect('/moved/303', url('/target')), { method: 'POST', body: 'a' })",
                "read 200",
                "POST ran, GET ran",
            )
            .reads("x-one"),
            case(
                "redirect-put-303",
                Page,
                "call(redirect('/moved/303', url('/target')), { method: 'PUT' })",
                "read 200",
                "OPTIONS PUT, PUT ran, GET ran",
            )
            .reads("x-one")
            .unlike(Firefox, "read 200", "OPTIONS PUT, PUT ran, OPTIONS GET, GET ran", ASKS_AGAIN)
            .unlike(WebKit, "read 200", "OPTIONS PUT, PUT ran, OPTIONS GET, GET ran", ASKS_AGAIN),
            case(
                "redirect-cookies",
                Page,
                "call(redirect('/moved/302', url('/target/credentials')), { credentials: 'include' })",
                "read 200",
                "GET cookie ran, GET cookie ran",
            ),
            case(
                "redirect-cookies-without",
                Page,
                "call(redirect('/moved/302', url('/target')), { credentials: 'include' })",
                "refused",
                "GET cookie ran, GET cookie ran",
            ),
            case(
                "redirect-manual",
                Page,
                "call(redirect('/moved/302', url('/target')), { redirect: 'manual' })",
                "redirect not followed",
                "GET ran",
            ),
            case(
                "redirect-error",
                Page,
                "call(redirect('/moved/302', url('/target')), { redirect: 'error' })",
                "refused",
                "GET ran",
            ),
            case(
                "redirect-userinfo",
                Page,
                "call(redirect('/moved/302', url('/target').replace('//', '//user:password@')))",
                "refused",
                "GET ran",
            ),
            case(
                "redirect-xhr",
                Page,
                "xhr('GET', redirect('/moved/302', url('/target')))",
                "read 200",
                "GET ran, GET ran",
            )
            .reads("x-one"),
            case(
                "redirect-xhr-to-third",
                Page,
                "xhr('GET', redirect('/moved/302', url('/target', other)))",
                "refused",
                "GET ran, other GET null ran",
            ),
        ],
    }
}
