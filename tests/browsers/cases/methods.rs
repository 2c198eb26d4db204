//! Methods: each handler has one, and a preflight is answered by the handler that would serve what it announces.

use cors_runtime::cross_origin;
use rocket::http::Status;
use rocket::{delete, get, options, routes};

use crate::api::{Answer, handlers};
use crate::record::Ran;
use crate::table::Place::{Own, Page, Stranger};
use crate::table::{Topic, case};

handlers! {
    #[cross_origin(origins = ["http://localhost:8701"], allow_headers = ["x-extra"])]
    get read "/methods";

    #[cross_origin(origins = ["http://localhost:8701"])]
    put replace "/methods";

    #[cross_origin(origins = ["http://localhost:8701"])]
    patch change "/methods";

    #[cross_origin(origins = ["http://localhost:8701"])]
    delete remove "/methods";

    #[cross_origin(origins = ["http://localhost:8701"])]
    head only_head "/methods/head";

    get not_head "/methods/head";

    #[cross_origin(origins = any)]
    get differs_read "/methods/differ";

    #[cross_origin(origins = ["http://localhost:8701"])]
    put differs_write "/methods/differ";

    delete differs_remove "/methods/differ";
}

/// The route that is shared, and more special ones that are not.
#[cross_origin(origins = ["http://localhost:8701"])]
#[delete("/items/<_id>", rank = 2)]
fn remove_item(_id: &str, ran: Ran) -> Answer {
    ran.now();
    Answer::default()
}

#[delete("/items/special", rank = 1)]
fn remove_special_item(ran: Ran) -> Answer {
    ran.now();
    Answer::default()
}

/// Two policies, of which the type of a segment decides: a number is for everybody.
#[cross_origin(origins = any)]
#[get("/ranked/<_number>", rank = 1)]
fn number(_number: u8, ran: Ran) -> Answer {
    ran.now();
    Answer::default()
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[get("/ranked/<_name>", rank = 2)]
fn name(_name: &str, ran: Ran) -> Answer {
    ran.now();
    Answer::default()
}

/// An OPTIONS handler of the application's own.
#[options("/methods/own-options")]
fn own_options(ran: Ran) -> Status {
    ran.now();
    Status::Ok
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[delete("/methods/own-options")]
fn beside_own_options(ran: Ran) -> Answer {
    ran.now();
    Answer::default()
}

pub fn topic() -> Topic {
    Topic {
        title: "Methods",
        file: "methods.rs",
        routes: [
            plain_routes(),
            routes![remove_item, remove_special_item, number, name, own_options, beside_own_options],
        ]
        .concat(),
        cases: vec![
            case("head", Page, "call('/methods', { method: 'HEAD' })", "read 200", "HEAD ran"),
            case("head-stranger", Stranger, "call('/methods', { method: 'HEAD' })", "refused", "HEAD ran"),
            case(
                "head-announced",
                Page,
                "call('/methods', { method: 'HEAD', headers: { 'x-extra': '1' } })",
                "read 200",
                "OPTIONS HEAD x-extra, HEAD ran",
            ),
            case(
                "head-announced-stranger",
                Stranger,
                "call('/methods', { method: 'HEAD', headers: { 'x-extra': '1' } })",
                "refused",
                "OPTIONS HEAD x-extra",
            ),
            case("head-handler", Page, "call('/methods/head', { method: 'HEAD' })", "read 200", "HEAD ran"),
            case("head-handler-get", Page, "call('/methods/head')", "refused", "GET ran"),
            case("put", Page, "call('/methods', { method: 'PUT' })", "read 200", "OPTIONS PUT, PUT ran"),
            case("patch", Page, "call('/methods', { method: 'PATCH' })", "read 200", "OPTIONS PATCH, PATCH ran"),
            case("delete", Page, "call('/methods', { method: 'DELETE' })", "read 200", "OPTIONS DELETE, DELETE ran"),
            case("patch-stranger", Stranger, "call('/methods', { method: 'PATCH' })", "refused", "OPTIONS PATCH"),
            case("delete-stranger", Stranger, "call('/methods', { method: 'DELETE' })", "refused", "OPTIONS DELETE"),
            case("delete-xhr", Page, "xhr('DELETE', '/methods')", "read 200", "OPTIONS DELETE, DELETE ran"),
            // `fetch` writes all methods of old in capitals, and leaves `patch` as it is, which is another method.
            case("put-lower-case", Page, "call('/methods', { method: 'put' })", "read 200", "OPTIONS PUT, PUT ran"),
            case("patch-lower-case", Page, "call('/methods', { method: 'patch' })", "refused", "OPTIONS patch"),
            case("unknown-method", Page, "call('/methods', { method: 'CHICKEN' })", "refused", "OPTIONS CHICKEN"),
            case("no-handler", Page, "call('/methods/head', { method: 'PUT' })", "refused", "OPTIONS PUT"),
            case("no-handler-post", Page, "call('/methods', { method: 'POST' })", "refused", "POST"),
            case("no-route", Page, "call('/methods/nowhere', { method: 'PUT' })", "refused", "OPTIONS PUT"),
            case("differ-read", Stranger, "call('/methods/differ')", "read 200", "GET ran"),
            case(
                "differ-write",
                Page,
                "call('/methods/differ', { method: 'PUT' })",
                "read 200",
                "OPTIONS PUT, PUT ran",
            ),
            case(
                "differ-write-stranger",
                Stranger,
                "call('/methods/differ', { method: 'PUT' })",
                "refused",
                "OPTIONS PUT",
            ),
            case("differ-remove", Page, "call('/methods/differ', { method: 'DELETE' })", "refused", "OPTIONS DELETE"),
            case("item", Page, "call('/items/7', { method: 'DELETE' })", "read 200", "OPTIONS DELETE, DELETE ran"),
            case("item-special", Page, "call('/items/special', { method: 'DELETE' })", "refused", "OPTIONS DELETE"),
            case("ranked-first", Stranger, "call('/ranked/7')", "read 200", "GET ran"),
            case("ranked-second", Page, "call('/ranked/seven')", "read 200", "GET ran"),
            case("ranked-second-stranger", Stranger, "call('/ranked/seven')", "refused", "GET ran"),
            case(
                "own-options",
                Own,
                "call('/methods/own-options', { method: 'OPTIONS' })",
                "read 200",
                "OPTIONS cookie ran",
            )
            .reads("date, permissions-policy, server, x-content-type-options"),
            case(
                "own-options-announced",
                Page,
                "call('/methods/own-options', { method: 'OPTIONS' })",
                "refused",
                "OPTIONS OPTIONS ran",
            ),
            case(
                "beside-own-options",
                Page,
                "call('/methods/own-options', { method: 'DELETE' })",
                "read 200",
                "OPTIONS DELETE, DELETE ran",
            ),
        ],
    }
}
