//! Workers and event sources.

use cors_runtime::cross_origin;
use rocket::response::stream::{Event, EventStream};
use rocket::{get, routes};

use crate::api::handlers;
use crate::record::Ran;
use crate::table::Place::{
    BlobWorker, DataWorker, ModuleWorker, Page, Sandboxed, ServiceWorker, SharedWorker, Stranger, Worker,
};
use crate::table::{Topic, case};

handlers! {
    #[cross_origin(origins = ["http://localhost:8701"])]
    get read "/workers";

    #[cross_origin(origins = ["http://localhost:8701"])]
    put write "/workers";

    #[cross_origin(origins = ["http://localhost:8701"], credentials)]
    get with_cookies "/workers/credentials";

    #[cross_origin(origins = ["https://app.example.com"])]
    get unnamed "/workers/unnamed";

    #[cross_origin(origins = ["https://app.example.com"])]
    put unnamed_put "/workers/unnamed";
}

/// One event, and the end.
fn hello() -> EventStream![] {
    EventStream! { yield Event::data("hello"); }
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[get("/events")]
fn events(ran: Ran) -> EventStream![] {
    ran.now();
    hello()
}

#[cross_origin(origins = ["http://localhost:8701"], credentials)]
#[get("/events/credentials")]
fn events_with_cookies(ran: Ran) -> EventStream![] {
    ran.now();
    hello()
}

#[cross_origin(origins = any)]
#[get("/events/any")]
fn events_for_anyone(ran: Ran) -> EventStream![] {
    ran.now();
    hello()
}

#[get("/events/unannotated")]
fn events_unannotated(ran: Ran) -> EventStream![] {
    ran.now();
    hello()
}

pub fn topic() -> Topic {
    let put = "call('/workers', { method: 'PUT' })";
    let unnamed_put = "call('/workers/unnamed', { method: 'PUT' })";
    Topic {
        title: "Workers and event sources",
        file: "workers.rs",
        routes: [plain_routes(), routes![events, events_with_cookies, events_for_anyone, events_unannotated]].concat(),
        cases: vec![
            case("worker", Worker, "call('/workers')", "read 200", "GET ran"),
            case("worker-put", Worker, put, "read 200", "OPTIONS PUT, PUT ran"),
            case("worker-xhr", Worker, "xhr('PUT', '/workers')", "read 200", "OPTIONS PUT, PUT ran"),
            case("worker-unnamed", Worker, "call('/workers/unnamed')", "refused", "GET ran"),
            case("worker-unnamed-put", Worker, unnamed_put, "refused", "OPTIONS PUT"),
            case(
                "worker-cookies",
                Worker,
                "call('/workers/credentials', { credentials: 'include' })",
                "read 200",
                "GET cookie ran",
            ),
            case("worker-module", ModuleWorker, put, "read 200", "OPTIONS PUT, PUT ran"),
            case("worker-module-unnamed", ModuleWorker, unnamed_put, "refused", "OPTIONS PUT"),
            case("worker-blob", BlobWorker, put, "read 200", "OPTIONS PUT, PUT ran"),
            case("worker-blob-unnamed", BlobWorker, unnamed_put, "refused", "OPTIONS PUT"),
            case("worker-shared", SharedWorker, put, "read 200", "OPTIONS PUT, PUT ran"),
            case("worker-shared-unnamed", SharedWorker, unnamed_put, "refused", "OPTIONS PUT"),
            case("worker-service", ServiceWorker, put, "read 200", "OPTIONS PUT, PUT ran"),
            case("worker-service-unnamed", ServiceWorker, unnamed_put, "refused", "OPTIONS PUT"),
            case("worker-data", DataWorker, "call('/workers')", "refused", "GET null ran"),
            case("worker-data-put", DataWorker, put, "refused", "OPTIONS PUT null"),
            case("events", Page, "events('/events')", "event: hello", "GET ran"),
            case("events-stranger", Stranger, "events('/events')", "refused", "GET ran"),
            case("events-worker", Worker, "events('/events')", "event: hello", "GET ran"),
            case("events-unannotated", Page, "events('/events/unannotated')", "refused", "GET ran"),
            case("events-any", Stranger, "events('/events/any')", "event: hello", "GET ran"),
            case("events-null", Sandboxed, "events('/events/any')", "event: hello", "GET null ran"),
            case(
                "events-cookies",
                Page,
                "events('/events/credentials', { withCredentials: true })",
                "event: hello",
                "GET cookie ran",
            ),
            case(
                "events-cookies-without",
                Page,
                "events('/events', { withCredentials: true })",
                "refused",
                "GET cookie ran",
            ),
            case(
                "events-cookies-any",
                Page,
                "events('/events/any', { withCredentials: true })",
                "refused",
                "GET cookie ran",
            ),
        ],
    }
}
