//! What the tests of [tower-http](https://github.com/tower-rs/tower-http)'s `cors` and `csrf` ask, at commit d154adb, asked of
//! these layers. `docs/tower-http-tests.md` lists them. The rows of `csrf` are in `cases/cross_site_writes.tsv`, with the
//! tests of other protections; here is what is left.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use cors_runtime::tower::ApplicationLayer;
use cors_runtime::{Effect, Origin, OwnOrigins, cross_origin};
use http::Method;
use http::request::Parts;
use tower::Layer;
use tower_http::cors::CorsLayer;

use crate::support::{APP, EVIL, Said, call, preflight, request};

#[cross_origin(origins = any, allow_headers = any)]
struct Anybody;

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
struct App;

#[cross_origin(
    origins = ["https://*.example.com"],
    credentials,
    allow_headers = any,
    allow(wildcard_allow_headers_with_credentials)
)]
struct Widest;

const ALL: &str = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

/// A route whose own answer has this `Vary`.
fn varying(vary: &'static str) -> Router {
    Router::new().route("/", get(move || async move { ([("vary", vary)], "got") }))
}

fn plain() -> Router {
    Router::new().route("/", get(|| async { "got" }).post(|| async { "posted" }))
}

fn lines(said: &Said) -> Vec<&str> {
    said.headers.get_all("vary").iter().map(|line| line.to_str().unwrap()).collect()
}

fn from(origin: &str, method: &str) -> http::Request<axum::body::Body> {
    request(method, "/", &[&format!("origin: {origin}")])
}

#[test]
fn what_everybody_gets_does_not_vary() {
    // With and without an `Origin`.
    for sent in [request("GET", "/", &[]), from(EVIL, "GET")] {
        let said = call(Anybody.layer().around(plain()), sent);
        assert_eq!((said.allowed(), &*said.vary()), (Some("*"), ""));
    }
}

#[test]
fn the_services_own_vary_stays() {
    let said = call(Anybody.layer().around(varying("accept, accept-encoding")), request("GET", "/", &[]));
    assert_eq!(lines(&said), ["accept, accept-encoding"]);
    // What the policy adds is a line of its own, and what is there already is not added.
    let said = call(App.layer().around(varying("accept, accept-encoding")), request("GET", "/", &[]));
    assert_eq!(lines(&said), ["accept, accept-encoding", "Origin"]);
    let said = call(App.layer().around(varying("accept, origin")), request("GET", "/", &[]));
    assert_eq!(lines(&said), ["accept, origin"]);
}

async fn is_allowed_for_path(origin: &Origin<'_>, request: &Parts) -> bool {
    // As after a look-up.
    rocket::tokio::task::yield_now().await;
    origin.as_str() == "http://example.com" && request.uri.path() == "/"
}

#[cross_origin(origins = [check(is_allowed_for_path)])]
struct Asked;

#[test]
fn a_function_that_waits_decides_by_origin_and_path() {
    let service = Asked.layer().around(plain().route("/other", get(|| async { "other" })));
    for (path, origin, is_allowed) in
        [("/", "http://example.com", true), ("/", "http://example.org", false), ("/other", "http://example.com", false)]
    {
        let said = call(service.clone(), request("GET", path, &[&format!("origin: {origin}")]));
        assert_eq!(said.allowed(), is_allowed.then_some(origin), "{path} {origin}");
    }
}

#[test]
fn every_answer_to_a_preflight_varies_by_all_that_it_may_depend_on() {
    // Also for everybody: the answer for another method of this address may come from a layer with another policy.
    let asked = || {
        let names = "access-control-request-headers: content-type";
        request("OPTIONS", "/", &[&format!("origin: {APP}"), "access-control-request-method: GET", names])
    };
    let said = call(Anybody.layer().around(plain()), asked());
    assert_eq!((said.header("access-control-allow-headers"), &*said.vary()), (Some("*"), ALL));
    let said = call(Anybody.layer().around(plain()), preflight(APP, "GET", "/"));
    assert_eq!((said.header("access-control-allow-methods"), &*said.vary()), (Some("GET"), ALL));
    let said = call(Widest.layer().around(plain()), asked());
    assert_eq!((said.header("access-control-allow-headers"), &*said.vary()), (Some("content-type"), ALL));
}

#[test]
fn one_origin_varies_too() {
    for (origin, allowed) in [(APP, Some(APP)), (EVIL, None)] {
        let said = call(App.layer().around(plain()), from(origin, "GET"));
        assert_eq!((said.allowed(), &*said.vary()), (allowed, "Origin"));
    }
}

#[test]
fn private_networks_are_not_answered() {
    let service = Anybody.layer().around(plain());
    let asks = "access-control-request-private-network: true";
    let origin = format!("origin: {APP}");
    for sent in [
        request("GET", "/", &[&origin, asks]),
        request("GET", "/", &[asks]),
        request("OPTIONS", "/", &[&origin, asks, "access-control-request-method: GET"]),
    ] {
        let said = call(service.clone(), sent);
        assert_eq!((said.allowed(), said.header("access-control-allow-private-network")), (Some("*"), None));
    }
}

#[test]
fn a_refusal_has_one_answer_and_the_hook_has_its_reason() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let hook = {
        let seen = seen.clone();
        move |event: &cors_runtime::RefusalEvent<'_>| {
            seen.lock().unwrap().push((event.effect, event.refusal.to_string()));
        }
    };
    let service = ApplicationLayer::new().protect_all().on_refusal(hook).layer(plain());
    let refused = call(service.clone(), from("https://malicious.example", "POST"));
    assert_eq!((refused.status.as_u16(), &*refused.body), (403, ""));
    assert_eq!(call(service, from("https://malicious.example", "GET")).body, "got");
    let seen = seen.lock().unwrap();
    let [(Effect::TurnedAway, reason)] = &seen[..] else { panic!("{seen:?}") };
    assert!(reason.contains("https://malicious.example"), "{reason}");
}

#[test]
fn a_permissive_layer_inside_opens_nothing() {
    let routes = CorsLayer::very_permissive().layer(plain());
    for layer in [App.layer(), App.layer().methods([Method::GET, Method::POST])] {
        let service = layer.around(routes.clone());
        for sent in [from(EVIL, "GET"), from(EVIL, "POST"), preflight(EVIL, "POST", "/"), preflight(APP, "PUT", "/")] {
            let said = call(service.clone(), sent);
            let is_cors = |name: &&http::HeaderName| name.as_str().starts_with("access-control-");
            assert_eq!(said.headers.keys().find(is_cors), None);
            assert_ne!(said.body, "posted");
        }
        let said = call(service, from(APP, "GET"));
        assert_eq!((said.allowed(), said.header("access-control-allow-credentials")), (Some(APP), None));
    }
}

#[test]
fn what_http_calls_safe_may_be_a_write_here() {
    let service = ApplicationLayer::new().protect_all().around(Router::new().fallback(|| async { "ran" }));
    for (method, runs) in
        [("GET", true), ("HEAD", true), ("OPTIONS", true), ("TRACE", false), ("CONNECT", false), ("get", false)]
    {
        let said = call(service.clone(), request(method, "/", &["sec-fetch-site: cross-site"]));
        assert_eq!(said.status.as_u16(), if runs { 200 } else { 403 }, "{method}");
    }
}

#[test]
fn layers_show_what_they_do() {
    let own = OwnOrigins::new([APP]).unwrap();
    let shown = format!("{:?}", ApplicationLayer::new().protect_all().own_origins(own));
    assert!(shown.contains("protect_all: true") && shown.contains(APP), "{shown}");
    let shown = format!("{:?}", App.layer());
    assert!(shown.starts_with("CrossOriginLayer { policy: ") && shown.contains(APP), "{shown}");
}
