//! The routes of the table on axum, with layers.

use axum::Router;
use axum::routing::{MethodFilter, MethodRouter, on, post};
use cors_runtime::tower::{ApplicationLayer, CrossOriginLayer};
use cors_runtime::{OwnOrigins, cross_origin};
use cors_tests::Server;
use http::Method;

#[cross_origin(origins = ["https://trusted.example"])]
struct Trusted;

#[cross_origin(origins = ["https://concurrent.example"])]
struct Later;

#[cross_origin(origins = ["https://example.com"])]
struct Example;

#[cross_origin(origins = ["https://example.com:8443"])]
struct Port;

#[cross_origin(none, enforce = false)]
struct Open;

pub(super) fn launch<'o>(own: impl IntoIterator<Item = &'o str>) -> Result<Server, String> {
    let mut layer = ApplicationLayer::new().protect_all();
    let own: Vec<_> = own.into_iter().collect();
    if !own.is_empty() {
        layer = layer.own_origins(OwnOrigins::new(own).map_err(|error| error.to_string())?);
    }
    Ok(Server::serve(layer.around(router())))
}

async fn ran() -> &'static str {
    "ran"
}

fn methods(names: &[Method]) -> MethodRouter {
    names.iter().fold(MethodRouter::new(), |routes, method| {
        routes.on(MethodFilter::try_from(method.clone()).expect("a method that axum routes"), ran)
    })
}

/// Routes with another policy than the router that they would be in, for one method.
fn only(method: Method) -> MethodRouter {
    let filter = MethodFilter::try_from(method.clone()).expect("a method that axum routes");
    on(filter, ran).layer(Open.layer().methods([method]))
}

fn router() -> Router {
    // For Rocket a path with a slash at its end is the same.
    routes("").merge(routes("/")).route("/plain/{*rest}", post(ran))
}

fn routes(end: &str) -> Router {
    let five = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH];
    let path = |start: &str| format!("{start}{end}");
    let shared = |layer: CrossOriginLayer, names: &[Method]| layer.around(methods(names));
    Router::new()
        .route(&path("/plain"), methods(&[&five[..], &[Method::OPTIONS]].concat()))
        .route_service(&path("/trusted"), shared(Trusted.layer(), &five))
        .route_service(&path("/trusted/later"), shared(Later.layer(), &[Method::POST]))
        .route_service(&path("/trusted/example"), shared(Example.layer(), &[Method::GET, Method::POST]))
        .route_service(&path("/trusted/port"), shared(Port.layer(), &[Method::POST]))
        .route_service(&path("/callback"), shared(Open.layer(), &five))
        .route_service(&path("/segment/{segment}"), shared(Open.layer(), &[Method::POST]))
        .route(&path("/segment/{segment}/foo"), post(ran))
        .route(&path("/open-post"), only(Method::POST))
        .route(&path("/open-put"), only(Method::PUT).post(ran))
        .route(&path("/open-get"), only(Method::GET).post(ran))
}
