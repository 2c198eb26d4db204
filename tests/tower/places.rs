//! Where a layer can stand in axum, and what it grants there: the table in docs/guide/axum.md.

use axum::Router;
use axum::handler::HandlerWithoutStateExt as _;
use axum::routing::{any, get, options};
use cors_runtime::cross_origin;
use cors_runtime::tower::ApplicationLayer;
use http::header::ALLOW;
use http::{Method, StatusCode};

use crate::support::{APP, EVIL, call, preflight, request, router};

#[cross_origin(origins = ["https://app.example.com"])]
struct App;

fn grants<S>(service: S, method: &str) -> bool
where
    S: tower::Service<http::Request<axum::body::Body>, Response = http::Response<axum::body::Body>>,
    S::Error: std::fmt::Debug,
{
    call(service, preflight(APP, method, "/item")).allowed().is_some()
}

#[test]
fn around_the_methods_of_a_path_it_knows_them() {
    let routes =
        Router::new().route_service("/item", App.layer().around(get(|| async { "got" }).put(|| async { "put" })));
    assert_eq!(["GET", "HEAD", "PUT", "POST"].map(|method| grants(routes.clone(), method)), [true, true, true, false]);
}

#[test]
fn a_layer_of_routes_needs_their_names() {
    let named = App.layer().methods([Method::GET, Method::PUT]);
    assert!(!grants(router().route_layer(App.layer()), "PUT"));
    assert!(grants(router().route_layer(named.clone()), "PUT"));
    // That of one path stands around its methods only, and no preflight comes there.
    for layer in [App.layer(), named] {
        let methods = get(|| async { "got" }).put(|| async { "put" }).route_layer(layer);
        assert!(!grants(Router::new().route("/item", methods), "PUT"));
    }
}

#[test]
fn a_handler_for_every_method_does_not_tell_them() {
    let all = || any(|| async { "any" });
    assert!(!grants(Router::new().route_service("/item", App.layer().around(all())), "PUT"));
    let named = App.layer().methods([Method::PUT]).around(all());
    assert!(grants(Router::new().route_service("/item", named), "PUT"));
}

#[test]
fn a_service_that_tells_its_methods_needs_no_router() {
    // As `ServeDir` of tower-http answers.
    let files = (|| async { (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET,HEAD")]) }).into_service();
    let files = App.layer().around(files);
    assert_eq!(["GET", "HEAD", "PUT"].map(|method| grants(files.clone(), method)), [true, true, false]);
}

#[test]
fn an_own_handler_for_options_can_tell_the_methods() {
    let own = options(|| async { ([(ALLOW, "GET, OPTIONS")], "own") }).get(|| async { "got" });
    let routes = Router::new().route_service("/item", App.layer().around(own));
    assert_eq!(["GET", "PUT"].map(|method| grants(routes.clone(), method)), [true, false]);
    assert_eq!(call(routes, request("OPTIONS", "/item", &[])).body, "own");
}

#[test]
fn an_application_is_protected_by_a_layer_around_its_router() {
    let routes = router().route_service("/shared", App.layer().around(get(|| async { "got" }).put(|| async { "put" })));
    // By `Router::layer` the policies inside are not asked, since the service inside may be a handler.
    let within = routes.clone().layer(ApplicationLayer::new().protect_all());
    assert_eq!(call(within, request("PUT", "/shared", &[&format!("origin: {APP}")])).status, StatusCode::FORBIDDEN);
    let application = ApplicationLayer::new().protect_all().around(routes);
    for (path, origin, status) in [
        ("/item", APP, StatusCode::FORBIDDEN),
        ("/shared", APP, StatusCode::OK),
        ("/shared", EVIL, StatusCode::FORBIDDEN),
        ("/nothing", EVIL, StatusCode::FORBIDDEN),
    ] {
        let said = call(application.clone(), request("PUT", path, &[&format!("origin: {origin}")]));
        assert_eq!(said.status, status, "{path} {origin}");
    }
    assert_eq!(call(application, request("PUT", "/item", &[])).body, "put");
}
