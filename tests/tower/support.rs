//! Requests, and what a test looks at in their responses.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use rocket::tokio::runtime::Runtime;
use tower::{Service, ServiceExt};

pub(crate) const APP: &str = "https://app.example.com";
pub(crate) const PARTNER: &str = "https://partner.example.net";
pub(crate) const EVIL: &str = "https://evil.example.org";

/// What a response says.
pub(crate) struct Said {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Said {
    /// The value of a header, of which there must not be two.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next().map(|value| value.to_str().unwrap());
        assert!(values.next().is_none(), "several {name}: {:?}", self.headers);
        first
    }

    /// The origin that may read the response.
    pub(crate) fn allowed(&self) -> Option<&str> {
        self.header("access-control-allow-origin")
    }

    pub(crate) fn vary(&self) -> String {
        let lines = self.headers.get_all("vary").iter().map(|value| value.to_str().unwrap());
        lines.collect::<Vec<_>>().join(", ")
    }
}

/// A request with these headers, written `name: value`.
pub(crate) fn request(method: &str, path: &str, headers: &[&str]) -> Request<Body> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
    *request.uri_mut() = path.parse().unwrap();
    for header in headers {
        let (name, value) = header.split_once(": ").unwrap();
        request.headers_mut().append(http::HeaderName::try_from(name).unwrap(), value.parse().unwrap());
    }
    request
}

pub(crate) fn preflight(origin: &str, method: &str, path: &str) -> Request<Body> {
    request("OPTIONS", path, &[&format!("origin: {origin}"), &format!("access-control-request-method: {method}")])
}

pub(crate) fn call<S>(service: S, request: Request<Body>) -> Said
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Error: std::fmt::Debug,
{
    let runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let response = service.oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Said { status: head.status, headers: head.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    })
}

/// GET and PUT on `/item`, GET on `/other`.
pub(crate) fn router() -> Router {
    use axum::routing::get;
    Router::new()
        .route("/item", get(|| async { "got" }).put(|| async { "put" }))
        .route("/other", get(|| async { "other" }))
}

/// A handler that answers `ran`, and how often it has run.
pub(crate) fn counted() -> (Arc<AtomicUsize>, impl Fn() -> Ready<&'static str> + Clone + Send + Sync + 'static) {
    let ran = Arc::new(AtomicUsize::new(0));
    let count = ran.clone();
    let handler = move || {
        count.fetch_add(1, Ordering::Relaxed);
        ready("ran")
    };
    (ran, handler)
}
