//! The layer around an application: own origins, `protect_all`, `report_only`.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::post;
use cors_runtime::tower::ApplicationLayer;
use cors_runtime::{Effect, OwnOrigins, cross_origin};
use tower::Layer;

use crate::support::{APP, EVIL, PARTNER, call, preflight, request};

#[cross_origin(origins = ["https://partner.example.net"])]
struct Partners;

fn routes() -> Router {
    let partners = Router::new().route("/note", post(|| async { "partner" }).get(|| async { "got" }));
    Router::new().route("/note", post(|| async { "own" })).nest_service("/partners", Partners.layer().layer(partners))
}

#[test]
fn writes_of_other_pages_are_refused_unless_a_policy_lets_them() {
    let service = ApplicationLayer::new().protect_all().layer(routes());
    for (origin, path, status) in [
        (APP, "/note", 403),
        (PARTNER, "/note", 403),
        (PARTNER, "/partners/note", 200),
        (EVIL, "/partners/note", 403),
        ("http://me", "/note", 200),
        ("http://me", "/partners/note", 200),
    ] {
        let said = call(service.clone(), request("POST", path, &["host: me", &format!("origin: {origin}")]));
        assert_eq!(said.status, status, "{origin} {path}");
    }
    assert_eq!(call(service.clone(), request("POST", "/note", &[])).body, "own");
    assert_eq!(call(service.clone(), request("POST", "/note", &["sec-fetch-site: cross-site"])).status, 403);
    assert_eq!(call(service.clone(), preflight(EVIL, "POST", "/note")).allowed(), None);
    assert_eq!(call(service, preflight(PARTNER, "POST", "/partners/note")).allowed(), Some(PARTNER));
}

#[test]
fn own_origins_are_those_of_the_layers_inside_too() {
    let own = OwnOrigins::new([APP]).unwrap();
    let service = ApplicationLayer::new().own_origins(own).layer(routes());
    let post = |host: &str, origin: &str, path: &str| {
        let headers = [&*format!("host: {host}"), &*format!("origin: {origin}")];
        call(service.clone(), request("POST", path, &headers)).status.as_u16()
    };
    assert_eq!(post("app.example.com", APP, "/partners/note"), 200);
    assert_eq!(post("rebound.example.org", "http://rebound.example.org", "/note"), 403);
    assert_eq!(post("app.example.com", "https://app.example.com.evil.org", "/partners/note"), 403);
    let read = call(service.clone(), request("GET", "/partners/note", &["host: rebound.example.org"]));
    assert_eq!(read.status, 403);
}

#[test]
fn report_only_turns_nothing_away() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let hook = {
        let seen = seen.clone();
        move |event: &cors_runtime::RefusalEvent<'_>| {
            seen.lock().unwrap().push((event.effect, event.path.to_owned(), event.policy.is_some()));
        }
    };
    let own = OwnOrigins::new([APP]).unwrap();
    let layer = ApplicationLayer::new().protect_all().own_origins(own).report_only(true).on_refusal(hook);
    let service = layer.layer(routes());
    let evil = format!("origin: {EVIL}");
    for path in ["/note", "/partners/note"] {
        let said = call(service.clone(), request("POST", path, &["host: app.example.com", &evil]));
        assert_eq!((said.status.as_u16(), said.allowed()), (200, None));
    }
    let would_be = Effect::WouldBeTurnedAway;
    // The service inside of `nest_service` sees the rest of the path.
    let expected = [(would_be, "/note".to_owned(), false), (would_be, "/note".to_owned(), true)];
    assert_eq!(*seen.lock().unwrap(), expected);
    assert_eq!(call(service, request("POST", "/note", &["host: other.example"])).status, 200);
    assert_eq!(seen.lock().unwrap().len(), 3);
}
