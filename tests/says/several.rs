//! What the tools say where one request concerns more than one route, policy or build.

use std::sync::Mutex;

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::rocket::testing::Page;
use cors_runtime::{Diff, Question, Report, cross_origin};
use rocket::http::{Header, Status};
use rocket::local::blocking::Client;
use rocket::{get, post, routes};

fn client(cors: CrossOrigin, routes: Vec<rocket::Route>) -> Client {
    let figment = rocket::Config::figment().merge(("log_level", "off"));
    Client::untracked(rocket::custom(figment).attach(cors).mount("/", routes)).expect("launches")
}

fn report(routes: Vec<rocket::Route>) -> Report {
    CrossOrigin::report(client(CrossOrigin::fairing(), routes).rocket())
}

/// What a diff calls opened.
fn opened(diff: &Diff) -> Vec<String> {
    diff.opened.iter().map(|one| format!("{}: {}", one.route, one.what)).collect()
}

#[test]
fn a_route_without_a_policy_may_forward() {
    #[get("/a/<_n>", rank = 1)]
    fn number(_n: u8) {}
    #[cross_origin(origins = any)]
    #[get("/a/<_s>", rank = 2)]
    fn name(_s: &str) {}
    #[get("/static", rank = 1)]
    fn fixed() {}
    #[cross_origin(origins = any)]
    #[get("/<_s>", rank = 2)]
    fn others(_s: &str) {}
    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/b/<_n>", rank = 1)]
    fn narrow(_n: u8) {}
    #[cross_origin(origins = ["https://evil.example"])]
    #[get("/b/<_s>", rank = 2)]
    fn evil(_s: &str) {}
    #[cross_origin(origins = ["https://app.example.com"])]
    #[post("/c/<_n>", rank = 1)]
    fn write(_n: u8) {}
    #[cross_origin(origins = any, enforce = false)]
    #[post("/c/<_s>", rank = 2)]
    fn all(_s: &str) {}
    let routes = routes![number, name, fixed, others, narrow, evil, write, all];
    let client = client(CrossOrigin::fairing(), routes);
    let ask = |path: &str, origin: &str| {
        let question: Question = format!("GET {path}\nOrigin: {origin}\n").parse().expect("a question");
        CrossOrigin::explain(client.rocket(), &question).expect("an answer").request
    };
    let evil = "https://evil.example";
    let answer = ask("/a/x", evil);
    assert_eq!(answer.notes[0], "a guard may forward the request to GET /a/<_s> (name), shared with any origin");
    let open = |name: &str| Some(format!("{name} would share its answer, if a guard forwards the request to it"));
    assert_eq!(answer.undecided, open("GET /a/<_s> (name)"));
    assert_eq!(ask("/b/x", evil).undecided, open("GET /b/<_s> (evil)"));
    assert_eq!(ask("/b/x", "https://app.example.com").undecided, None, "shared already");
    assert_eq!(ask("/b/x", "https://other.example").undecided, None, "none of the routes shares");
    // What is turned away is not passed on.
    let question: Question = format!("POST /c/x\nOrigin: {evil}\n").parse().expect("a question");
    let answer = CrossOrigin::explain(client.rocket(), &question).expect("an answer").request;
    assert_eq!((answer.status, answer.undecided), (Some(403), None));
    let answer = ask("/static", evil);
    assert!(answer.undecided.is_none() && answer.notes.iter().all(|note| !note.contains("forward")), "{answer:?}");
}

#[test]
fn a_request_is_recorded_once() {
    #[cross_origin(none, enforce = false)]
    #[post("/h/<_n>", rank = 1)]
    fn first(_n: u8) {}
    #[post("/h/<_s>", rank = 2)]
    fn second(_s: &str) {}
    static SEEN: Mutex<Vec<&str>> = Mutex::new(Vec::new());
    let cors = CrossOrigin::fairing().protect_all();
    let cors = cors.on_refusal(|one| SEEN.lock().expect("no panic").push(one.refusal.kind()));
    let client = client(cors, routes![first, second]);
    let response = client.post("/h/x").header(Header::new("Origin", "https://evil.example")).dispatch();
    assert_eq!(response.status(), Status::Forbidden);
    assert_eq!(*SEEN.lock().expect("no panic"), ["unshared"]);
}

#[test]
fn a_report_does_not_say_that_a_trial_protects() {
    #[post("/x")]
    fn x() -> &'static str {
        "ran"
    }
    let client = client(CrossOrigin::fairing().protect_all().report_only(), routes![x]);
    let response = client.post("/x").header(Header::new("Origin", "https://evil.example")).dispatch();
    assert_eq!(response.into_string().as_deref(), Some("ran"));
    let report = CrossOrigin::report(client.rocket());
    assert!(!report.to_string().contains("only the application's own pages write"), "{report}");
    assert!(format!("{report:#}").contains("POST /x  no policy, open to writes of all pages"), "{report:#}");
}

/// Reports are of debug builds, mostly.
#[test]
fn what_a_release_build_opens_is_opened() {
    #[cross_origin(origins = ["https://a.example"], debug_origins = ["https://b.example"])]
    #[get("/")]
    fn debug() {}
    #[cross_origin(origins = ["https://a.example"], debug_origins = any)]
    #[get("/")]
    fn debug_any() {}
    #[cross_origin(origins = ["https://a.example", "https://b.example"])]
    #[get("/")]
    fn always() {}
    #[cross_origin(origins = any)]
    #[get("/")]
    fn any() {}
    let [debug, debug_any, always, any] =
        [routes![debug], routes![debug_any], routes![always], routes![any]].map(report);
    assert_eq!(opened(&debug.diff(&always)), ["GET / [-9]: shared with https://b.example"]);
    assert_eq!(opened(&debug_any.diff(&any)), ["GET / [-9]: shared with any"]);
    assert!(opened(&always.diff(&debug)).is_empty());
    assert!(opened(&any.diff(&always)).is_empty());
}

#[test]
fn a_fallback_that_is_gone_leaves_its_errors_to_the_next() {
    #[cross_origin(origins = ["https://a.example"])]
    struct A;
    #[cross_origin(origins = ["https://b.example"])]
    struct B;
    let both = client(CrossOrigin::fairing().fallback("/api", A).fallback("/", B), Vec::new());
    let one = client(CrossOrigin::fairing().fallback("/", B), Vec::new());
    let page = Page::at("https://b.example");
    assert!(!page.get("/api/no").send(&both).is_shared() && page.get("/api/no").send(&one).is_shared());
    let diff = CrossOrigin::report(both.rocket()).diff(&CrossOrigin::report(one.rocket()));
    assert_eq!(opened(&diff), ["errors below /api: shared with https://b.example"]);
}

/// No request tells the name of a parameter; but one that is ignored takes what another may hand on.
#[test]
fn a_parameter_may_have_another_name() {
    #[cross_origin(origins = any)]
    #[post("/x/<_id>/y?<_q>")]
    fn before(_id: u8, _q: u8) {}
    #[cross_origin(origins = any)]
    #[post("/x/<_name>/y?<_q>")]
    fn renamed(_name: u8, _q: u8) {}
    #[cross_origin(origins = any)]
    #[post("/x/<_id>/y?<_other>")]
    fn another_field(_id: u8, _other: u8) {}
    #[cross_origin(origins = any)]
    #[post("/x/<_>/y?<_q>")]
    fn ignored(_q: u8) {}
    let [before, renamed, another_field, ignored] =
        [routes![before], routes![renamed], routes![another_field], routes![ignored]].map(report);
    assert!(before.diff(&renamed).is_empty(), "{}", before.diff(&renamed));
    assert!(!before.diff(&another_field).opened.is_empty() && !before.diff(&ignored).opened.is_empty());
}
