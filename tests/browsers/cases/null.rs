//! `Origin: null`: what sandboxed frames and `data:` URLs send. No policy can name it; `any` does not have to.

use cors_runtime::cross_origin;

use crate::api::handlers;
use crate::engines::Engine::WebKit;
use crate::table::Place::{Data, DataSharedWorker, DataWorker, Sandboxed};
use crate::table::{Topic, case};

handlers! {
    #[cross_origin(origins = any)]
    get anyone "/null/any";

    #[cross_origin(origins = any)]
    put anyone_put "/null/any";

    #[cross_origin(origins = ["http://localhost:8701", "http://localhost:*"], allow(shadowed_origin))]
    get named "/null/named";

    #[cross_origin(origins = ["http://localhost:8701", "http://localhost:*"], allow(shadowed_origin))]
    post named_post "/null/named";

    #[cross_origin(origins = ["http://localhost:8701", "http://localhost:*"], allow(shadowed_origin))]
    put named_put "/null/named";

    #[cross_origin(origins = ["http://localhost:8701"], enforce)]
    get enforced "/null/enforced";
}

pub fn topic() -> Topic {
    Topic {
        title: "The origin `null`",
        file: "null.rs",
        routes: plain_routes(),
        cases: vec![
            case("null-any", Sandboxed, "call('/null/any')", "read 200", "GET null ran"),
            case("null-any-data", Data, "call('/null/any')", "read 200", "GET null ran"),
            case("null-any-data-worker", DataWorker, "call('/null/any')", "read 200", "GET null ran"),
            case("null-any-data-shared-worker", DataSharedWorker, "call('/null/any')", "read 200", "GET null ran"),
            case("null-data-shared-worker", DataSharedWorker, "call('/null/named')", "refused", "GET null ran"),
            case(
                "null-any-put",
                Sandboxed,
                "call('/null/any', { method: 'PUT' })",
                "read 200",
                "OPTIONS PUT null, PUT null ran",
            ),
            // The page around the frame is named. The frame is not.
            case("null", Sandboxed, "call('/null/named')", "refused", "GET null ran"),
            case("null-data", Data, "call('/null/named')", "refused", "GET null ran"),
            case("null-data-worker", DataWorker, "call('/null/named')", "refused", "GET null ran"),
            case("null-post", Sandboxed, "call('/null/named', { method: 'POST' })", "refused", "POST null"),
            case("null-put", Data, "call('/null/named', { method: 'PUT' })", "refused", "OPTIONS PUT null"),
            case(
                "null-put-worker",
                DataWorker,
                "call('/null/named', { method: 'PUT' })",
                "refused",
                "OPTIONS PUT null",
            ),
            case("null-xhr", Sandboxed, "xhr('GET', '/null/any')", "read 200", "GET null ran"),
            case("null-xhr-named", Sandboxed, "xhr('GET', '/null/named')", "refused", "GET null ran"),
            case("null-enforced", Sandboxed, "call('/null/enforced')", "refused", "GET null"),
            case("null-form", Sandboxed, "form('/null/named', { a: 1 })", "sent", "POST null").unlike(
                WebKit,
                "sent",
                "POST null cookie",
                "sends the cookies of its host from a sandboxed frame",
            ),
        ],
    }
}
