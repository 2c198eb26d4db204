//! Errors: a page that may read the answer may read the error as well.

use cors_runtime::cross_origin;
use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest};
use rocket::serde::json::Json;
use rocket::{Catcher, Request, catch, catchers, get, post, routes};

use crate::api::handlers;
use crate::record::Ran;
use crate::table::Place::{Page, Stranger};
use crate::table::{Topic, case};

handlers! {
    #[cross_origin(origins = ["http://localhost:8701"])]
    get present "/fallback/present";
}

/// Lets in who brings a token.
struct Token;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Token {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        match request.headers().get_one("Authorization") {
            Some("Bearer open") => Outcome::Success(Token),
            _ => Outcome::Error((Status::Unauthorized, ())),
        }
    }
}

#[cross_origin(origins = ["http://localhost:8701"], allow_headers = ["authorization"])]
#[get("/errors/guarded")]
fn guarded(_token: Token, ran: Ran) -> &'static str {
    ran.now();
    "in"
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[get("/errors/status/<code>")]
fn status(code: u16, ran: Ran) -> (Status, &'static str) {
    ran.now();
    (Status::new(code), "own words")
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[get("/errors/missing")]
fn missing(ran: Ran) -> Option<&'static str> {
    ran.now();
    None
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[get("/errors/panic")]
fn panics(ran: Ran) -> &'static str {
    ran.now();
    panic!("on purpose: a page reads the 500 that comes of this")
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[get("/errors/teapot")]
fn teapot(ran: Ran) -> Status {
    ran.now();
    Status::ImATeapot
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[get("/errors/catcher-panics")]
fn catcher_panics(ran: Ran) -> Status {
    ran.now();
    Status::Gone
}

#[cross_origin(origins = ["http://localhost:8701"], allow_headers = ["content-type"])]
#[post("/errors/json", format = "json", data = "<number>")]
fn number(number: Json<u8>, ran: Ran) -> String {
    ran.now();
    number.into_inner().to_string()
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[post("/errors/large", data = "<text>")]
fn large(text: String, ran: Ran) -> String {
    ran.now();
    text
}

#[catch(418)]
fn caught() -> &'static str {
    "caught"
}

#[catch(410)]
fn panicking() -> &'static str {
    panic!("on purpose: a page reads the 500 that comes of this, too")
}

pub fn catchers() -> Vec<Catcher> {
    catchers![caught, panicking]
}

/// Who may read the errors below `/fallback`.
#[cross_origin(origins = ["http://localhost:8701"])]
pub struct Fallback;

pub fn topic() -> Topic {
    Topic {
        title: "Errors",
        file: "errors.rs",
        routes: [plain_routes(), routes![guarded, status, missing, panics, teapot, catcher_panics, number, large]]
            .concat(),
        cases: vec![
            case("guard", Page, "call('/errors/guarded')", "read 401", "GET"),
            case("guard-stranger", Stranger, "call('/errors/guarded')", "refused", "GET"),
            // Browsers ask without the token, so the guard must not be asked about it.
            case(
                "guard-passed",
                Page,
                "body('/errors/guarded', { headers: { authorization: 'Bearer open' } })",
                "read 200: in",
                "OPTIONS GET authorization, GET ran",
            ),
            case(
                "guard-wrong-token",
                Page,
                "call('/errors/guarded', { headers: { authorization: 'Bearer shut' } })",
                "read 401",
                "OPTIONS GET authorization, GET",
            ),
            case("status-204", Page, "call('/errors/status/204')", "read 204", "GET ran"),
            case("status-400", Page, "body('/errors/status/400')", "read 400: own words", "GET ran"),
            case("status-404", Page, "call('/errors/status/404')", "read 404", "GET ran"),
            case("status-500", Page, "call('/errors/status/500')", "read 500", "GET ran"),
            case("status-503", Page, "call('/errors/status/503')", "read 503", "GET ran"),
            case("status-404-stranger", Stranger, "call('/errors/status/404')", "refused", "GET ran"),
            case("status-xhr", Page, "xhr('GET', '/errors/status/404')", "read 404", "GET ran"),
            case("xhr-status-sync", Page, "xhr('GET', '/errors/status/404', { sync: true })", "read 404", "GET ran"),
            case("parameter", Page, "call('/errors/status/none')", "read 422", "GET"),
            case("missing", Page, "call('/errors/missing')", "read 404", "GET ran"),
            case("missing-stranger", Stranger, "call('/errors/missing')", "refused", "GET ran"),
            case("panic", Page, "call('/errors/panic')", "read 500", "GET ran"),
            case("panic-stranger", Stranger, "call('/errors/panic')", "refused", "GET ran"),
            case("caught", Page, "body('/errors/teapot')", "read 418: caught", "GET ran"),
            case("caught-stranger", Stranger, "call('/errors/teapot')", "refused", "GET ran"),
            case("catcher-panics", Page, "call('/errors/catcher-panics')", "read 500", "GET ran"),
            case(
                "malformed-json",
                Page,
                "send('POST', '/errors/json', 'application/json', '{')",
                "read 422",
                "OPTIONS POST content-type, POST",
            ),
            case(
                "wrong-json",
                Page,
                "send('POST', '/errors/json', 'application/json', '\"a\"')",
                "read 422",
                "OPTIONS POST content-type, POST",
            ),
            case(
                "too-large",
                Page,
                "call('/errors/large', { method: 'POST', body: 'a'.repeat(20000) })",
                "read 400",
                "POST",
            ),
            case("no-such-address", Page, "call('/nowhere')", "refused", "GET"),
            case("fallback", Page, "call('/fallback/nowhere')", "read 404", "GET"),
            case("fallback-stranger", Stranger, "call('/fallback/nowhere')", "refused", "GET"),
            case("fallback-post", Page, "call('/fallback/present', { method: 'POST' })", "read 404", "POST"),
            case("fallback-put", Page, "call('/fallback/nowhere', { method: 'PUT' })", "refused", "OPTIONS PUT"),
            case("fallback-present", Page, "call('/fallback/present')", "read 200", "GET ran"),
        ],
    }
}
