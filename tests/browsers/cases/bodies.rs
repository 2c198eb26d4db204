//! Bodies: JSON asks first and forms do not, uploads that are watched do.

use cors_runtime::cross_origin;
use rocket::form::{Form, FromForm};
use rocket::serde::json::Json;
use rocket::{post, put, routes};

use crate::api::handlers;
use crate::engines::Engine::{Chromium, Firefox, WebKit};
use crate::record::Ran;
use crate::table::Place::{Page, Stranger};
use crate::table::{Topic, case};

handlers! {
    #[cross_origin(origins = ["http://localhost:8701"])]
    post upload "/upload";

    #[cross_origin(origins = ["http://localhost:8701"], enforce = false)]
    post upload_open "/upload/open";

    #[cross_origin(origins = ["http://localhost:8701"], allow_headers = ["content-type"])]
    post upload_typed "/upload/typed";
}

/// JSON by POST.
#[cross_origin(origins = ["http://localhost:8701"], allow_headers = ["content-type"])]
#[post("/json", format = "json", data = "<text>")]
fn json(text: Json<String>, ran: Ran) -> String {
    ran.now();
    text.into_inner()
}

#[cross_origin(origins = ["http://localhost:8701"], allow_headers = ["content-type"])]
#[put("/json", format = "json", data = "<text>")]
fn json_put(text: Json<String>, ran: Ran) -> String {
    ran.now();
    text.into_inner()
}

#[derive(FromForm)]
struct Message {
    text: String,
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[post("/form", data = "<message>")]
fn form(message: Form<Message>, ran: Ran) -> String {
    ran.now();
    message.into_inner().text
}

#[cross_origin(origins = ["http://localhost:8701"], credentials)]
#[post("/text/user", data = "<text>")]
fn text_as_user(text: String, ran: Ran) -> String {
    ran.now();
    text
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[post("/text", data = "<text>")]
fn text(text: String, ran: Ran) -> String {
    ran.now();
    text
}

pub fn topic() -> Topic {
    Topic {
        title: "Bodies",
        file: "bodies.rs",
        routes: [plain_routes(), routes![json, json_put, form, text, text_as_user]].concat(),
        cases: vec![
            case(
                "json",
                Page,
                "body('/json', { method: 'POST', body: '\"a\"', headers: { 'content-type': 'application/json' } })",
                "read 200: a",
                "OPTIONS POST content-type, POST ran",
            ),
            case(
                "json-stranger",
                Stranger,
                "send('POST', '/json', 'application/json', '\"a\"')",
                "refused",
                "OPTIONS POST content-type",
            ),
            case(
                "json-put",
                Page,
                "send('PUT', '/json', 'application/json', '\"a\"')",
                "read 200",
                "OPTIONS PUT content-type, PUT ran",
            ),
            case(
                "json-put-stranger",
                Stranger,
                "send('PUT', '/json', 'application/json', '\"a\"')",
                "refused",
                "OPTIONS PUT content-type",
            ),
            case(
                "json-type-not-allowed",
                Page,
                "send('POST', '/text', 'application/json', '\"a\"')",
                "refused",
                "OPTIONS POST content-type",
            ),
            // JSON under a type that nobody asks about: the handler's `format` does not match.
            case("json-as-text", Stranger, "send('POST', '/json', 'text/plain', '\"a\"')", "refused", "POST"),
            case(
                "json-xhr",
                Page,
                "xhr('POST', '/json', { body: '\"a\"', headers: { 'content-type': 'application/json' } })",
                "read 200",
                "OPTIONS POST content-type, POST ran",
            ),
            case(
                "form",
                Page,
                "body('/form', { method: 'POST', body: new URLSearchParams({ text: 'a' }) })",
                "read 200: a",
                "POST ran",
            ),
            case(
                "form-stranger",
                Stranger,
                "call('/form', { method: 'POST', body: new URLSearchParams({ text: 'a' }) })",
                "refused",
                "POST",
            ),
            case(
                "form-multipart",
                Page,
                "(() => { const data = new FormData(); data.append('text', 'a'); \
                 return body('/form', { method: 'POST', body: data }); })()",
                "read 200: a",
                "POST ran",
            ),
            case(
                "form-multipart-stranger",
                Stranger,
                "(() => { const data = new FormData(); data.append('text', 'a'); \
                 return call('/form', { method: 'POST', body: data }); })()",
                "refused",
                "POST",
            ),
            case("text", Page, "body('/text', { method: 'POST', body: 'a' })", "read 200: a", "POST ran"),
            case("text-stranger", Stranger, "call('/text', { method: 'POST', body: 'a' })", "refused", "POST"),
            case(
                "bytes",
                Page,
                "call('/text', { method: 'POST', body: new Uint8Array([97]) })",
                "read 200",
                "POST ran",
            ),
            case(
                "blob-with-type",
                Page,
                "call('/upload/typed', { method: 'POST', body: new Blob(['a'], { type: 'image/x' }) })",
                "read 200",
                "OPTIONS POST content-type, POST ran",
            ),
            case(
                "no-cors",
                Page,
                "call('/text', { method: 'POST', mode: 'no-cors', body: 'a' })",
                "opaque",
                "POST ran",
            ),
            case(
                "no-cors-stranger",
                Stranger,
                "call('/text', { method: 'POST', mode: 'no-cors', credentials: 'include', body: 'a' })",
                "opaque",
                "POST cookie",
            ),
            case(
                "no-cors-not-enforced",
                Stranger,
                "call('/upload/open', { method: 'POST', mode: 'no-cors', body: 'a' })",
                "opaque",
                "POST ran",
            ),
            case(
                "beacon",
                Page,
                "[navigator.sendBeacon(url('/text'), 'a'), await seen(1)]",
                "true, 1 seen",
                "POST cookie",
            ),
            // A beacon always carries cookies.
            case(
                "beacon-as-user",
                Page,
                "[navigator.sendBeacon(url('/text/user'), 'a'), await seen(1)]",
                "true, 1 seen",
                "POST cookie ran",
            ),
            case(
                "beacon-stranger",
                Stranger,
                "[navigator.sendBeacon(url('/text'), 'a'), await seen(1)]",
                "true, 1 seen",
                "POST cookie",
            ),
            case(
                "keepalive",
                Page,
                "call('/text', { method: 'POST', keepalive: true, body: 'a' })",
                "read 200",
                "POST ran",
            ),
            // A listener on the upload would tell a page whether somebody is there: the browser asks before a POST that
            // it would send unasked otherwise.
            case("upload", Page, "xhr('POST', '/upload', { body: 'a' })", "read 200", "POST ran"),
            case(
                "upload-watched",
                Page,
                "xhr('POST', '/upload', { body: 'a', upload: true })",
                "read 200",
                "OPTIONS POST, POST ran",
            ),
            case("upload-stranger", Stranger, "xhr('POST', '/upload', { body: 'a' })", "refused", "POST"),
            case(
                "upload-watched-stranger",
                Stranger,
                "xhr('POST', '/upload', { body: 'a', upload: true })",
                "refused",
                "OPTIONS POST",
            ),
            case(
                "upload-watched-form",
                Page,
                "xhr('POST', '/form', { body: new URLSearchParams({ text: 'a' }), upload: true })",
                "read 200",
                "OPTIONS POST, POST ran",
            ),
            // A body that is still being written.
            case(
                "stream",
                Page,
                "call('/upload', { method: 'POST', duplex: 'half', body: new Blob(['a']).stream() })",
                "read 200",
                "OPTIONS POST, POST ran",
            )
            .unlike(Chromium, "refused", "OPTIONS POST", "sends streams only over HTTP/2")
            .unlike(Firefox, "read 200", "POST ran", "has no streams in requests: it sends their name as text")
            .unlike(WebKit, "refused", "", "has no streams in requests, and sends nothing"),
            case(
                "stream-stranger",
                Stranger,
                "call('/upload', { method: 'POST', duplex: 'half', body: new Blob(['a']).stream() })",
                "refused",
                "OPTIONS POST",
            )
            .unlike(Firefox, "refused", "POST", "has no streams in requests: it sends their name as text")
            .unlike(WebKit, "refused", "", "has no streams in requests, and sends nothing"),
        ],
    }
}
