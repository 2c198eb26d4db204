//! No guard of a handler runs for a preflight.

use std::sync::atomic::{AtomicUsize, Ordering};

use cors_runtime::cross_origin;
use cors_tests::{APP, Call, Reply, Server, serve};
use rocket::data::{self, FromData};
use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest};
use rocket::{Data, Request, post, put, routes};

/// How many guards have run. One test counts.
static GUARDS: AtomicUsize = AtomicUsize::new(0);

/// A guard that refuses every token.
struct Token;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Token {
    type Error = ();

    async fn from_request(_: &'r Request<'_>) -> request::Outcome<Self, ()> {
        GUARDS.fetch_add(1, Ordering::SeqCst);
        Outcome::Error((Status::Unauthorized, ()))
    }
}

/// A guard that refuses every body.
struct Body;

#[rocket::async_trait]
impl<'r> FromData<'r> for Body {
    type Error = ();

    async fn from_data(_: &'r Request<'_>, _: Data<'r>) -> data::Outcome<'r, Self> {
        GUARDS.fetch_add(1, Ordering::SeqCst);
        Outcome::Error((Status::UnprocessableEntity, ()))
    }
}

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["authorization", "content-type"])]
#[put("/guarded/<_id>")]
fn guarded(_id: u8, _token: Token) {}

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["authorization", "content-type"])]
#[post("/guarded", format = "json", data = "<_body>")]
fn body(_body: Body) {}

fn ask(server: &Server, path: &str, method: &str, names: &str) -> Reply {
    let call = Call::new("OPTIONS", path).header("Origin", APP).header("Access-Control-Request-Method", method);
    call.header("Access-Control-Request-Headers", names).send(server)
}

/// Browsers send preflights without cookies and without `Authorization`: a guard that asks for them would refuse every one.
#[test]
fn no_guard_runs() {
    let server = serve(routes![guarded, body]);
    for (method, path) in [("PUT", "/guarded/7"), ("PUT", "/guarded/no-number"), ("POST", "/guarded")] {
        let reply = ask(&server, path, method, "authorization,content-type");
        assert_eq!((reply.status, reply.one("access-control-allow-origin")), (204, Some(APP)), "{method} {path}");
        assert_eq!(reply.list("access-control-allow-headers"), ["authorization", "content-type"], "{method} {path}");
    }
    assert_eq!(GUARDS.load(Ordering::SeqCst), 0);

    let put = Call::new("PUT", "/guarded/7").header("Origin", APP).send(&server);
    assert_eq!((put.status, put.one("access-control-allow-origin")), (401, Some(APP)));
    let post =
        Call::new("POST", "/guarded").header("Origin", APP).header("Content-Type", "application/json").body("{}");
    assert_eq!(post.send(&server).status, 422);
    assert_eq!(GUARDS.load(Ordering::SeqCst), 2);
}
