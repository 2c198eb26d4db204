//! What is logged, as events of `tracing`: with the feature `tracing`.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};

use axum::http::Method;
use axum::http::request::Parts;
use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Origin, cross_origin};
use cors_tests::{Call, Server};
use rocket::http::Header;
use rocket::local::blocking::Client;
use rocket::{Responder, get, routes, tokio};
use tower::ServiceExt;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const EVIL: &str = "https://evil.example.net";

/// The fields of the events, the message among them.
static EVENTS: Mutex<Vec<Fields>> = Mutex::new(Vec::new());

#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

struct Recorder;

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "cors"
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(BTreeMap::from([("level", event.metadata().level().to_string())]));
        event.record(&mut fields);
        EVENTS.lock().unwrap_or_else(PoisonError::into_inner).push(fields);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/users")]
fn users() {}

#[derive(Responder)]
struct Own(&'static str, Header<'static>);

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/own")]
fn own() -> Own {
    Own("own", Header::new("Access-Control-Allow-Origin", "*"))
}

#[cross_origin(origins = ["https://app.example.com"])]
struct App;

#[cross_origin(none)]
struct Inside;

#[cross_origin(origins = ["https://evil.example.net"])]
struct Theirs;

/// A response without what a layer has put on it.
async fn remade(response: axum::response::Response) -> axum::response::Response {
    axum::response::Response::new(response.into_body())
}

async fn unreliable(_: &Origin<'_>, _: &Parts) -> bool {
    panic!("on purpose")
}

#[cross_origin(origins = [check(unreliable)])]
struct Checked;

/// What was not logged one by one is counted when the application ends: in its last events.
fn a_flood_is_summed_up_at_the_end<A>(application: A, send: impl Fn(&A), sums: &[&str]) {
    const SENT: usize = 30;
    EVENTS.lock().unwrap_or_else(PoisonError::into_inner).clear();
    for _ in 0..SENT {
        send(&application);
    }
    let logged = EVENTS.lock().unwrap_or_else(PoisonError::into_inner).len();
    drop(application);
    let events = EVENTS.lock().unwrap_or_else(PoisonError::into_inner);
    let ends: Vec<_> = events[logged..].iter().map(|Fields(fields)| fields["message"].as_str()).collect();
    assert_eq!(ends, sums);
}

/// In a separate test binary, because a process has one subscriber.
#[test]
fn what_is_logged_is_an_event() {
    tracing::subscriber::set_global_default(Recorder).expect("the first one");
    // The log is off: who collects events need not have it on.
    let figment = rocket::Config::figment().merge(("log_level", "off"));
    let fairing = CrossOrigin::fairing().on_refusal(|_| panic!("on purpose"));
    let client = Client::untracked(rocket::custom(figment).attach(fairing).mount("/", routes![users, own]));
    let client = client.expect("launches");
    let evil = Header::new("Origin", "https://evil.example.net\u{1b}[31m");
    drop(client.get("/users?a").header(evil).dispatch());
    drop(client.get("/own").dispatch());

    // A launch that is refused.
    let figment = rocket::Config::figment().merge(("log_level", "off"));
    let refused = Client::untracked(rocket::custom(figment).mount("/", routes![users])).map(drop).expect_err("refused");
    // An error that nobody has looked at panics when it is dropped.
    assert!(matches!(refused.kind(), rocket::error::ErrorKind::SentinelAborts(_)));

    // A layer that answers preflights for what is in a layer inside, and says so once.
    // Neither this nor that it replaces a header of a service hides the other.
    let inside = Inside.layer().around(axum::Router::new());
    let own = axum::routing::get(|| async { [("access-control-allow-origin", "*")] });
    let router = axum::Router::new().route("/own", own).fallback_service(inside);
    let service = App.layer().methods_unasked([Method::GET]).around(router);
    for path in ["/own", "/", "/own", "/", "/own", "/"] {
        let request = axum::http::Request::get(path).body(axum::body::Body::empty()).expect("a request");
        drop(tokio::runtime::Runtime::new().expect("a runtime").block_on(service.clone().oneshot(request)));
    }

    // Writes that a layer inside lets through: a service in between makes their responses anew, or sends them past that layer.
    let theirs = axum::Router::new().fallback_service(
        Theirs.layer().methods([Method::PUT]).around(axum::Router::new().fallback(async || "written")),
    );
    let remaking = theirs.clone().layer(axum::middleware::map_response(remade));
    let astray = axum::Router::new().route("/", axum::routing::put(async || "written").fallback_service(theirs));
    for router in [remaking, astray] {
        let service = App.layer().methods([Method::PUT]).around(router);
        for _ in 0..2 {
            let request = axum::http::Request::put("/").header("origin", EVIL).body(axum::body::Body::empty());
            let answer = service.clone().oneshot(request.expect("a request"));
            let Ok(answer) = tokio::runtime::Runtime::new().expect("a runtime").block_on(answer);
            assert_eq!(answer.status(), 200);
        }
    }

    let events = EVENTS.lock().unwrap_or_else(PoisonError::into_inner);
    let one = |Fields(fields): &Fields| {
        let fields = fields.iter().map(|(name, value)| format!("{name}={value}"));
        fields.collect::<Vec<_>>().join("; ")
    };
    let written = "effect=not shared; kind=origin; level=INFO; message=the policy does not allow the origin \
                   `https://evil.example.net`; method=PUT; path=/; policy=https://app.example.com";
    let expected = [
        "level=INFO; message=2 routes, all shared with other origins",
        "level=INFO; message=2 routes shared with https://app.example.com: GET /own, GET /users",
        "level=ERROR; message=the `on_refusal` hook panicked",
        "effect=not shared; handler=users; kind=malformed_origin; level=INFO; \
         message=`https://evil.example.net\\x1b[31m` is not an origin that a browser would send; method=GET; path=/users; \
         policy=https://app.example.com",
        "header=Access-Control-Allow-Origin; level=WARN; \
         message=replacing a header that was set by the handler or by another fairing; on=GET /own (own)",
        "level=ERROR; message=`#[cross_origin]` needs the CORS fairing, which is not attached",
        "header=access-control-allow-origin; level=WARN; \
         message=replacing a header that was set by the service inside the layer; on=App",
        "level=WARN; message=the layer of `App` answers preflights unasked, also for what is in a layer inside, whose policy has \
         no part in them: use `CrossOriginLayer::methods`, or put `App` around something else",
        "level=WARN; message=a service between `App` and a layer inside has made a new response: the CORS headers of the layer \
         inside stay if this service has copied them all as they are, and otherwise there are none",
        "level=ERROR; message=a write of another page ran without a policy: the preflight for it came to a layer inside of `App`, \
         and the write did not. What is inside has to send a preflight where it sends the method that it announces, and must not \
         choose by headers that a preflight does not have",
        written,
        written,
    ];
    assert_eq!(events.iter().map(one).collect::<Vec<_>>(), expected);
    drop(events);

    let refused = "20 more refusals of `https://evil.example.net`";
    let rocket = rocket::build().attach(CrossOrigin::fairing()).mount("/", routes![users]);
    let send = |server: &Server| drop(Call::new("GET", "/users").header("Origin", EVIL).send(server));
    a_flood_is_summed_up_at_the_end(Server::launch(rocket).expect("launches"), send, &[refused]);
    let call = |service: &cors_runtime::tower::CrossOrigin<axum::Router>| {
        let request = axum::http::Request::get("/").header("origin", EVIL).body(axum::body::Body::empty());
        let answer = service.clone().oneshot(request.expect("a request"));
        drop(tokio::runtime::Runtime::new().expect("a runtime").block_on(answer));
    };
    let service = App.layer().around(axum::Router::new());
    a_flood_is_summed_up_at_the_end(service, call, &[refused]);
    let service = Checked.layer().around(axum::Router::new());
    let panicked = "the check `unreliable` panicked 20 more times";
    a_flood_is_summed_up_at_the_end(service, call, &[panicked, refused]);
}
