//! The layer around an application: own origins, `protect_all`, `report_only`.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::post;
use cors_runtime::tower::ApplicationLayer;
use cors_runtime::{Effect, OwnOrigins, cross_origin};

use crate::support::{APP, EVIL, PARTNER, call, preflight, request};

#[cross_origin(origins = ["https://partner.example.net"])]
struct Partners;

fn routes() -> Router {
    let partners = Router::new().route("/note", post(|| async { "partner" }).get(|| async { "got" }));
    Router::new().route("/note", post(|| async { "own" })).nest_service("/partners", Partners.layer().around(partners))
}

#[test]
fn writes_of_other_pages_are_refused_unless_a_policy_lets_them() {
    let service = ApplicationLayer::new().protect_all().around(routes());
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
        // A cache must not give the answer of one page to another.
        assert!(status != 403 || said.vary() == "Origin, Sec-Fetch-Site", "{}", said.vary());
    }
    assert_eq!(call(service.clone(), request("POST", "/note", &[])).body, "own");
    assert_eq!(call(service.clone(), request("POST", "/note", &["sec-fetch-site: cross-site"])).status, 403);
    assert_eq!(call(service.clone(), preflight(EVIL, "POST", "/note")).allowed(), None);
    assert_eq!(call(service, preflight(PARTNER, "POST", "/partners/note")).allowed(), Some(PARTNER));
}

#[test]
fn own_origins_are_those_of_the_layers_inside_too() {
    let own = OwnOrigins::new([APP]).unwrap();
    let service = ApplicationLayer::new().own_origins(own).around(routes());
    let post = |host: &str, origin: &str, path: &str| {
        let headers = [&*format!("host: {host}"), &*format!("origin: {origin}")];
        call(service.clone(), request("POST", path, &headers)).status.as_u16()
    };
    assert_eq!(post("app.example.com", APP, "/partners/note"), 200);
    assert_eq!(post("rebound.example.org", "http://rebound.example.org", "/note"), 403);
    // Only `protect_all` is about what has no policy.
    assert_eq!(post("app.example.com", EVIL, "/note"), 200);
    assert_eq!(post("app.example.com", "https://app.example.com.evil.org", "/partners/note"), 403);
    // Neither a name of the application nor what is said about the site makes a page its own, and nothing else is needed.
    let own = OwnOrigins::new([APP, "https://www.example.com"]).unwrap();
    let named = ApplicationLayer::new().own_origins(own).around(routes());
    let host = "host: www.example.com";
    for (headers, status) in [
        ([host, "origin: https://app.example.com", "sec-fetch-site: same-site"], 200),
        ([host, "origin: https://evil.example.org", "sec-fetch-site: same-origin"], 403),
        ([host, "origin: http://www.example.com", "sec-fetch-site: same-origin"], 403),
    ] {
        assert_eq!(call(named.clone(), request("POST", "/partners/note", &headers)).status, status, "{headers:?}");
    }
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
    let service = layer.around(routes());
    let evil = format!("origin: {EVIL}");
    for path in ["/note", "/partners/note"] {
        let said = call(service.clone(), request("POST", path, &["host: app.example.com", &evil]));
        assert_eq!((said.status.as_u16(), said.allowed()), (200, None));
    }
    let would_be = Effect::WouldBeTurnedAway;
    // The service inside of `nest_service` sees the rest of the path.
    let expected = [(would_be, "/note".to_owned(), false), (would_be, "/note".to_owned(), true)];
    assert_eq!(*seen.lock().unwrap(), expected);
    // A read would not be turned away: it is not shared.
    let said = call(service.clone(), request("GET", "/partners/note", &["host: app.example.com", &evil]));
    assert_eq!((said.status.as_u16(), said.allowed()), (200, None));
    assert_eq!(seen.lock().unwrap().pop(), Some((Effect::NotShared, "/note".to_owned(), true)));
    // Of two reasons the first one.
    assert_eq!(call(service, request("POST", "/note", &["host: other.example", &evil])).status, 200);
    assert_eq!(seen.lock().unwrap().len(), 3);
    // By `Layer::layer` nothing inside is asked: it says what would be turned away there.
    let within = tower::Layer::layer(&layer, routes());
    let partner = format!("origin: {PARTNER}");
    let said = call(within, request("POST", "/partners/note", &["host: app.example.com", &partner]));
    assert_eq!((&*said.body, said.allowed()), ("partner", Some(PARTNER)));
    assert_eq!(seen.lock().unwrap().len(), 4);
}

#[test]
fn one_inside_of_another_has_what_that_says_of_layers_inside() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let hook = |who: &'static str| {
        let seen = seen.clone();
        move |event: &cors_runtime::RefusalEvent<'_>| seen.lock().unwrap().push((who, event.effect))
    };
    let own = OwnOrigins::new([APP]).unwrap().hosts(["app.internal"]).unwrap();
    let outside = ApplicationLayer::new().own_origins(own).on_refusal(hook("outside"));
    let inside = ApplicationLayer::new().protect_all().on_refusal(hook("inside"));
    let service = Router::new().fallback_service(outside.around(inside.around(routes())));
    let post = |service: Router, host: &str, origin: &str| {
        let headers = [&*format!("host: {host}"), &*format!("origin: {origin}"), "sec-fetch-site: same-origin"];
        let status = call(service, request("POST", "/note", &headers)).status.as_u16();
        (status, std::mem::take(&mut *seen.lock().unwrap()))
    };
    assert_eq!(post(service.clone(), "app.example.com", APP), (200, vec![]));
    let turned_away = |effect| vec![("outside", effect), ("inside", effect)];
    // It is no origin of the application, although the host is a name of it.
    let refused = post(service, "app.internal", "http://app.internal");
    assert_eq!(refused, (403, turned_away(Effect::TurnedAway)));
    let outside = outside.report_only(true);
    let service = Router::new().fallback_service(outside.around(inside.around(routes())));
    assert_eq!(post(service, "app.example.com", EVIL), (200, turned_away(Effect::WouldBeTurnedAway)));
    // The same layer twice is one.
    let twice = outside.around(outside.around(inside.around(routes())));
    let twice = Router::new().fallback_service(twice);
    assert_eq!(post(twice, "app.example.com", EVIL), (200, turned_away(Effect::WouldBeTurnedAway)));
}

#[test]
fn what_a_layer_asks_is_not_recorded_by_an_application_inside() {
    let seen = Arc::new(Mutex::new(0));
    let count = seen.clone();
    let own = OwnOrigins::new([APP]).unwrap();
    let inside = ApplicationLayer::new().own_origins(own).on_refusal(move |_| *count.lock().unwrap() += 1);
    let service = Partners.layer().around(inside.around(routes()));
    let headers = ["host: rebound.example.org", "origin: http://evil.example.org"];
    // The layer around has turned it away.
    assert_eq!(call(service.clone(), request("POST", "/note", &headers)).status, 403);
    assert_eq!(*seen.lock().unwrap(), 0);
    assert_eq!(call(service, request("GET", "/note", &headers)).status, 403);
    assert_eq!(*seen.lock().unwrap(), 1);
}
