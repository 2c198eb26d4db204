//! The same handlers on axum: one resource for each policy, with the layer of the policy around it.

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, any};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use tower::Layer;
use tower_http::catch_panic::CatchPanicLayer;

use super::{Answer, Case, METHODS, MOUNTED, Mounted, answer};

/// The application with the handlers of every policy.
pub(crate) fn router() -> Router {
    MOUNTED.iter().fold(Router::new(), |router, mounted| {
        // Rocket answers a panic with 500. So does this layer, inside of the policy's, since pages may read that answer too.
        let resource = CatchPanicLayer::new().layer(resource(mounted));
        router.route_service(mounted.mount, layer(mounted).around(resource))
    })
}

/// The policy's layer, which is told the methods where axum does not tell.
fn layer(mounted: &Mounted) -> cors_runtime::tower::CrossOriginLayer {
    let layer = (mounted.layer)();
    if mounted.takes(b"OPTIONS") {
        // The handler for OPTIONS answers preflights, without `Allow`.
        let methods = ["patch", "PURGE"].iter().chain(METHODS).filter(|method| mounted.takes(method.as_bytes()));
        return layer.methods(methods.map(|method| Method::from_bytes(method.as_bytes()).expect("a method")));
    }
    layer
}

fn resource(mounted: &Mounted) -> MethodRouter {
    if mounted.methods.contains(&"*") {
        return any(handler);
    }
    let methods = mounted.methods.iter().map(|method| Method::from_bytes(method.as_bytes()).expect("a method"));
    methods.fold(MethodRouter::new(), |routes, method| {
        routes.on(MethodFilter::try_from(method).expect("a method that axum routes"), handler)
    })
}

async fn handler(request: Request) -> Answer {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    answer(Case::read(|name| request.headers().get_all(name).iter().map(text).collect()))
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = StatusCode::from_u16(self.status).expect("a status").into_response();
        for (name, value) in self.headers {
            let (name, value) = (HeaderName::try_from(name), HeaderValue::try_from(value));
            response.headers_mut().append(name.expect("a name"), value.expect("a value"));
        }
        response
    }
}
