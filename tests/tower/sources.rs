//! Origins that are known at run time: lists, checks, and policies that are made at run time.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::post;
use cors_runtime::tower::{ApplicationLayer, CrossOriginLayer, OriginLists};
use cors_runtime::{Origin, Policy, cross_origin};
use http::request::Parts;
use tower::Layer;

use crate::support::{APP, EVIL, PARTNER, call, preflight, request};

fn routes() -> Router {
    Router::new().route("/", post(|| async { "posted" }))
}

#[cross_origin(origins = ["https://app.example.com", config("partners")])]
struct Listed;

#[test]
fn lists_are_given_and_replaced() {
    let lists = OriginLists::new([("partners", vec![PARTNER])]);
    let service = Listed.layer(&lists).unwrap().around(routes());
    let posts = |origin: &str| {
        let said = call(service.clone(), request("POST", "/", &[&format!("origin: {origin}")]));
        assert_eq!(call(service.clone(), preflight(origin, "POST", "/")).allowed(), said.allowed());
        assert_eq!(said.body == "posted", said.allowed() == Some(origin));
        said.allowed().is_some()
    };
    assert_eq!((posts(APP), posts(PARTNER), posts(EVIL)), (true, true, false));
    lists.replace([("partners", vec![EVIL])]).unwrap();
    assert_eq!((posts(APP), posts(PARTNER), posts(EVIL)), (true, false, true));
    let errors = lists.replace([("partners", vec!["https://app.example.com/"])]).unwrap_err();
    assert_eq!(errors.iter().next().unwrap().used_by, ["Listed"]);
    assert_eq!((posts(APP), posts(PARTNER), posts(EVIL)), (true, false, true));
}

#[test]
fn a_missing_list_is_an_error_when_the_layer_is_made() {
    let errors = Listed.layer(&OriginLists::new([("partner", vec![APP])])).unwrap_err();
    assert_eq!(
        errors.to_string(),
        "partners: there is no list of this name; help: did you mean `partner`, which is there? Write \
         `config(\"partner\")`, or rename the list; used by Listed"
    );
}

async fn is_tenant(origin: &Origin<'_>, request: &Parts) -> bool {
    assert!(origin.host() != "panics.example.com", "as this test wants it");
    request.headers.contains_key("host") && origin.is_subdomain_of("tenants.example.com")
}

#[cross_origin(origins = [check(is_tenant)])]
struct Tenants;

#[test]
fn checks_are_asked() {
    let service = Tenants.layer().around(routes());
    for (origin, allowed) in
        [("https://a.tenants.example.com", true), (EVIL, false), ("null", false), ("https://panics.example.com", false)]
    {
        let said = call(service.clone(), request("POST", "/", &["host: me", &format!("origin: {origin}")]));
        assert_eq!((said.body == "posted", said.allowed()), (allowed, allowed.then_some(origin)), "{origin}");
    }
}

/// What panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        std::panic::panic_any(Bomb);
    }
}

async fn explodes(origin: &Origin<'_>, _: &Parts) -> bool {
    if origin.as_str() != "null" {
        std::panic::panic_any(Bomb);
    }
    true
}

#[cross_origin(origins = [check(explodes)])]
struct Explosive;

#[test]
fn what_a_panic_carries_may_panic_too() {
    let layer = Explosive.layer().on_refusal(|_| std::panic::panic_any(Bomb));
    let said = call(layer.around(routes()), request("POST", "/", &[&format!("origin: {EVIL}")]));
    assert_eq!((said.status.as_u16(), said.allowed()), (403, None));
}

static ASKED: AtomicUsize = AtomicUsize::new(0);

async fn is_counted(origin: &Origin<'_>, _: &Parts) -> bool {
    ASKED.fetch_add(1, Ordering::Relaxed);
    origin.as_str() == PARTNER
}

#[cross_origin(origins = ["https://app.example.com", check(is_counted)])]
struct Counted;

#[cross_origin(none)]
struct Nobody;

#[test]
fn a_check_is_asked_once_a_request() {
    // Two layers around want to know whether there is a policy inside.
    let service = Nobody.layer().around(Counted.layer().around(routes()));
    let service = ApplicationLayer::new().protect_all().around(service);
    for (origin, asked) in [(PARTNER, 1), (EVIL, 1), (APP, 0), ("null", 0)] {
        let before = ASKED.load(Ordering::Relaxed);
        let said = call(service.clone(), request("POST", "/", &[&format!("origin: {origin}")]));
        assert_eq!(said.body == "posted", [PARTNER, APP].contains(&origin), "{origin}");
        assert_eq!(ASKED.load(Ordering::Relaxed) - before, asked, "{origin}");
    }
    let (before, header) = (ASKED.load(Ordering::Relaxed), format!("origin: {PARTNER}"));
    assert_eq!(call(service, request("POST", "/", &[&header, &header])).status, 403);
    assert_eq!(ASKED.load(Ordering::Relaxed), before);
}

#[test]
fn a_layer_that_is_made_later_has_the_lists_of_then() {
    #[cross_origin(origins = [config("later")])]
    struct Later;

    let lists = OriginLists::new([("partners", [PARTNER]), ("later", [APP])]);
    let _first = Listed.layer(&lists).unwrap();
    lists.replace([("partners", [PARTNER]), ("later", [EVIL])]).unwrap();
    let service = Later.layer(&lists).unwrap().around(routes());
    assert_eq!(call(service.clone(), preflight(EVIL, "POST", "/")).allowed(), Some(EVIL));
    assert_eq!(call(service, preflight(APP, "POST", "/")).allowed(), None);
}

#[test]
fn policies_can_be_made_at_run_time() {
    let policy = Policy::builder().origins([APP]).leak().unwrap();
    let service = CrossOriginLayer::new(policy).layer(routes());
    assert_eq!(call(service, preflight(APP, "POST", "/")).allowed(), Some(APP));
}

mod on_rocket {
    use cors_runtime::rocket::CrossOrigin;
    use rocket::local::blocking::Client;
    use rocket::{get, routes};

    use super::Tenants;

    #[get("/")]
    fn index() {}

    #[test]
    fn a_check_of_another_framework_refuses_the_launch() {
        let launch = |routes| {
            let rocket = rocket::build().attach(CrossOrigin::fairing()).mount("/", routes);
            Client::untracked(rocket)
                .map(drop)
                .map_err(|error| matches!(error.kind(), rocket::error::ErrorKind::SentinelAborts(_)))
        };
        assert_eq!(launch(Tenants.cover(routes![index])), Err(true));
        assert_eq!(launch(routes![index]), Ok(()));
    }
}

mod of_rocket {
    use cors_runtime::{Origin, cross_origin};
    use rocket::Request;

    async fn is_known(_: &Origin<'_>, _: &Request<'_>) -> bool {
        true
    }

    #[cross_origin(origins = [check(is_known)])]
    struct Known;

    #[test]
    #[should_panic(expected = "a layer cannot ask `check(is_known)`, which takes requests of Rocket")]
    fn a_check_of_another_framework_is_an_error_when_the_layer_is_made() {
        let _ = Known.layer();
    }
}
