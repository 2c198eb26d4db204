//! Writes and handshakes of other pages are turned away before the service inside is called.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::get;
use cors_runtime::cross_origin;
use http::StatusCode;
use tower::Layer;

use crate::support::{APP, EVIL, call, request};

#[cross_origin(origins = ["https://app.example.com"])]
struct App;

#[cross_origin(origins = ["https://app.example.com"], enforce = false)]
struct Open;

#[test]
fn a_write_of_another_page_does_not_reach_the_handler() {
    let ran = Arc::new(AtomicUsize::new(0));
    let handler = {
        let ran = ran.clone();
        move || {
            ran.fetch_add(1, Ordering::Relaxed);
            async { "ran" }
        }
    };
    let routes = Router::new().route("/", get(handler.clone()).post(handler));
    let service = App.layer().layer(routes.clone());
    let evil = format!("origin: {EVIL}");
    for headers in [
        &[&*evil][..],
        &["origin: null"],
        &["origin: https://app.example.com", "origin: https://app.example.com"],
        &["sec-fetch-site: cross-site"],
        &["origin: https://app.example.com", "cookie: a=b"],
    ] {
        let refused = call(service.clone(), request("POST", "/", headers));
        assert_eq!((refused.status, refused.allowed()), (StatusCode::FORBIDDEN, None), "{headers:?}");
        assert_eq!(refused.vary(), "Origin, Sec-Fetch-Site");
    }
    let handshake = call(service.clone(), request("GET", "/", &[&evil, "upgrade: websocket", "sec-websocket-key: x"]));
    assert_eq!(handshake.status, StatusCode::FORBIDDEN);
    assert_eq!(ran.load(Ordering::Relaxed), 0);

    for headers in [&["origin: https://app.example.com"][..], &[], &["origin: http://me", "host: me"]] {
        assert_eq!(call(service.clone(), request("POST", "/", headers)).body, "ran", "{headers:?}");
    }
    assert_eq!(call(service, request("GET", "/", &[&evil])).body, "ran");
    assert_eq!(ran.load(Ordering::Relaxed), 4);

    let open = call(Open.layer().layer(routes), request("POST", "/", &[&evil]));
    assert_eq!((&*open.body, open.allowed()), ("ran", None));
}

#[test]
fn errors_have_the_headers() {
    let failing = || async { (StatusCode::INTERNAL_SERVER_ERROR, "failed") };
    let service = App.layer().layer(Router::new().route("/", get(failing)));
    for (path, status) in [("/", 500), ("/nothing", 404)] {
        let said = call(service.clone(), request("GET", path, &[&format!("origin: {APP}")]));
        assert_eq!((said.status.as_u16(), said.allowed()), (status, Some(APP)));
    }
}
