//! Layers in layers: the innermost decides, whatever the order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::{get, put};
use cors_runtime::cross_origin;
use cors_runtime::tower::{CrossOrigin, CrossOriginLayer};
use http::{Method, StatusCode};
use tower::ServiceBuilder;

use crate::support::{APP, EVIL, PARTNER, call, preflight, request};

#[cross_origin(origins = ["https://app.example.com"])]
struct App;

#[cross_origin(origins = ["https://partner.example.net"])]
struct Partners;

fn item() -> Router {
    Router::new().route("/item", get(|| async { "got" }).put(|| async { "put" }))
}

fn nested(outer: &CrossOriginLayer, inner: &CrossOriginLayer) -> CrossOrigin<Router> {
    outer.around(Router::new().nest_service("/in", inner.around(item())).merge(item()))
}

#[test]
fn the_inner_one_decides() {
    let service = nested(&App.layer(), &Partners.layer());
    for (origin, path, allowed) in [
        (APP, "/item", true),
        (PARTNER, "/item", false),
        (APP, "/in/item", false),
        (PARTNER, "/in/item", true),
        (EVIL, "/item", false),
        (EVIL, "/in/item", false),
    ] {
        let header = format!("origin: {origin}");
        let expected = allowed.then_some(origin);
        let got = call(service.clone(), request("GET", path, &[&header]));
        assert_eq!((&*got.body, got.allowed()), ("got", expected), "GET {path} of {origin}");
        assert_eq!(got.vary(), "Origin", "GET {path} of {origin}");
        let asked = call(service.clone(), preflight(origin, "PUT", path));
        assert_eq!(asked.allowed(), expected, "preflight {path} of {origin}");
        let put = call(service.clone(), request("PUT", path, &[&header]));
        let body = if allowed { "put" } else { "" };
        assert_eq!((&*put.body, put.allowed()), (body, expected), "PUT {path} of {origin}");
        assert_eq!(put.status == StatusCode::FORBIDDEN, !allowed, "PUT {path} of {origin}");
    }
}

#[test]
fn a_layer_on_one_method_says_nothing_about_the_others() {
    #[cross_origin(origins = any)]
    struct Public;

    // GET is public, and PUT is not shared. The layer is on the answer to OPTIONS too.
    for public in [Public.layer(), Public.layer().methods([Method::GET])] {
        let routes = Router::new().route("/item", get(|| async { "got" }).layer(public).put(|| async { "put" }));
        let service = App.layer().around(routes.clone());
        assert_eq!(call(service.clone(), preflight(EVIL, "PUT", "/item")).allowed(), None);
        // A page that does not say which it is.
        assert_eq!(call(service.clone(), request("PUT", "/item", &["sec-fetch-site: cross-site"])).status, 403);
        assert_eq!(call(service, request("PUT", "/item", &[&format!("origin: {EVIL}")])).status, 403);
        assert_eq!(call(routes, preflight(EVIL, "PUT", "/item")).allowed(), None);
    }
}

#[test]
fn a_page_without_an_origin_meets_the_inner_one_too() {
    #[cross_origin(none, enforce = false)]
    struct Forms;

    let service = nested(&App.layer(), &Forms.layer());
    for (path, status) in [("/in/item", 200), ("/item", 403)] {
        let said = call(service.clone(), request("PUT", path, &["sec-fetch-site: cross-site"]));
        assert_eq!(said.status, status, "{path}");
    }
}

#[test]
fn refusals_are_recorded_by_the_layer_that_decides() {
    let count = |counter: &Arc<AtomicUsize>| {
        let counter = counter.clone();
        move |_: &cors_runtime::RefusalEvent<'_>| {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    };
    let (outer, inner) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let service = nested(&App.layer().on_refusal(count(&outer)), &Partners.layer().on_refusal(count(&inner)));
    let counts = || (outer.load(Ordering::Relaxed), inner.load(Ordering::Relaxed));
    let ask =
        |method, origin: &str, path| call(service.clone(), request(method, path, &[&format!("origin: {origin}")]));
    ask("GET", PARTNER, "/in/item");
    ask("PUT", PARTNER, "/in/item");
    assert_eq!(counts(), (0, 0));
    ask("PUT", EVIL, "/in/item");
    ask("GET", EVIL, "/in/item");
    assert_eq!(counts(), (0, 2));
    ask("PUT", EVIL, "/item");
    call(service.clone(), preflight(EVIL, "PUT", "/item"));
    assert_eq!(counts(), (2, 2));
}

#[test]
fn headers_of_the_service_are_replaced() {
    let handler = || async { ([("access-control-allow-origin", "*"), ("vary", "Accept")], "got") };
    let service = App.layer().around(Router::new().route("/", put(handler).get(handler)));
    let got = call(service.clone(), request("GET", "/", &[&format!("origin: {EVIL}")]));
    assert_eq!((got.allowed(), &*got.vary()), (None, "Accept, Origin"));
    let got = call(service, request("GET", "/", &[&format!("origin: {APP}")]));
    assert_eq!(got.allowed(), Some(APP));
}

#[test]
fn other_headers_of_the_service_stay() {
    let others = ["accept-ranges", "age", "a", "access-control", "x-access-control-allow-origin"];
    let handler = move || async move { (others.map(|name| (name, "1")), "got") };
    let service = App.layer().around(Router::new().route("/", put(handler).get(handler)));
    let got = call(service, request("GET", "/", &[&format!("origin: {APP}")]));
    assert_eq!((got.allowed(), others.map(|name| got.header(name))), (Some(APP), [Some("1"); 5]));
}

#[test]
fn without_around_a_write_has_to_be_allowed_by_each_layer() {
    let inside = Partners.layer().around(item());
    let service = ServiceBuilder::new().layer(App.layer()).service(inside);
    // What the outer one would turn away is not granted by the inner one.
    assert_eq!(call(service.clone(), preflight(PARTNER, "GET", "/item")).allowed(), Some(PARTNER));
    let asked = call(service.clone(), preflight(PARTNER, "PUT", "/item"));
    assert_eq!((asked.status, asked.allowed()), (StatusCode::FORBIDDEN, None));
    for origin in [APP, PARTNER, EVIL] {
        let header = format!("origin: {origin}");
        assert_eq!(
            call(service.clone(), request("PUT", "/item", &[&header])).status,
            StatusCode::FORBIDDEN,
            "{origin}"
        );
        let got = call(service.clone(), request("GET", "/item", &[&header]));
        assert_eq!(got.allowed(), (origin == PARTNER).then_some(PARTNER));
    }
}
