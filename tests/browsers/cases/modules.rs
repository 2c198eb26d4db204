//! The attribute on a module: every handler in it, and those that say something else.

use cors_runtime::cross_origin;
use rocket::routes;

use crate::table::Place::{App, Own, Page, Stranger};
use crate::table::{EVERY, Topic, case};

#[cross_origin(origins = ["http://localhost:8701"], credentials, allow_headers = ["x-extra"], expose_headers = ["x-one"], max_age = 600)]
pub mod shared {
    use cors_runtime::cross_origin;
    use rocket::{get, post, put};

    use crate::api::Answer;
    use crate::record::Ran;

    #[get("/module")]
    pub fn read(ran: Ran) -> Answer {
        ran.now();
        Answer::default()
    }

    #[put("/module")]
    pub fn write(ran: Ran) -> Answer {
        ran.now();
        Answer::default()
    }

    #[cross_origin(origins = ["http://app.localhost:8701"])]
    #[get("/module/own")]
    pub fn own(ran: Ran) -> Answer {
        ran.now();
        Answer::default()
    }

    #[cross_origin(none)]
    #[get("/module/none")]
    pub fn none(ran: Ran) -> Answer {
        ran.now();
        Answer::default()
    }

    #[cross_origin(none)]
    #[put("/module/none")]
    pub fn none_put(ran: Ran) -> Answer {
        ran.now();
        Answer::default()
    }

    #[cross_origin(none)]
    #[post("/module/none")]
    pub fn none_post(ran: Ran) -> Answer {
        ran.now();
        Answer::default()
    }

    #[cross_origin(inherit, origins = ["http://app.localhost:8701"], allow_headers = ["x-more"], expose_headers = ["etag"])]
    #[get("/module/inherit")]
    pub fn inherits(ran: Ran) -> Answer {
        ran.now();
        Answer::default()
    }

    #[cross_origin(inherit, credentials = false, max_age = 0)]
    #[put("/module/narrower")]
    pub fn narrower(ran: Ran) -> Answer {
        ran.now();
        Answer::default()
    }

    pub mod inner {
        use rocket::get;

        use crate::api::Answer;
        use crate::record::Ran;

        #[get("/module/inner")]
        pub fn read(ran: Ran) -> Answer {
            ran.now();
            Answer::default()
        }
    }

    #[cross_origin(origins = any)]
    pub mod open {
        use rocket::get;

        use crate::api::Answer;
        use crate::record::Ran;

        #[get("/module/open")]
        pub fn read(ran: Ran) -> Answer {
            ran.now();
            Answer::default()
        }
    }
}

pub fn topic() -> Topic {
    Topic {
        title: "Modules",
        file: "modules.rs",
        routes: routes![
            shared::read,
            shared::write,
            shared::own,
            shared::none,
            shared::none_put,
            shared::none_post,
            shared::inherits,
            shared::narrower,
            shared::inner::read,
            shared::open::read
        ],
        cases: vec![
            case("module", Page, "call('/module', { credentials: 'include' })", "read 200", "GET cookie ran")
                .reads("x-one"),
            case("module-stranger", Stranger, "call('/module')", "refused", "GET ran"),
            case(
                "module-put",
                Page,
                "call('/module', { method: 'PUT', headers: { 'x-extra': '1' } })",
                "read 200",
                "OPTIONS PUT x-extra, PUT ran",
            )
            .reads("x-one"),
            case("module-put-stranger", Stranger, "call('/module', { method: 'PUT' })", "refused", "OPTIONS PUT"),
            case("module-own", App, "call('/module/own')", "read 200", "GET ran"),
            case("module-own-replaces", Page, "call('/module/own')", "refused", "GET ran"),
            case("module-none", Page, "call('/module/none')", "refused", "GET ran"),
            case("module-none-put", Page, "call('/module/none', { method: 'PUT' })", "refused", "OPTIONS PUT"),
            case("module-none-post", Page, "call('/module/none', { method: 'POST' })", "refused", "POST"),
            case("module-none-own", Own, "call('/module/none', { method: 'POST' })", "read 200", "POST cookie ran")
                .reads(EVERY),
            case("module-inherit", Page, "call('/module/inherit')", "read 200", "GET ran").reads("etag, x-one"),
            case(
                "module-inherit-more",
                App,
                "call('/module/inherit', { headers: { 'x-extra': '1', 'x-more': '1' } })",
                "read 200",
                "OPTIONS GET x-extra,x-more, GET ran",
            )
            .reads("etag, x-one"),
            case("module-inherit-stranger", Stranger, "call('/module/inherit')", "refused", "GET ran"),
            case(
                "module-narrower",
                Page,
                "[await call('/module/narrower', { method: 'PUT' }), await call('/module/narrower', { method: 'PUT' })]",
                "read 200, read 200",
                "OPTIONS PUT, PUT ran, OPTIONS PUT, PUT ran",
            )
            .reads("x-one"),
            case(
                "module-narrower-credentials",
                Page,
                "call('/module/narrower', { method: 'PUT', credentials: 'include' })",
                "refused",
                "OPTIONS PUT",
            ),
            case("module-inner", Page, "call('/module/inner')", "read 200", "GET ran").reads("x-one"),
            case("module-inner-stranger", Stranger, "call('/module/inner')", "refused", "GET ran"),
            case("module-open", Stranger, "call('/module/open')", "read 200", "GET ran"),
        ],
    }
}
