//! The headers on the responses of annotated handlers.

use cors_runtime::cross_origin;
use cors_tests::{APP, Call, EVIL, call, cors_headers, launch, serve};
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Responder, catch, catchers, get, routes};

#[cross_origin(origins = ["https://app.example.com"], credentials, expose_headers = ["X-Total", "etag"])]
#[get("/private")]
fn private() -> &'static str {
    "private"
}

#[cross_origin(origins = any, expose_headers = any)]
#[get("/public")]
fn public() -> &'static str {
    "public"
}

#[cross_origin(origins = ["https://*.example.com", "http://localhost:*"])]
#[get("/pattern")]
fn pattern() -> &'static str {
    "pattern"
}

#[get("/unannotated")]
fn unannotated() -> &'static str {
    "unannotated"
}

#[test]
fn the_origin_that_is_named_gets_the_headers() {
    let server = serve(routes![private]);
    let reply = call(&server, "GET", "/private", APP);
    assert_eq!((reply.status, &*reply.text()), (200, "private"));
    assert_eq!(reply.one("access-control-allow-origin"), Some(APP));
    assert_eq!(reply.one("access-control-allow-credentials"), Some("true"));
    assert_eq!(reply.list("access-control-expose-headers"), ["x-total", "etag"]);
    assert_eq!(reply.list("vary"), ["Origin"]);
    assert_eq!(cors_headers(&reply).len(), 3);
}

#[test]
fn others_get_none_but_vary() {
    let server = serve(routes![private]);
    for origin in [EVIL, "null", "https://app.example.com.", "https://APP.example.com", "http://app.example.com", ""] {
        let reply = call(&server, "GET", "/private", origin);
        assert_eq!((reply.status, cors_headers(&reply)), (200, vec![]), "{origin}");
        assert_eq!(reply.list("vary"), ["Origin"], "{origin}");
    }
    let reply = Call::new("GET", "/private").send(&server);
    assert_eq!((cors_headers(&reply), reply.list("vary")), (vec![], vec!["Origin".to_owned()]));
}

/// Fetch, CORS protocol and HTTP caches: a response that says `*` says so on non-CORS requests too, or a cache
/// would hand the silent one to a page.
#[test]
fn any_is_said_to_everybody_and_does_not_vary() {
    let server = serve(routes![public]);
    for call in [Call::new("GET", "/public"), Call::new("GET", "/public").header("Origin", EVIL)] {
        let reply = call.send(&server);
        assert_eq!(reply.one("access-control-allow-origin"), Some("*"));
        assert_eq!(reply.one("access-control-expose-headers"), Some("*"));
        assert_eq!((reply.all("vary").len(), reply.all("access-control-allow-credentials").len()), (0, 0));
    }
}

#[test]
fn a_pattern_answers_with_the_origin_that_matched() {
    let server = serve(routes![pattern]);
    for origin in ["https://a.example.com", "https://a.b.example.com", "http://localhost", "http://localhost:3000"] {
        assert_eq!(call(&server, "GET", "/pattern", origin).one("access-control-allow-origin"), Some(origin));
    }
    for origin in ["https://example.com", "https://evilexample.com", "http://localhost:80", "http://localhost:03000"] {
        assert_eq!(cors_headers(&call(&server, "GET", "/pattern", origin)).len(), 0, "{origin}");
    }
}

#[test]
fn a_handler_without_a_policy_is_left_alone() {
    let server = serve(routes![private, unannotated, own_headers_unannotated]);
    let reply = call(&server, "GET", "/unannotated", APP);
    assert_eq!((cors_headers(&reply), reply.all("vary").len()), (vec![], 0));
    let reply = call(&server, "GET", "/own/unannotated", APP);
    assert_eq!(reply.one("access-control-allow-origin"), Some("https://mine.example"));
}

#[test]
fn head_is_answered_as_get_is() {
    let server = serve(routes![private]);
    let reply = call(&server, "HEAD", "/private", APP);
    assert_eq!((reply.status, reply.body.len()), (200, 0));
    assert_eq!(reply.one("access-control-allow-origin"), Some(APP));
}

struct Denied;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Denied {
    type Error = ();

    async fn from_request(_: &'r Request<'_>) -> Outcome<Self, ()> {
        Outcome::Error((Status::Unauthorized, ()))
    }
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/status/<code>")]
fn status(code: u16) -> Status {
    Status::new(code)
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/guarded")]
fn guarded(_denied: Denied) {}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/panics")]
fn panics() {
    panic!("on purpose")
}

#[catch(default)]
fn caught(status: Status, _: &Request<'_>) -> String {
    format!("caught {status}")
}

#[catch(403)]
fn panicking_catcher() {
    panic!("on purpose")
}

#[test]
fn errors_can_be_read() {
    for registered in [false, true] {
        let catchers = if registered { catchers![caught, panicking_catcher] } else { vec![] };
        let server = launch(rocket::build().mount("/", routes![status, guarded, panics]).register("/", catchers));
        let expected = [
            ("/status/404", 404),
            ("/status/403", if registered { 500 } else { 403 }),
            ("/status/503", 503),
            ("/status/no-number", 422),
            ("/guarded", 401),
            ("/panics", 500),
        ];
        for (path, status) in expected {
            let reply = call(&server, "GET", path, APP);
            assert_eq!(reply.status, status, "{path}");
            assert_eq!(reply.one("access-control-allow-origin"), Some(APP), "{path}");
            assert_eq!(reply.list("vary"), ["Origin"], "{path}");
            assert_eq!(cors_headers(&call(&server, "GET", path, EVIL)).len(), 0, "{path}");
        }
        let caught = call(&server, "GET", "/status/404", APP);
        assert_eq!(caught.text().starts_with("caught 404"), registered);
    }
}

#[test]
fn what_matches_no_route_varies() {
    let server = serve(routes![private]);
    for (method, path) in [("GET", "/nowhere"), ("POST", "/private"), ("OPTIONS", "/private")] {
        let reply = call(&server, method, path, APP);
        assert_eq!((reply.status, cors_headers(&reply)), (404, vec![]), "{method} {path}");
        assert_eq!(reply.list("vary"), ["Origin"], "{method} {path}");
    }
}

#[derive(Responder)]
struct Headers {
    body: &'static str,
    origin: rocket::http::Header<'static>,
    credentials: rocket::http::Header<'static>,
    methods: rocket::http::Header<'static>,
    vary: rocket::http::Header<'static>,
}

fn headers(vary: &'static str) -> Headers {
    let header = rocket::http::Header::new;
    Headers {
        body: "own",
        origin: header("access-control-allow-origin", "https://mine.example"),
        credentials: header("Access-Control-Allow-Credentials", "true"),
        methods: header("Access-Control-Allow-Methods", "DELETE"),
        vary: header("Vary", vary),
    }
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/own/<vary>", rank = 2)]
fn own_headers(vary: &str) -> Headers {
    headers(match vary {
        "star" => "*",
        "origin" => "accept-encoding, ORIGIN",
        _ => "Accept-Encoding",
    })
}

#[derive(Responder)]
struct Varies(&'static str, rocket::http::Header<'static>);

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/varies")]
fn varies() -> Varies {
    Varies("", rocket::http::Header::new("vary", "Accept-Encoding"))
}

#[get("/own/unannotated", rank = 1)]
fn own_headers_unannotated() -> Headers {
    headers("Accept-Encoding")
}

#[test]
fn own_headers_give_way_and_vary_is_added_to() {
    let server = serve(routes![own_headers, varies]);
    assert_eq!(call(&server, "GET", "/varies", APP).list("vary"), ["Accept-Encoding", "Origin"]);
    for (path, origin, vary) in [
        ("/own/other", APP, &["Accept-Encoding", "Origin"][..]),
        ("/own/origin", APP, &["accept-encoding", "ORIGIN"]),
        ("/own/star", APP, &["*"]),
        ("/own/other", EVIL, &["Accept-Encoding", "Origin"]),
    ] {
        let reply = call(&server, "GET", path, origin);
        assert_eq!(reply.list("vary"), vary, "{path}");
        let expected: &[&str] = if origin == APP { &["access-control-allow-origin"] } else { &[] };
        assert_eq!(cors_headers(&reply), expected, "{path} {origin}");
        assert_ne!(reply.one("access-control-allow-origin"), Some("https://mine.example"));
    }
}

#[cross_origin(origins = ["https://app.example.com"], debug_origins = ["http://localhost:*", "https://app.example.org"])]
#[get("/debug")]
fn debug() {}

/// They are compiled in only where debug assertions are, as in the profile `dev`.
#[test]
fn debug_origins_are_for_debug_builds() {
    let server = serve(routes![debug]);
    let shared = |origin| !cors_headers(&call(&server, "GET", "/debug", origin)).is_empty();
    for origin in ["http://localhost:3000", "https://app.example.org"] {
        assert_eq!(shared(origin), cfg!(debug_assertions), "{origin}");
    }
    assert!(shared(APP) && !shared(EVIL));
}
