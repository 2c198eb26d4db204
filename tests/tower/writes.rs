//! Writes and handshakes of other pages are turned away before the service inside is called.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use cors_runtime::cross_origin;
use cors_runtime::tower::ApplicationLayer;
use http::{Request, StatusCode};

use crate::support::{APP, EVIL, call, counted, request};

#[cross_origin(origins = ["https://app.example.com"])]
struct App;

#[cross_origin(origins = ["https://app.example.com"], enforce = false)]
struct Open;

#[test]
fn a_write_of_another_page_does_not_reach_the_handler() {
    let (ran, handler) = counted();
    let routes = Router::new().route("/", get(handler.clone()).post(handler));
    let service = App.layer().around(routes.clone());
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

    let open = call(Open.layer().around(routes), request("POST", "/", &[&evil]));
    assert_eq!((&*open.body, open.allowed()), ("ran", None));
}

#[test]
fn errors_have_the_headers() {
    let failing = || async { (StatusCode::INTERNAL_SERVER_ERROR, "failed") };
    let service = App.layer().around(Router::new().route("/", get(failing)));
    for (path, status) in [("/", 500), ("/nothing", 404)] {
        let said = call(service.clone(), request("GET", path, &[&format!("origin: {APP}")]));
        assert_eq!((said.status.as_u16(), said.allowed()), (status, Some(APP)));
    }
}

#[test]
fn what_a_layer_asks_the_service_does_not_act_as_the_user() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let service = {
        let seen = seen.clone();
        // A service that takes every method for the same.
        tower::service_fn(move |request: Request<Body>| {
            let seen = seen.clone();
            async move {
                let (head, body) = request.into_parts();
                let body = axum::body::to_bytes(body, 100).await.unwrap();
                let names: Vec<_> = head.headers.keys().map(|name| name.as_str().to_owned()).collect();
                seen.lock().unwrap().push((head.method, names, body.len()));
                Ok::<_, std::convert::Infallible>(http::Response::new(Body::empty()))
            }
        })
    };
    let origin = format!("origin: {EVIL}");
    let mut write = request(
        "POST",
        "/",
        &[
            &origin,
            "host: me",
            "cookie: sid=1",
            "authorization: Basic YTpi",
            "proxy-authorization: Basic YTpi",
            "content-type: text/plain",
            "content-length: 8",
            "expect: 100-continue",
            "upgrade: websocket",
            "sec-websocket-key: x",
            "access-control-request-headers: x-token",
        ],
    );
    *write.body_mut() = Body::from("the body");
    for service in [
        tower::util::BoxCloneService::new(App.layer().around(service.clone())),
        tower::util::BoxCloneService::new(ApplicationLayer::new().protect_all().around(service)),
    ] {
        let mut copy = Request::new(Body::from("the body"));
        (*copy.method_mut(), *copy.headers_mut()) = (write.method().clone(), write.headers().clone());
        assert_eq!(call(service, copy).status, StatusCode::FORBIDDEN);
        let mut seen = seen.lock().unwrap();
        let [(method, names, 0)] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!(*method, "OPTIONS");
        assert_eq!(names[..], ["origin", "host", "access-control-request-method"]);
        seen.clear();
    }
}

#[test]
fn no_handler_runs_for_a_request_that_is_turned_away_wherever_the_layer_stands() {
    let (ran, handler) = counted();
    let post = || axum::routing::post(handler.clone());
    let protected = ApplicationLayer::new().protect_all();
    let evil = format!("origin: {EVIL}");
    for routes in [
        Router::new().route("/", post()).layer(App.layer()),
        Router::new().route("/", post()).layer(protected.clone()),
        Router::new().route("/", post().layer(App.layer())).layer(protected.clone()),
        Router::new().route("/", post()).route_layer(App.layer()),
        Router::new().fallback_service(App.layer().around(Router::new().route("/", post()))),
        Router::new().fallback_service(protected.around(Router::new().route("/", post()))),
        Router::new().route_service("/", App.layer().around(post())),
    ] {
        assert_eq!(call(routes, request("POST", "/", &[&evil])).status, StatusCode::FORBIDDEN);
    }
    assert_eq!(ran.load(Ordering::Relaxed), 0);
}
