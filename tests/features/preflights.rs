//! What happens at preflight, and what does not.

use std::sync::atomic::{AtomicUsize, Ordering};

use cors_runtime::cross_origin;
use cors_tests::{Call, Reply, Server};
use rocket::data::{self, FromData};
use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest};
use rocket::{Data, Request, get, post, put, routes};

use crate::{APP, EVIL, lines_about, serve};

/// How many guards have run. One test counts.
static GUARDS: AtomicUsize = AtomicUsize::new(0);

/// Nobody has the right token.
struct Token;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Token {
    type Error = ();

    async fn from_request(_: &'r Request<'_>) -> request::Outcome<Self, ()> {
        GUARDS.fetch_add(1, Ordering::SeqCst);
        Outcome::Error((Status::Unauthorized, ()))
    }
}

/// Nobody has the right body.
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

/// Browsers send preflights without cookies and without `Authorization`: whoever asked for them would always refuse.
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

#[cross_origin(origins = ["https://app.example.com"], max_age = 0)]
#[put("/age/zero")]
fn zero() {}

#[cross_origin(origins = ["https://app.example.com"])]
#[put("/age/unset")]
fn unset() {}

#[test]
fn zero_seconds_are_said_and_nothing_is_not() {
    let server = serve(routes![zero, unset]);
    assert_eq!(ask(&server, "/age/zero", "PUT", "").one("access-control-max-age"), Some("0"));
    assert_eq!(ask(&server, "/age/unset", "PUT", "").all("access-control-max-age").len(), 0);
    let actual = Call::new("PUT", "/age/zero").header("Origin", APP).send(&server);
    assert_eq!((actual.status, actual.all("access-control-max-age").len()), (200, 0));
}

#[cross_origin(origins = ["https://app.example.com"], credentials, allow_headers = ["X-Token"])]
#[put("/names")]
fn names() {}

#[test]
fn names_are_compared_without_case() {
    let server = serve(routes![names]);
    for asked in ["x-token", "X-TOKEN", "x-Token", "\tX-token ,", "x-token,X-TOKEN"] {
        let lines = lines_about("/names", || {
            assert_eq!(
                ask(&server, "/names", "PUT", asked).list("access-control-allow-headers"),
                ["x-token"],
                "{asked}"
            );
        });
        assert!(!lines.iter().any(|line| line.contains("refuse")), "{asked}: {lines:#?}");
    }
    let lines = lines_about("/names", || assert_eq!(ask(&server, "/names", "PUT", "x-tokens").status, 204));
    assert!(lines.iter().any(|line| line.contains("refuse") && line.contains("`x-tokens`")), "{lines:#?}");
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/quiet")]
fn quiet() {}

/// An OPTIONS request that no route matches is an error in Rocket's log.
#[test]
fn the_log_stays_quiet() {
    let server = serve(routes![quiet]);
    let lines = lines_about("/quiet", || assert_eq!(ask(&server, "/quiet", "GET", "").status, 204));
    assert!(!lines.is_empty(), "Rocket names each request");
    assert!(!lines.iter().any(|line| line.starts_with("ERROR") || line.starts_with("WARN")), "{lines:#?}");

    let unknown = lines_about("/loud", || assert_eq!(ask(&server, "/loud", "GET", "").status, 404));
    assert!(
        unknown.iter().any(|line| line.starts_with("ERROR") && line.contains("No matching routes")),
        "{unknown:#?}"
    );
}

#[cross_origin(origins = ["https://app.example.com"], credentials)]
#[put("/private-network")]
fn private_network() {}

#[test]
fn private_network_access_is_not_answered() {
    let server = serve(routes![private_network]);
    for (origin, status) in [(APP, 204), (EVIL, 403)] {
        let call = Call::new("OPTIONS", "/private-network").header("Origin", origin);
        let call = call.header("Access-Control-Request-Method", "PUT");
        let reply = call.header("Access-Control-Request-Private-Network", "true").send(&server);
        assert_eq!(reply.status, status, "{origin}");
        assert_eq!(reply.all("access-control-allow-private-network").len(), 0, "{origin}");
    }
}
