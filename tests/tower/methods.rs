//! Which methods a preflight is granted: those that the service inside serves.

use std::sync::atomic::Ordering;

use axum::Router;
use axum::routing::{any, get};
use cors_runtime::cross_origin;
use http::{Method, StatusCode};

use crate::support::{APP, EVIL, call, counted, preflight, request, router};

#[cross_origin(origins = ["https://app.example.com"], credentials, allow_headers = ["x-token"], max_age = 600)]
struct App;

#[cross_origin(none)]
struct Nobody;

#[test]
fn the_router_says_which_methods_are_served() {
    let service = App.layer().around(router());
    let granted = call(service.clone(), preflight(APP, "PUT", "/item"));
    assert_eq!(granted.status, StatusCode::NO_CONTENT);
    assert_eq!(granted.allowed(), Some(APP));
    assert_eq!(granted.header("access-control-allow-methods"), Some("PUT"));
    assert_eq!(granted.header("access-control-allow-headers"), Some("x-token"));
    assert_eq!(granted.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(granted.header("access-control-max-age"), Some("600"));
    assert_eq!(granted.vary(), "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
    assert_eq!(granted.body, "");

    let head = call(service.clone(), preflight(APP, "HEAD", "/other"));
    assert_eq!(head.header("access-control-allow-methods"), Some("HEAD"));

    for (method, path, status) in [
        ("DELETE", "/item", StatusCode::METHOD_NOT_ALLOWED),
        ("PUT", "/other", StatusCode::METHOD_NOT_ALLOWED),
        ("put", "/item", StatusCode::METHOD_NOT_ALLOWED),
        ("GET", "/nothing", StatusCode::NOT_FOUND),
    ] {
        let refused = call(service.clone(), preflight(APP, method, path));
        assert_eq!((refused.status, refused.allowed()), (status, None), "{method} {path}");
        assert_eq!(refused.vary(), "Origin", "{method} {path}");
    }
    let refused = call(service, preflight(EVIL, "PUT", "/item"));
    assert_eq!((refused.status, refused.allowed()), (StatusCode::FORBIDDEN, None));
    assert_eq!(refused.vary(), "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
}

#[test]
fn a_service_that_does_not_tell_is_not_granted_anything() {
    // axum adds `Allow` outside of the layers of a router.
    let inside = router().layer(App.layer());
    let refused = call(inside, preflight(APP, "PUT", "/item"));
    assert_eq!(refused.allowed(), None);
    let reason = refused.header("server-timing").unwrap_or_default();
    assert!(reason.contains("CrossOriginLayer::methods"), "{reason}");

    let any = App.layer().around(Router::new().route("/", any(|| async { "any" })));
    assert_eq!(call(any, preflight(APP, "PUT", "/")).allowed(), None);
}

#[test]
fn methods_that_are_named_are_granted() {
    let layer = App.layer().methods([Method::GET, Method::PUT]);
    let inside = router().layer(layer.clone());
    assert_eq!(call(inside.clone(), preflight(APP, "PUT", "/item")).allowed(), Some(APP));
    assert_eq!(call(inside.clone(), preflight(APP, "HEAD", "/item")).allowed(), Some(APP));
    assert_eq!(call(inside.clone(), preflight(APP, "DELETE", "/item")).allowed(), None);
    let more = router().layer(App.layer().methods([Method::GET]).methods([Method::PUT]));
    assert_eq!(call(more.clone(), preflight(APP, "PUT", "/item")).allowed(), Some(APP));
    assert_eq!(call(more, preflight(APP, "GET", "/item")).allowed(), Some(APP));
    // Also where the service answers OPTIONS with an error, as one does that wants a password.
    let locked = Router::new().route("/", get(|| async { "" }).options(|| async { StatusCode::UNAUTHORIZED }));
    assert_eq!(call(layer.around(locked), preflight(APP, "PUT", "/")).allowed(), Some(APP));
    assert_eq!(call(inside, preflight(APP, "PUT", "/nothing")).allowed(), None);
}

#[test]
fn preflights_are_answered_unasked_by_a_layer_that_was_told_so() {
    let (ran, handler) = counted();
    let routes = Router::new().fallback(handler);
    let service = App.layer().methods_unasked([Method::GET, Method::PUT]).around(routes.clone());
    for method in ["GET", "HEAD", "PUT"] {
        let unasked = call(service.clone(), preflight(APP, method, "/item"));
        let asked =
            call(App.layer().methods([Method::GET, Method::PUT]).around(routes.clone()), preflight(APP, method, "/"));
        assert_eq!((unasked.status, &unasked.headers), (asked.status, &asked.headers), "{method}");
        assert_eq!((unasked.allowed(), &*unasked.body), (Some(APP), ""), "{method}");
    }
    // Nothing else is granted, and nothing is asked about it.
    let all = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    for (origin, method) in [(APP, "DELETE"), (APP, "put"), (APP, "*"), (APP, ""), (EVIL, "PUT"), ("null", "PUT")] {
        let refused = call(service.clone(), preflight(origin, method, "/item"));
        assert_eq!((refused.status, refused.allowed()), (StatusCode::FORBIDDEN, None), "{origin} {method}");
        assert_eq!((&*refused.vary(), &*refused.body), (all, ""), "{origin} {method}");
    }
    // What is not named says so.
    let reason = call(service.clone(), preflight(APP, "DELETE", "/item"));
    let reason = reason.header("server-timing").map(str::to_owned);
    assert_eq!(reason.is_some(), cfg!(debug_assertions));
    assert!(reason.is_none_or(|reason| reason.contains("DELETE")));
    assert_eq!(ran.load(Ordering::Relaxed), 3, "only the three that were asked");

    // What is no preflight goes on.
    let plain = call(service.clone(), request("OPTIONS", "/item", &[&format!("origin: {APP}")]));
    assert_eq!((&*plain.body, plain.allowed()), ("ran", Some(APP)));
    let got = call(service.clone(), request("GET", "/item", &[&format!("origin: {APP}")]));
    assert_eq!((&*got.body, got.allowed()), ("ran", Some(APP)));
    let written = call(service.clone(), request("PUT", "/item", &[&format!("origin: {EVIL}")]));
    assert_eq!((written.status, written.allowed()), (StatusCode::FORBIDDEN, None));

    // A layer around takes its word, for a write too.
    let around = Nobody.layer().around(Router::new().route_service("/item", service));
    assert_eq!(call(around.clone(), preflight(APP, "PUT", "/item")).allowed(), Some(APP));
    let written = call(around.clone(), request("PUT", "/item", &[&format!("origin: {APP}")]));
    assert_eq!((&*written.body, written.allowed()), ("ran", Some(APP)));
    let unnamed = call(around, request("DELETE", "/item", &[&format!("origin: {APP}")]));
    assert_eq!((unnamed.status, unnamed.allowed()), (StatusCode::FORBIDDEN, None));
}

#[test]
fn the_services_own_handler_for_options_stays() {
    let own = Router::new().route("/", get(|| async { "" }).options(|| async { "own" }));
    let service = App.layer().around(own);
    let plain = call(service.clone(), request("OPTIONS", "/", &[&format!("origin: {APP}")]));
    assert_eq!((&*plain.body, plain.allowed()), ("own", Some(APP)));
    // It does not tell methods, so a preflight is not granted.
    let preflight = call(service, preflight(APP, "GET", "/"));
    assert_eq!((&*preflight.body, preflight.allowed()), ("own", None));
}
