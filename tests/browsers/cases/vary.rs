//! `Vary`: what a cache may hand to whom. An answer that one page got must not be kept for another.

use cors_runtime::cross_origin;
use rocket::http::{Header, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::{Request, Responder, Route, get, routes};

use crate::engines::Engine::{Chromium, Firefox, WebKit};
use crate::record::Ran;
use crate::table::Place::Page;
use crate::table::{Topic, case};

/// An answer that a cache may keep.
#[derive(Debug, Responder)]
struct Kept {
    body: &'static str,
    cache: Header<'static>,
    etag: Header<'static>,
}

fn kept() -> Kept {
    let (cache, etag) = (Header::new("Cache-Control", "max-age=600"), Header::new("ETag", "\"v1\""));
    Kept { body: "kept", cache, etag }
}

/// One that says itself what else it depends on.
#[derive(Debug, Responder)]
struct Varying {
    kept: Kept,
    vary: Header<'static>,
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[get("/kept")]
fn one(ran: Ran) -> Kept {
    ran.now();
    kept()
}

#[cross_origin(origins = ["http://localhost:8701", "http://app.localhost:8701"])]
#[get("/kept/two")]
fn two(ran: Ran) -> Kept {
    ran.now();
    kept()
}

#[cross_origin(origins = any)]
#[get("/kept/any")]
fn anyone(ran: Ran) -> Kept {
    ran.now();
    kept()
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[get("/kept/varying")]
fn varying(ran: Ran) -> Varying {
    ran.now();
    Varying { kept: kept(), vary: Header::new("Vary", "Accept-Language") }
}

#[cross_origin(origins = ["http://localhost:8701"], enforce)]
#[get("/kept/enforced")]
fn enforced(ran: Ran) -> Kept {
    ran.now();
    kept()
}

/// Whether the browser has the answer and only asks whether it is still right.
#[derive(Clone, Copy)]
struct Known(bool);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Known {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        Outcome::Success(Known(request.headers().contains("If-None-Match")))
    }
}

#[cross_origin(origins = ["http://localhost:8701"])]
#[get("/kept/asked-again")]
fn asked_again(known: Known, ran: Ran) -> (Status, Kept) {
    ran.now();
    (if known.0 { Status::NotModified } else { Status::Ok }, kept())
}

fn all_routes() -> Vec<Route> {
    routes![one, two, anyone, varying, enforced, asked_again]
}

pub fn topic() -> Topic {
    const LATE: &str = "writes to its cache with a delay";
    Topic {
        title: "Caches",
        file: "vary.rs",
        routes: all_routes(),
        cases: vec![
            case(
                "kept-no-cors-first",
                Page,
                "[await call('/kept', { mode: 'no-cors' }), await call('/kept')]",
                "opaque, read 200",
                "GET no-origin ran, GET ran",
            ),
            case(
                "kept-cors-first",
                Page,
                "[await call('/kept'), await call('/kept', { mode: 'no-cors' }), await call('/kept')]",
                "read 200, opaque, read 200",
                "GET ran, GET no-origin ran, GET ran",
            )
            .or_sees(WebKit, "GET ran, GET no-origin ran", "keeps both answers"),
            case(
                "kept-stranger-first",
                Page,
                "[await from('stranger', \"call('/kept')\"), await call('/kept')]",
                "refused, read 200",
                "GET ran, GET ran",
            ),
            case(
                "kept-page-first",
                Page,
                "[await call('/kept'), await from('stranger', \"call('/kept')\")]",
                "read 200, refused",
                "GET ran, GET ran",
            ),
            case(
                "kept-own-first",
                Page,
                "[await from('own', \"call('/kept')\"), await call('/kept')]",
                "read 200, read 200",
                "GET no-origin cookie ran, GET ran",
            ),
            case(
                "kept-own-last",
                Page,
                "[await call('/kept'), await from('own', \"call('/kept')\")]",
                "read 200, read 200",
                "GET ran, GET no-origin cookie ran",
            ),
            case(
                "kept-both-named",
                Page,
                "[await call('/kept/two'), await from('app', \"call('/kept/two')\"), await call('/kept/two')]",
                "read 200, read 200, read 200",
                "GET ran, GET ran",
            )
            .or_sees(WebKit, "GET ran, GET ran, GET ran", LATE),
            case(
                "kept-any-no-cors-first",
                Page,
                "[await call('/kept/any', { mode: 'no-cors' }), await call('/kept/any')]",
                "opaque, read 200",
                "GET no-origin ran, GET ran",
            )
            .or_sees(Chromium, "GET no-origin ran", "may take the answer from its cache, as it should")
            .or_sees(Firefox, "GET no-origin ran", "may take the answer from its cache, as it should")
            .or_sees(WebKit, "GET no-origin ran", LATE),
            case(
                "kept-any-stranger-first",
                Page,
                "[await from('stranger', \"call('/kept/any')\"), await call('/kept/any')]",
                "read 200, read 200",
                "GET ran",
            )
            .or_sees(WebKit, "GET ran, GET ran", LATE),
            case(
                "kept-varying",
                Page,
                "[await call('/kept/varying', { mode: 'no-cors' }), await call('/kept/varying')]",
                "opaque, read 200",
                "GET no-origin ran, GET ran",
            ),
            case(
                "kept-enforced-stranger-first",
                Page,
                "[await from('stranger', \"call('/kept/enforced')\"), await call('/kept/enforced')]",
                "refused, read 200",
                "GET, GET ran",
            ),
            // 304: the headers of the kept answer are brought up to date, and still say who may read.
            case(
                "asked-again",
                Page,
                "[await call('/kept/asked-again'), await call('/kept/asked-again', { cache: 'no-cache' })]",
                "read 200, read 200",
                "GET ran, GET ran",
            ),
            case(
                "asked-again-stranger-first",
                Page,
                "[await from('stranger', \"call('/kept/asked-again')\"), \
                 await call('/kept/asked-again', { cache: 'no-cache' })]",
                "refused, read 200",
                "GET ran, GET ran",
            ),
            case(
                "kept-image-no-cors-first",
                Page,
                "[await image('/files/anyone/dot.png'), await image('/files/anyone/dot.png', { crossOrigin: '' })]",
                "loaded, pixels withheld, loaded, pixels readable",
                "GET no-origin cookie, GET",
            ),
        ],
    }
}
