//! `protect_all`: routes without a policy take writes of the application's own pages only. And `report_only`.

use std::sync::{Arc, Mutex};

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Effect, cross_origin};
use cors_tests::{APP, EVIL, Reply, Server, connects, send};
use rocket::http::{Method, Status};
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest};
use rocket::route::{Handler, Outcome as RouteOutcome};
use rocket::{Build, Data, Request, Rocket, Route, delete, get, post, put, routes};
use rocket_ws::WebSocket;

#[get("/plain")]
fn read() -> &'static str {
    "read"
}

#[post("/plain")]
fn write() -> &'static str {
    "ran"
}

/// Only one test asks for it, since tests run side by side.
#[post("/counted")]
fn counted(_guard: Ran) -> &'static str {
    "ran"
}

#[post("/json", format = "json")]
fn json() -> &'static str {
    "ran"
}

#[get("/socket")]
fn socket(ws: WebSocket) -> rocket_ws::Stream!['static] {
    rocket_ws::Stream! { ws => for await message in ws { yield message?; } }
}

#[cross_origin(none)]
#[get("/own-socket")]
fn own_socket(ws: WebSocket) -> rocket_ws::Stream!['static] {
    rocket_ws::Stream! { ws => for await message in ws { yield message?; } }
}

#[cross_origin(origins = ["https://app.example.com"], credentials)]
#[put("/shared")]
fn shared() -> &'static str {
    "ran"
}

#[cross_origin(none, enforce = false)]
#[post("/callback")]
fn callback() -> &'static str {
    "ran"
}

#[cross_origin(origins = ["https://app.example.com"], credentials)]
struct Partners;

/// A guard that counts how often it is asked.
struct Ran;

static RAN: Mutex<usize> = Mutex::new(0);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Ran {
    type Error = ();

    async fn from_request(_: &'r Request<'_>) -> request::Outcome<Self, ()> {
        *RAN.lock().unwrap() += 1;
        Outcome::Success(Ran)
    }
}

/// A handler of another crate.
#[derive(Clone)]
struct Foreign;

#[rocket::async_trait]
impl Handler for Foreign {
    async fn handle<'r>(&self, request: &'r Request<'_>, _: Data<'r>) -> RouteOutcome<'r> {
        Outcome::from(request, "ran")
    }
}

fn foreign(path: &str) -> Route {
    Route::new(Method::Post, path, Foreign)
}

fn rocket(cors: CrossOrigin) -> Rocket<Build> {
    rocket::build()
        .attach(cors)
        .mount("/", routes![read, write, counted, json, socket, own_socket, shared, callback])
        .mount("/", [foreign("/foreign")])
        .mount("/", Partners.cover([foreign("/covered")]))
}

fn server() -> Server {
    Server::launch(rocket(CrossOrigin::fairing().protect_all())).expect("launches")
}

type HeaderLines = &'static [(&'static str, &'static str)];

const CROSS: [(&str, &str); 2] = [("Origin", EVIL), ("Sec-Fetch-Site", "cross-site")];

#[test]
fn writes_of_other_pages_run_nothing() {
    let server = server();
    let forms = [("Origin", EVIL), ("Content-Type", "application/x-www-form-urlencoded")];
    for headers in [
        &CROSS[..],
        &CROSS[..1],
        &CROSS[1..],
        &forms,
        &[("Origin", "null")],
        &[("Origin", APP)],
        &[("Origin", EVIL), ("Origin", EVIL)],
    ] {
        for path in ["/plain", "/counted", "/foreign"] {
            let reply = send(&server, "POST", path, headers);
            assert_eq!((reply.status, reply.one("access-control-allow-origin")), (403, None), "{path} {headers:?}");
            assert_eq!(reply.list("vary"), ["Origin", "Sec-Fetch-Site"], "{path} {headers:?}");
        }
    }
    assert_eq!(*RAN.lock().unwrap(), 0, "no guard was asked");
    assert_eq!(send(&server, "POST", "/counted", &[]).text(), "ran");
    assert_eq!(*RAN.lock().unwrap(), 1);
}

#[test]
fn the_application_and_programs_pass() {
    let server = server();
    let own = server.url("");
    for headers in [
        &[][..],
        &[("Origin", &*own)],
        &[("Sec-Fetch-Site", "same-origin")],
        &[("Sec-Fetch-Site", "none")],
        &[("Origin", "null"), ("Sec-Fetch-Site", "same-origin")],
    ] {
        for path in ["/plain", "/foreign"] {
            let reply = send(&server, "POST", path, headers);
            assert_eq!((reply.status, &*reply.text()), (200, "ran"), "{path} {headers:?}");
        }
    }
}

#[test]
fn everything_else_is_untouched() {
    let server = server();
    let reply = send(&server, "GET", "/plain", &CROSS);
    assert_eq!((reply.status, &*reply.text(), reply.one("vary")), (200, "read", None));
    assert_eq!(send(&server, "HEAD", "/plain", &CROSS).status, 200);
    for (method, path) in [("POST", "/nothing"), ("DELETE", "/plain"), ("PUT", "/foreign"), ("OPTIONS", "/plain")] {
        assert_eq!(send(&server, method, path, &CROSS).status, 404, "{method} {path}");
    }
    // No route takes this format, so nothing is written.
    let text = [CROSS[0], CROSS[1], ("Content-Type", "text/plain")];
    assert_eq!(send(&server, "POST", "/json", &text).status, 404);
    let json = [CROSS[0], CROSS[1], ("Content-Type", "application/json")];
    assert_eq!(send(&server, "POST", "/json", &json).status, 403);
}

#[test]
fn policies_decide_where_there_are_any() {
    let server = server();
    for path in ["/covered", "/callback"] {
        assert_eq!(send(&server, "POST", path, &[("Origin", APP)]).text(), "ran", "{path}");
    }
    assert_eq!(send(&server, "PUT", "/shared", &[("Origin", APP)]).one("access-control-allow-origin"), Some(APP));
    assert_eq!(send(&server, "POST", "/callback", &CROSS).text(), "ran");
    assert_eq!(send(&server, "POST", "/covered", &CROSS).status, 403);
    assert_eq!(send(&server, "PUT", "/shared", &CROSS).status, 403);
}

#[test]
fn handshakes_count_as_writes() {
    let server = server();
    for path in ["/socket", "/own-socket"] {
        assert!(!connects(&server, path, &[("Origin", EVIL)]), "{path}");
        assert!(!connects(&server, path, &CROSS[1..]), "{path}");
        assert!(connects(&server, path, &[]), "{path}");
        assert!(connects(&server, path, &[("Origin", &server.url(""))]), "{path}");
    }
}

#[cross_origin(origins = ["https://app.example.com"])]
#[delete("/items/<_id>")]
fn by_id(_id: u64) -> &'static str {
    "by id"
}

#[delete("/items/<_name>", rank = 20)]
fn by_name(_name: &str) -> &'static str {
    "by name"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[delete("/items/<_name>", rank = 10)]
fn never(_name: &str) -> Result<(), Status> {
    Err(Status::NotFound)
}

#[cross_origin(none, enforce = false)]
#[delete("/open/<_id>")]
fn open(_id: u64) -> &'static str {
    "open"
}

#[delete("/open/<_name>", rank = 20)]
fn behind_open(_name: &str) -> &'static str {
    "behind"
}

async fn asked(origin: &cors_runtime::Origin<'_>, _: &Request<'_>) -> bool {
    origin.as_str() == APP
}

#[cross_origin(origins = [check(asked)])]
#[delete("/checked/<_id>")]
fn checked(_id: u64) -> &'static str {
    "checked"
}

#[delete("/checked/<_name>", rank = 20)]
fn behind_checked(_name: &str) -> &'static str {
    "behind"
}

/// Without `protect_all` the launch is refused, since a preflight that is granted must not run a route without a policy.
#[test]
fn a_request_that_is_passed_on_meets_the_protection_too() {
    let all = || routes![by_id, by_name, open, behind_open, checked, behind_checked];
    assert!(Server::launch(rocket::build().attach(CrossOrigin::fairing()).mount("/", all())).is_err());
    let cors = || CrossOrigin::fairing().protect_all();
    let server = Server::launch(rocket::build().attach(cors()).mount("/", all())).expect("launches");
    for (path, own) in [("/items", "by name"), ("/open", "behind"), ("/checked", "behind")] {
        let path = format!("{path}/x");
        for origin in [APP, EVIL, "null"] {
            assert_eq!(send(&server, "DELETE", &path, &[("Origin", origin)]).status, 403, "{path} {origin}");
        }
        assert_eq!(send(&server, "DELETE", &path, &[]).text(), own);
        assert_eq!(send(&server, "DELETE", &path, &[("Origin", &server.url(""))]).text(), own);
    }
    assert_eq!(send(&server, "DELETE", "/items/7", &[("Origin", APP)]).text(), "by id");
    assert_eq!(send(&server, "DELETE", "/open/7", &CROSS).text(), "open");
    assert_eq!(send(&server, "DELETE", "/checked/7", &[("Origin", APP)]).text(), "checked");

    let between = rocket::build().attach(cors()).mount("/", routes![by_id, by_name, never]);
    let server = Server::launch(between).expect("launches");
    assert_eq!(send(&server, "DELETE", "/items/x", &[("Origin", APP)]).status, 404, "a route with a policy is next");
}

type Seen = Arc<Mutex<Vec<(Effect, String)>>>;

fn hooked(cors: CrossOrigin) -> (CrossOrigin, Seen) {
    let seen = Seen::default();
    let hook = seen.clone();
    (cors.on_refusal(move |event| hook.lock().unwrap().push((event.effect, event.to_string()))), seen)
}

#[test]
fn a_refusal_names_the_handler_and_the_method() {
    let (cors, seen) = hooked(CrossOrigin::fairing().protect_all());
    let server = Server::launch(rocket(cors).mount("/", routes![by_id, by_name])).expect("launches");
    assert_eq!(send(&server, "POST", "/plain?x", &CROSS).status, 403);
    assert_eq!(send(&server, "POST", "/plain", &CROSS[1..]).status, 403);
    assert_eq!(send(&server, "DELETE", "/items/x", &[("Origin", APP), ("Host", "nas.lan")]).status, 403);
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    let expected = [
        "turned away: no policy is known for the handler, so pages of other origins may not write to it: the origin is \
         `https://evil.example.net` [POST /plain, write]",
        "turned away: a page of another origin makes this request without `Origin` (`Sec-Fetch-Site` is `cross-site`) \
         [POST /plain, write]",
        "turned away: no policy is known for the handler, so pages of other origins may not write to it: the origin is \
         `https://app.example.com`; `Host` is `nas.lan`: if the page is the application's own, set `own_origins`, or let \
         the proxy pass `Host` on [DELETE /items/x, by_name]",
    ];
    assert_eq!(seen.iter().map(|(_, text)| &**text).collect::<Vec<_>>(), expected);
}

/// What the developer tools of a browser show, in debug builds.
fn timing(reply: &Reply) -> Option<&str> {
    reply.one("server-timing")
}

#[test]
fn report_only_turns_nothing_away_and_says_what_would_be() {
    let own = || CrossOrigin::fairing().protect_all().report_only().own_origins(["https://own.example.com"]);
    let (cors, seen) = hooked(own());
    let server = Server::launch(rocket(cors).mount("/", routes![by_id, by_name])).expect("launches");
    let requests: [(&str, &str, HeaderLines, &str); 5] = [
        ("POST", "/plain", &CROSS, "ran"),
        ("PUT", "/shared", &CROSS, "ran"),
        ("GET", "/plain", &[("Host", "rebound.example.net")], "read"),
        ("DELETE", "/items/x", &[("Origin", APP)], "by name"),
        ("POST", "/foreign", &[("Origin", "null")], "ran"),
    ];
    for (method, path, headers, body) in requests {
        let reply = send(&server, method, path, headers);
        assert_eq!((reply.status, &*reply.text()), (200, body), "{method} {path}");
        assert_eq!(reply.one("access-control-allow-origin"), None, "{method} {path}");
        assert_eq!(timing(&reply).is_some(), cfg!(debug_assertions), "{method} {path}");
        let seen = std::mem::take(&mut *seen.lock().unwrap());
        assert_eq!(seen.len(), 1, "{method} {path}: {seen:?}");
        assert_eq!(seen[0].0, Effect::WouldBeTurnedAway, "{method} {path}");
        assert!(seen[0].1.starts_with("would be turned away: "), "{seen:?}");
    }
    // What is shared does not change.
    let preflight =
        |origin| send(&server, "OPTIONS", "/shared", &[("Origin", origin), ("Access-Control-Request-Method", "PUT")]);
    assert_eq!((preflight(APP).status, preflight(EVIL).status), (204, 403));
    assert!(connects(&server, "/socket", &[("Origin", EVIL)]));
}

#[test]
fn the_configuration_switches_report_only() {
    for (given, configured, status) in
        [(true, Some(false), 403), (false, Some(true), 200), (true, None, 200), (false, None, 403)]
    {
        let figment = rocket::Config::figment();
        let figment = if let Some(on) = configured { figment.merge(("cors.report_only", on)) } else { figment };
        let cors = CrossOrigin::fairing().protect_all();
        let rocket = rocket(if given { cors.report_only() } else { cors }).configure(figment);
        let server = Server::launch(rocket).expect("launches");
        assert_eq!(send(&server, "POST", "/plain", &CROSS).status, status, "{given} {configured:?}");
        assert_eq!(send(&server, "PUT", "/shared", &CROSS).status, status, "{given} {configured:?}");
    }
    let figment = rocket::Config::figment().merge(("cors.report_only", "perhaps"));
    assert!(Server::launch(rocket(CrossOrigin::fairing()).configure(figment)).is_err());
}
