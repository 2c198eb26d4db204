//! `allow_headers` and `expose_headers`: what a page may put on a request, and read on a response.

use cors_runtime::cross_origin;
use rocket::http::Header;
use rocket::{Responder, get, routes};

use crate::api::{Answer, handlers};
use crate::record::Ran;
use crate::table::Place::{Page, Stranger};
use crate::table::{Case, EVERY, Topic, case};

handlers! {
    #[cross_origin(origins = ["http://localhost:8701"])]
    get nothing "/headers";

    #[cross_origin(origins = ["http://localhost:8701"])]
    post nothing_post "/headers";

    #[cross_origin(origins = ["http://localhost:8701"], allow_headers = ["X-Extra", "x-another"])]
    get listed "/headers/listed";

    #[cross_origin(origins = ["http://localhost:8701"], allow_headers = ["X-Extra", "x-another"])]
    put listed_put "/headers/listed";

    #[cross_origin(origins = ["http://localhost:8701"], allow_headers = ["authorization"])]
    get authorization "/headers/authorization";

    #[cross_origin(origins = any, allow_headers = any, expose_headers = any)]
    get any_header "/headers/any";

    #[cross_origin(origins = any, allow_headers = any)]
    put any_header_put "/headers/any";

    #[cross_origin(origins = any, allow_headers = [any, "authorization"])]
    get any_and_authorization "/headers/any-and-authorization";

    #[cross_origin(
        origins = ["http://localhost:8701"], credentials, allow_headers = any,
        allow(wildcard_allow_headers_with_credentials)
    )]
    put any_with_credentials "/headers/any-with-credentials";

    #[cross_origin(
        origins = ["http://localhost:8701"], credentials, allow_headers = ["x-extra"], expose_headers = ["x-two"]
    )]
    get listed_with_credentials "/headers/listed-with-credentials";

    #[cross_origin(
        origins = ["http://localhost:8701"], allow_headers = ["accept", "accept-language", "content-language", "content-type", "range"]
    )]
    post safelisted "/headers/safelisted";

    #[cross_origin(origins = ["http://localhost:8701"], expose_headers = ["X-One", "etag"])]
    get exposed "/headers/exposed";

    #[cross_origin(origins = ["http://localhost:8701"], expose_headers = ["x-missing"])]
    get exposed_in_vain "/headers/exposed-in-vain";

    #[cross_origin(origins = ["http://localhost:8701"], expose_headers = any)]
    get all_exposed "/headers/all-exposed";
}

/// A handler that sets headers of the CORS protocol itself. The policy replaces them.
#[derive(Debug, Responder)]
struct Own {
    answer: Answer,
    origin: Header<'static>,
    credentials: Header<'static>,
    exposed: Header<'static>,
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[get("/headers/own?<origin>")]
fn own(origin: String, ran: Ran) -> Own {
    ran.now();
    Own {
        answer: Answer::default(),
        origin: Header::new("Access-Control-Allow-Origin", origin),
        credentials: Header::new("Access-Control-Allow-Credentials", "true"),
        exposed: Header::new("Access-Control-Expose-Headers", "x-one"),
    }
}

pub fn topic() -> Topic {
    Topic {
        title: "Headers",
        file: "headers.rs",
        routes: [plain_routes(), routes![own]].concat(),
        cases: [cases_of_requests(), cases_of_the_safelist(), cases_of_responses()].concat(),
    }
}

fn cases_of_requests() -> Vec<Case> {
    vec![
        case(
            "header",
            Page,
            "call('/headers/listed', { headers: { 'x-extra': '1' } })",
            "read 200",
            "OPTIONS GET x-extra, GET ran",
        ),
        case(
            "header-stranger",
            Stranger,
            "call('/headers/listed', { headers: { 'x-extra': '1' } })",
            "refused",
            "OPTIONS GET x-extra",
        ),
        case(
            "header-in-capitals",
            Page,
            "call('/headers/listed', { headers: { 'X-EXTRA': '1' } })",
            "read 200",
            "OPTIONS GET x-extra, GET ran",
        ),
        case(
            "headers-sorted",
            Page,
            "call('/headers/listed', { method: 'PUT', headers: { 'x-extra': '1', 'X-Another': '2' } })",
            "read 200",
            "OPTIONS PUT x-another,x-extra, PUT ran",
        ),
        case(
            "header-not-listed",
            Page,
            "call('/headers/listed', { method: 'PUT', headers: { 'x-extra': '1', 'x-other': '2' } })",
            "refused",
            "OPTIONS PUT x-extra,x-other",
        ),
        case(
            "header-none-listed",
            Page,
            "call('/headers', { headers: { 'x-extra': '1' } })",
            "refused",
            "OPTIONS GET x-extra",
        ),
        case(
            "header-xhr",
            Page,
            "xhr('GET', '/headers/listed', { headers: { 'x-extra': '1' } })",
            "read 200",
            "OPTIONS GET x-extra, GET ran",
        ),
        case(
            "header-xhr-not-listed",
            Page,
            "xhr('GET', '/headers/listed', { headers: { 'x-other': '1' } })",
            "refused",
            "OPTIONS GET x-other",
        ),
        case(
            "header-xhr-sync",
            Page,
            "xhr('GET', '/headers/listed', { headers: { 'x-other': '1' }, sync: true })",
            "refused",
            "OPTIONS GET x-other",
        ),
        case(
            "authorization",
            Page,
            "call('/headers/authorization', { headers: { authorization: 'Bearer x' } })",
            "read 200",
            "OPTIONS GET authorization, GET ran",
        ),
        case(
            "authorization-stranger",
            Stranger,
            "call('/headers/authorization', { headers: { authorization: 'Bearer x' } })",
            "refused",
            "OPTIONS GET authorization",
        ),
        case(
            "any-header",
            Stranger,
            "call('/headers/any', { method: 'PUT', headers: { 'x-extra': '1', 'content-type': 'text/x' } })",
            "read 200",
            "OPTIONS PUT content-type,x-extra, PUT ran",
        ),
        // The Fetch standard says that `*` does not cover it, and all three engines let it pass. So `*` is not said.
        case(
            "any-header-authorization",
            Page,
            "call('/headers/any', { headers: { authorization: 'Bearer x' } })",
            "refused",
            "OPTIONS GET authorization",
        ),
        case(
            "any-header-and-authorization",
            Page,
            "call('/headers/any-and-authorization', { headers: { authorization: 'Bearer x', 'x-extra': '1' } })",
            "read 200",
            "OPTIONS GET authorization,x-extra, GET ran",
        ),
        // With credentials a browser takes `*` for a name, so the names are said.
        case(
            "any-header-with-credentials",
            Page,
            "call('/headers/any-with-credentials', \
             { method: 'PUT', credentials: 'include', headers: { 'x-extra': '1', 'x-whatever': '2' } })",
            "read 200",
            "OPTIONS PUT x-extra,x-whatever, PUT cookie ran",
        ),
        case(
            "header-with-credentials",
            Page,
            "call('/headers/listed-with-credentials', { credentials: 'include', headers: { 'x-extra': '1' } })",
            "read 200",
            "OPTIONS GET x-extra, GET cookie ran",
        )
        .reads("x-two"),
        case(
            "header-with-credentials-not-listed",
            Page,
            "call('/headers/listed-with-credentials', { credentials: 'include', headers: { 'x-other': '1' } })",
            "refused",
            "OPTIONS GET x-other",
        ),
    ]
}

/// What browsers send without asking, and values that make them ask.
fn cases_of_the_safelist() -> Vec<Case> {
    vec![
        case(
            "safelisted-accept",
            Page,
            "call('/headers', { headers: { accept: 'text/x', 'accept-language': 'en', 'content-language': 'en' } })",
            "read 200",
            "GET ran",
        ),
        case("safelisted-plain", Page, "send('POST', '/headers', 'text/plain', 'a')", "read 200", "POST ran"),
        case(
            "safelisted-parameter",
            Page,
            "send('POST', '/headers', 'text/plain;charset=utf-8', 'a')",
            "read 200",
            "POST ran",
        ),
        case(
            "safelisted-form",
            Page,
            "send('POST', '/headers', 'application/x-www-form-urlencoded', 'a=1')",
            "read 200",
            "POST ran",
        ),
        case(
            "unsafe-type",
            Page,
            "send('POST', '/headers/safelisted', 'text/html', 'a')",
            "read 200",
            "OPTIONS POST content-type, POST ran",
        ),
        case(
            "unsafe-type-not-listed",
            Page,
            "send('POST', '/headers', 'text/html', 'a')",
            "refused",
            "OPTIONS POST content-type",
        ),
        case(
            "unsafe-accept",
            Page,
            "call('/headers/safelisted', { method: 'POST', headers: { accept: '\"' } })",
            "read 200",
            "OPTIONS POST accept, POST ran",
        ),
        case(
            "unsafe-accept-language",
            Page,
            "call('/headers/safelisted', { method: 'POST', headers: { 'accept-language': '@' } })",
            "read 200",
            "OPTIONS POST accept-language, POST ran",
        ),
        case(
            "unsafe-content-language",
            Page,
            "call('/headers/safelisted', { method: 'POST', headers: { 'content-language': '@' } })",
            "read 200",
            "OPTIONS POST content-language, POST ran",
        ),
        case(
            "unsafe-length",
            Page,
            "call('/headers/safelisted', { method: 'POST', headers: { accept: 'a'.repeat(129) } })",
            "read 200",
            "OPTIONS POST accept, POST ran",
        ),
        case(
            "unsafe-length-type",
            Page,
            "send('POST', '/headers/safelisted', 'text/plain;' + 'a'.repeat(128), 'a')",
            "read 200",
            "OPTIONS POST content-type, POST ran",
        ),
        case(
            "range",
            Page,
            "call('/headers/safelisted', { method: 'POST', headers: { range: 'bytes=0-1' } })",
            "read 200",
            "POST ran",
        ),
        case(
            "range-suffix",
            Page,
            "call('/headers/safelisted', { method: 'POST', headers: { range: 'bytes=-1' } })",
            "read 200",
            "OPTIONS POST range, POST ran",
        ),
    ]
}

fn cases_of_responses() -> Vec<Case> {
    vec![
        case("exposed-none", Page, "call('/headers')", "read 200", "GET ran"),
        case("exposed", Page, "call('/headers/exposed')", "read 200", "GET ran").reads("etag, x-one"),
        case("exposed-xhr", Page, "xhr('GET', '/headers/exposed')", "read 200", "GET ran").reads("etag, x-one"),
        case("exposed-xhr-none", Page, "xhr('GET', '/headers')", "read 200", "GET ran"),
        case("exposed-stranger", Stranger, "call('/headers/exposed')", "refused", "GET ran"),
        case("exposed-in-vain", Page, "call('/headers/exposed-in-vain')", "read 200", "GET ran"),
        case("exposed-all", Page, "call('/headers/all-exposed')", "read 200", "GET ran").reads(EVERY),
        case("exposed-all-to-anyone", Stranger, "call('/headers/any')", "read 200", "GET ran").reads(EVERY),
        case(
            "exposed-with-credentials",
            Page,
            "call('/headers/listed-with-credentials', { credentials: 'include' })",
            "read 200",
            "GET cookie ran",
        )
        .reads("x-two"),
        case("own-headers", Page, "call('/headers/own?origin=*')", "read 200", "GET ran"),
        case("own-headers-stranger", Stranger, "call('/headers/own?origin=*')", "refused", "GET ran"),
        case("own-headers-echo", Stranger, "call(`/headers/own?origin=${location.origin}`)", "refused", "GET ran"),
        case(
            "own-headers-cookies",
            Page,
            "call(`/headers/own?origin=${location.origin}`, { credentials: 'include' })",
            "refused",
            "GET cookie ran",
        ),
        case("exposed-opaque", Stranger, "call('/headers/any', { mode: 'no-cors' })", "opaque", "GET no-origin ran"),
    ]
}
