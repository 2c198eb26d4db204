//! What the log says: at launch, about refusals, and about headers that the policy replaces.

#[path = "logs/audiences.rs"]
mod audiences;
#[path = "logs/launches.rs"]
mod launches;
#[path = "logs/protection.rs"]
mod protection;
#[path = "logs/requests.rs"]
mod requests;
#[path = "logs/screen.rs"]
mod screen;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cors_runtime::{Effect, rocket::CrossOrigin};
use cors_runtime::{Origin, cross_origin};
use cors_tests::{Call, Reply, Server};
use rocket::http::Header;
use rocket::local::blocking::Client;
use rocket::{Build, Request, Responder, Rocket, delete, get, options, post, put, routes};

/// Keeps the lines. Rocket sets its own logger only where there is none.
struct Recorder(Mutex<Vec<String>>);

static RECORDER: Recorder = Recorder(Mutex::new(Vec::new()));
/// The logger is one for all tests, so they take turns.
static TURN: Mutex<()> = Mutex::new(());

impl Recorder {
    fn lines(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl log::Log for Recorder {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.lines().push(format!("{}: {}", record.level(), record.args()));
    }

    fn flush(&self) {}
}

/// The lines about CORS that are logged meanwhile.
fn recorded(during: impl FnOnce()) -> Vec<String> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    RECORDER.lines().clear();
    during();
    RECORDER.lines().clone()
}

fn rocket() -> Rocket<Build> {
    // Fails where another test was first.
    let _ = log::set_logger(&RECORDER);
    log::set_max_level(log::LevelFilter::Info);
    rocket::custom(rocket::Config::figment().merge(("cli_colors", false)))
}

/// A header of a request.
type HeaderLine = (&'static str, &'static str);

/// The lines about CORS of one request.
fn lines_of(method: &str, uri: &str, headers: &[HeaderLine]) -> Vec<String> {
    let lines = recorded(|| {
        let routes = routes![read, write, put_elsewhere, unshared, own_header, own_options, checked];
        let client = Client::untracked(rocket().attach(CrossOrigin::fairing()).mount("/", routes)).expect("launches");
        let mut request = client.req(method.parse().expect("a method"), uri.to_owned());
        for (name, value) in headers {
            request.add_header(Header::new(*name, *value));
        }
        drop(request.dispatch());
    });
    lines.into_iter().filter(|line| line.contains("CORS: ")).collect()
}

/// Launches this application, which is refused.
fn refused(rocket: Rocket<Build>) {
    let error = Client::untracked(rocket).map(drop).expect_err("refused");
    // An error that nobody has looked at panics when it is dropped.
    assert!(matches!(error.kind(), rocket::error::ErrorKind::SentinelAborts(_)));
}

const APP: HeaderLine = ("Origin", "https://app.example.com");
const EVIL: HeaderLine = ("Origin", "https://evil.example.net");

#[cross_origin(origins = ["https://app.example.com"], credentials, allow_headers = ["x-token"])]
#[get("/read")]
fn read() {}

#[cross_origin(origins = any)]
#[post("/write")]
fn write() {}

#[cross_origin(origins = ["https://app.example.com"])]
#[put("/elsewhere")]
fn put_elsewhere() {}

#[delete("/elsewhere")]
fn unshared() {}

async fn nobody(_: &Origin<'_>, _: &Request<'_>) -> bool {
    rocket::tokio::task::yield_now().await;
    false
}

#[cross_origin(origins = [check(nobody)])]
#[get("/checked")]
fn checked() {}

#[options("/read")]
fn own_options() {}

#[derive(Responder)]
struct Own(&'static str, Header<'static>);

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/own")]
fn own_header() -> Own {
    Own("own", Header::new("Access-Control-Allow-Origin", "*"))
}

/// The lines below the heading.
fn about_cors(lines: &[String]) -> Vec<&str> {
    let below = lines.iter().skip_while(|line| !line.ends_with("CORS:")).skip(1);
    below.map(|line| line.trim_start_matches("INFO: ")).take_while(|line| !line.ends_with("Shield:")).collect()
}

#[test]
fn the_launch_says_what_is_shared_with_whom() {
    let lines = recorded(|| {
        let rocket = rocket().attach(CrossOrigin::fairing()).mount("/api", routes![read, write, unshared]);
        drop(Client::untracked(rocket).expect("launches"));
    });
    let expected = [
        "3 routes: 2 shared with other origins, 1 without a policy",
        "1 route shared with https://app.example.com with credentials: GET /api/read",
        "1 route shared with any origin: POST /api/write",
        "note: `origins = any` on POST /api/write (write); help: list the origins if this is not public",
        "note: 1 route has no policy: DELETE /api/elsewhere (unshared)",
        "help: other sites can write to it, which `CrossOrigin::fairing().protect_all()` prevents",
    ];
    assert_eq!(about_cors(&lines)[..6], expected);
}

#[test]
fn a_launch_without_the_fairing_says_which_line_is_missing() {
    let lines = recorded(|| refused(rocket().mount("/", routes![read, write])));
    let missing = lines.iter().filter(|line| line.contains(".attach(cors_runtime::rocket::CrossOrigin::fairing())"));
    assert_eq!(missing.count(), 1, "once, for all handlers: {lines:#?}");
}

#[cross_origin(origins = ["https://other.example.com"], allow_headers = ["content-type"])]
#[post("/write", format = "json")]
fn json() {}

#[cross_origin(origins = any)]
#[post("/write", format = "text/plain")]
fn text() {}

#[test]
fn a_refused_launch_names_both_routes() {
    let lines = recorded(|| {
        let rocket = rocket().attach(CrossOrigin::fairing()).mount("/api", routes![json, text]);
        refused(rocket);
    });
    for line in [
        "ERROR: POST /api/write (json), shared with https://other.example.com",
        "ERROR: POST /api/write (text), shared with any origin",
    ] {
        assert_eq!(lines.iter().filter(|found| *found == line).count(), 1, "{line} is not in {lines:#?}");
    }
}

#[test]
fn each_refusal_is_one_line_with_its_reason() {
    let method = |method| ("Access-Control-Request-Method", method);
    let names = ("Access-Control-Request-Headers", "x-token, x-other");
    let unnamed = "the policy does not allow the origin `https://evil.example.net`";
    let app = "shared with https://app.example.com";
    let cases: [(&str, &str, &[HeaderLine], String); 9] = [
        ("GET", "/read", &[EVIL], format!("not shared: {unnamed} [GET /read, read, {app} with credentials]")),
        ("PUT", "/elsewhere", &[EVIL], format!("turned away: {unnamed} [PUT /elsewhere, put_elsewhere, {app}]")),
        (
            "PUT",
            "/elsewhere",
            &[("Origin", "evil")],
            format!(
                "turned away: `evil` is not an origin that a browser would send [PUT /elsewhere, put_elsewhere, {app}]"
            ),
        ),
        (
            "PUT",
            "/elsewhere",
            &[APP, EVIL],
            format!("turned away: the request has several `Origin` headers [PUT /elsewhere, put_elsewhere, {app}]"),
        ),
        (
            "GET",
            "/checked",
            &[EVIL],
            "not shared: the policy's checks do not allow the origin `https://evil.example.net` \
             [GET /checked, checked, shared with check(nobody)]"
                .into(),
        ),
        (
            "OPTIONS",
            "/read",
            &[EVIL, method("GET")],
            format!("preflight refused: {unnamed} [OPTIONS /read, {app} with credentials]"),
        ),
        (
            "OPTIONS",
            "/read",
            &[APP, method("GET"), names],
            format!(
                "the browser will refuse: the policy does not allow the request header `x-other` [OPTIONS /read, {app} with credentials]"
            ),
        ),
        (
            "OPTIONS",
            "/elsewhere",
            &[APP, method("DELETE")],
            "preflight refused: the handler of the method `DELETE` is not shared [OPTIONS /elsewhere]".into(),
        ),
        (
            "OPTIONS",
            "/nowhere",
            &[APP, method("GET")],
            "preflight refused: no handler here serves the method `GET` [OPTIONS /nowhere]".into(),
        ),
    ];
    for (verb, uri, headers, line) in cases {
        assert_eq!(lines_of(verb, uri, headers), [format!("INFO: CORS: {line}")]);
    }
}

#[test]
fn what_is_allowed_or_the_servers_own_is_no_refusal() {
    assert_eq!(lines_of("GET", "/read", &[APP]), [""; 0]);
    assert_eq!(lines_of("GET", "/read", &[]), [""; 0]);
    assert_eq!(lines_of("POST", "/write", &[EVIL]), [""; 0]);
    let own = [("Origin", "https://own.example"), ("Sec-Fetch-Site", "same-origin")];
    assert_eq!(lines_of("PUT", "/elsewhere", &own), [""; 0]);
    // The application's own OPTIONS route answers.
    assert_eq!(lines_of("OPTIONS", "/read", &[APP, ("Access-Control-Request-Method", "PUT")]), [""; 0]);
}

#[test]
fn hostile_bytes_are_escaped() {
    let lines = lines_of("GET", "/read", &[("Origin", "https://evil\x1b[31m\u{202e}")]);
    assert_eq!(lines.len(), 1);
    assert!(lines[0].is_ascii() && lines[0].contains("`https://evil\\x1b[31m\\xe2\\x80\\xae`"), "{lines:?}");
}

#[test]
fn a_header_that_gives_way_is_named() {
    let lines = lines_of("GET", "/own", &[APP]);
    let expected = "WARN: CORS: replacing the header `Access-Control-Allow-Origin` on the responses of GET /own (own_header): \
                    it was set by the handler or by another fairing";
    assert_eq!(lines, [expected]);
}

/// Floods are summed up in the log, and the hook misses none.
#[test]
fn a_hundred_thousand_refusals_leave_a_bounded_log() {
    static COUNTED: AtomicU64 = AtomicU64::new(0);
    const REQUESTS: u64 = 100_000;

    let lines = recorded(|| {
        let fairing = CrossOrigin::fairing().on_refusal(|refused| {
            assert_eq!(
                (refused.refusal.kind(), refused.effect, refused.handler),
                ("origin", Effect::NotShared, Some("read"))
            );
            COUNTED.fetch_add(1, Ordering::Relaxed);
        });
        // Rocket's own lines for each request are not what this is about.
        let client = Client::untracked(rocket().attach(fairing).mount("/", routes![read])).expect("launches");
        for index in 0..REQUESTS {
            let origin = if index % 2 == 0 {
                "https://evil.example.net".to_owned()
            } else {
                format!("https://h{index}.example.net")
            };
            drop(client.get("/read").header(Header::new("Origin", origin)).dispatch());
            if index % 1000 == 0 {
                RECORDER.lines().retain(|line| line.contains("CORS: "));
            }
        }
    });
    let about_cors = lines.iter().filter(|line| line.contains("CORS: ")).count();
    assert_eq!(COUNTED.load(Ordering::Relaxed), REQUESTS);
    assert!(about_cors < 200, "{about_cors} lines");
}

#[test]
fn a_hook_that_panics_changes_nothing() {
    let lines = recorded(|| {
        let fairing = CrossOrigin::fairing().on_refusal(|_| panic!("on purpose"));
        let client = Client::untracked(rocket().attach(fairing).mount("/", routes![read])).expect("launches");
        for _ in 0..30 {
            let response = client.get("/read").header(Header::new("Origin", "https://evil.example.net")).dispatch();
            assert_eq!(response.status().code, 200);
        }
    });
    let panics = lines.iter().filter(|line| *line == "ERROR: CORS: the `on_refusal` hook panicked");
    assert_eq!(panics.count(), 10, "as many as refusals are logged: {lines:#?}");
}

#[cross_origin(origins = ["https://app.example.com"], credentials, allow_headers = ["X-Token"])]
#[put("/names")]
fn names() {}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/quiet")]
fn quiet() {}

/// The answer to a preflight, and everything that is logged about it.
fn preflight(method: &str, path: &str, names: &str) -> (Reply, Vec<String>) {
    let mut reply = None;
    let lines = recorded(|| {
        let rocket = rocket().attach(CrossOrigin::fairing()).mount("/", routes![self::names, quiet]);
        let server = Server::launch(rocket).expect("launches");
        RECORDER.lines().clear();
        let call = Call::new("OPTIONS", path).header("Origin", APP.1).header("Access-Control-Request-Method", method);
        reply = Some(call.header("Access-Control-Request-Headers", names).send(&server));
    });
    (reply.expect("an answer"), lines.into_iter().filter(|line| line.contains(path)).collect())
}

#[test]
fn names_are_compared_without_case() {
    for asked in ["x-token", "X-TOKEN", "x-Token", "\tX-token ,", "x-token,X-TOKEN"] {
        let (reply, lines) = preflight("PUT", "/names", asked);
        assert_eq!(reply.list("access-control-allow-headers"), ["x-token"], "{asked}");
        assert!(!lines.iter().any(|line| line.contains("refuse")), "{asked}: {lines:#?}");
    }
    let (reply, lines) = preflight("PUT", "/names", "x-tokens");
    assert_eq!(reply.status, 204);
    assert!(lines.iter().any(|line| line.contains("refuse") && line.contains("`x-tokens`")), "{lines:#?}");
}

/// An OPTIONS request that no route matches is an error in Rocket's log.
#[test]
fn the_log_stays_quiet() {
    let (reply, lines) = preflight("GET", "/quiet", "");
    assert_eq!(reply.status, 204);
    assert!(!lines.is_empty(), "Rocket names each request");
    assert!(!lines.iter().any(|line| line.starts_with("ERROR") || line.starts_with("WARN")), "{lines:#?}");

    let (reply, unknown) = preflight("GET", "/loud", "");
    assert_eq!(reply.status, 404);
    assert!(
        unknown.iter().any(|line| line.starts_with("ERROR") && line.contains("No matching routes")),
        "{unknown:#?}"
    );
}
