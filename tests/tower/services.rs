//! Services other than axum's routers: what tower asks of those who call a service, and what this library asks of services.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response as AxumResponse};
use axum::routing::get;
use cors_runtime::tower::ApplicationLayer;
use cors_runtime::{Origin, cross_origin};
use cors_tests::Call;
use http::{Method, Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Collected, Full};
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use rocket::tokio;
use tower::{BoxError, Service, ServiceBuilder, ServiceExt, service_fn};

use crate::support::{APP, EVIL, PARTNER, call, preflight, request};

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["authorization"])]
struct App;

#[cross_origin(origins = ["https://partner.example.net"])]
struct Partners;

async fn is_partner(origin: &Origin<'_>, _: &http::request::Parts) -> bool {
    tokio::task::yield_now().await;
    origin.as_str() == PARTNER
}

#[cross_origin(origins = ["https://app.example.com", check(is_partner)])]
struct Checked;

type Boxed = BoxBody<Bytes, hyper::Error>;

#[test]
fn a_service_of_hyper() {
    async fn hello(request: Request<Boxed>) -> Result<Response<Boxed>, Infallible> {
        let body = request.into_body().collect().await.map(Collected::to_bytes).unwrap_or_default();
        let body = Full::new([b"hello ", &*body].concat().into());
        Ok(Response::new(body.map_err(|never| match never {}).boxed()))
    }

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    // A handler that answers each method the same cannot tell which methods it has.
    let layer = App.layer().methods([Method::GET, Method::PUT]);
    // hyper's own type of a body has no default.
    let boxed = |request: Request<Incoming>| request.map(BodyExt::boxed);
    let service = ServiceBuilder::new().map_request(boxed).layer(layer).service_fn(hello);
    runtime.spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(async move {
                auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await
            });
        }
    });

    for (origin, status, body) in [(APP, 200, "hello world"), (EVIL, 403, "")] {
        let put = Call::new("PUT", "/").header("Origin", origin).body("world").send_to(address);
        assert_eq!((put.status, &*put.text()), (status, body));
        assert_eq!(put.one("access-control-allow-origin"), (origin == APP).then_some(origin));
        for (method, granted) in [("PUT", origin == APP), ("HEAD", origin == APP), ("DELETE", false)] {
            let preflight = Call::new("OPTIONS", "/").header("Origin", origin);
            let preflight = preflight.header("Access-Control-Request-Method", method).send_to(address);
            assert_eq!(preflight.one("access-control-allow-methods"), granted.then_some(method), "{origin}");
        }
    }
}

#[test]
fn a_layer_inside_that_wants_to_know_the_user() {
    async fn known(request: axum::extract::Request, next: Next) -> AxumResponse {
        if request.headers().contains_key("authorization") {
            next.run(request).await
        } else {
            StatusCode::UNAUTHORIZED.into_response()
        }
    }

    let routes = Router::new().route("/", get(|| async { "secret" }));
    let told = ServiceBuilder::new().layer(App.layer().methods([Method::GET])).layer(from_fn(known));
    let untold = ServiceBuilder::new().layer(App.layer()).layer(from_fn(known)).service(routes.clone());
    let told = told.service(routes.clone());
    // Where axum adds `Allow`, its answer has it too.
    let inside = App.layer().around(routes.layer(from_fn(known)));
    let ask = |authorized| {
        let headers = [format!("origin: {APP}"), "authorization: Bearer t".to_owned()];
        let headers: Vec<_> = headers.iter().map(String::as_str).take(if authorized { 2 } else { 1 }).collect();
        request("GET", "/", &headers)
    };
    // Preflights never have it.
    let names = "access-control-request-headers: authorization";
    let asked = || request("OPTIONS", "/", &[&format!("origin: {APP}"), "access-control-request-method: GET", names]);
    for granted in [call(told.clone(), asked()), call(inside, asked())] {
        assert_eq!((granted.status, granted.allowed()), (StatusCode::NO_CONTENT, Some(APP)));
        assert_eq!(granted.header("access-control-allow-headers"), Some("authorization"));
    }
    let refused = call(untold, asked());
    assert_eq!((refused.status, refused.allowed()), (StatusCode::UNAUTHORIZED, None));
    let reason = refused.header("server-timing").unwrap_or_default();
    assert!(!cfg!(debug_assertions) || reason.contains("CrossOriginLayer::methods"), "{reason}");

    let read = call(told.clone(), ask(true));
    assert_eq!((&*read.body, read.allowed()), ("secret", Some(APP)));
    // The page can read that it is not known.
    let unknown = call(told, ask(false));
    assert_eq!((unknown.status, unknown.allowed()), (StatusCode::UNAUTHORIZED, Some(APP)));
}

/// A service that panics if it is called without having been ready, as the contract of `poll_ready` allows it to. It
/// answers with the method and the body.
#[derive(Default)]
struct Strict {
    is_ready: bool,
    /// Whether it is ready at the first time, rather than at the second one.
    at_once: bool,
    polled: Arc<AtomicUsize>,
    called: Arc<AtomicUsize>,
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        Strict { is_ready: false, at_once: self.at_once, polled: self.polled.clone(), called: self.called.clone() }
    }
}

impl Service<Request<Body>> for Strict {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        if self.polled.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) && !self.at_once {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        assert!(std::mem::take(&mut self.is_ready), "called without being ready");
        self.called.fetch_add(1, Ordering::Relaxed);
        let (head, body) = request.into_parts();
        let status = if head.method == Method::OPTIONS { 405 } else { 200 };
        ready(Ok(Response::builder().status(status).header("allow", "GET, POST").body(body).unwrap()))
    }
}

/// A write with a body.
fn write(origin: &str) -> Request<Body> {
    let mut write = request("POST", "/", &[&format!("origin: {origin}")]);
    *write.body_mut() = Body::from("the body");
    write
}

#[test]
fn the_service_that_is_ready_is_the_one_that_is_called() {
    let strict = Strict::default();
    let called = strict.called.clone();
    let inside = Partners.layer().around(strict);
    let application = ApplicationLayer::new().protect_all();
    let service = application.around(App.layer().around(Checked.layer().around(App.layer().around(inside))));
    // What is sent, what is answered, and how often the service is called: once more for each layer that wants to turn the
    // write away.
    for (sent, status, body, calls) in [
        (request("GET", "/", &[]), 200, "", 1),
        (request("GET", "/", &[&format!("origin: {EVIL}")]), 200, "", 1),
        (preflight(PARTNER, "POST", "/"), 204, "", 1),
        (preflight(EVIL, "POST", "/"), 403, "", 1),
        (preflight(PARTNER, "PUT", "/"), 405, "", 1),
        (write(PARTNER), 200, "the body", 4),
        (write("http://me"), 403, "", 5),
    ] {
        let before = called.load(Ordering::Relaxed);
        let shown = format!("{sent:?}");
        let said = call(service.clone(), sent);
        assert_eq!((said.status.as_u16(), &*said.body), (status, body), "{shown}");
        assert_eq!(called.load(Ordering::Relaxed) - before, calls, "{shown}");
    }
}

/// One service, called one time after the other, each of which has to be ready again.
async fn one_after_the_other<S>(mut service: S)
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Error: std::fmt::Debug,
{
    for _ in 0..3 {
        for (origin, status) in [(PARTNER, 200), (EVIL, 403), (APP, 403)] {
            let response = service.ready().await.unwrap().call(write(origin)).await.unwrap();
            assert_eq!(response.status(), status, "{origin}");
        }
        let response = service.ready().await.unwrap().call(preflight(PARTNER, "POST", "/")).await.unwrap();
        assert_eq!(response.status(), 204);
    }
}

#[test]
fn services_that_hold_something_while_they_are_ready() {
    macro_rules! layers {
        ($service:expr) => {
            App.layer().around(Checked.layer().around(Partners.layer().around($service)))
        };
    }
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        one_after_the_other(layers!(Strict::default())).await;
        // With place for one request, a layer that kept its place while it asks would wait for ever.
        let limited = tower::limit::ConcurrencyLimit::new(Strict::default(), 1);
        one_after_the_other(layers!(limited)).await;
        let limited = tower::limit::ConcurrencyLimit::new(Strict { at_once: true, ..Strict::default() }, 1);
        one_after_the_other(layers!(tower::load_shed::LoadShed::new(limited))).await;
        one_after_the_other(layers!(ServiceBuilder::new().buffer(1).service(Strict::default()))).await;
        one_after_the_other(ServiceBuilder::new().buffer(1).service(layers!(Strict::default()))).await;
    });
}

#[test]
fn many_requests_share_a_limit() {
    let limited = ServiceBuilder::new().layer(tower::limit::ConcurrencyLimitLayer::new(2)).service(service_fn(
        |request: Request<Body>| async move {
            tokio::task::yield_now().await;
            let status = if request.method() == Method::OPTIONS { 405 } else { 200 };
            Ok::<_, Infallible>(Response::builder().status(status).header("allow", "POST").body(Body::empty()).unwrap())
        },
    ));
    let service = App.layer().around(Partners.layer().around(limited));
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let requests = (0..200).map(|number| {
            let (origin, status) = if number % 2 == 0 { (PARTNER, 200) } else { (EVIL, 403) };
            let answer = service.clone().oneshot(write(origin));
            tokio::spawn(async move { assert_eq!(answer.await.unwrap().status(), status) })
        });
        for request in requests.collect::<Vec<_>>() {
            request.await.unwrap();
        }
    });
}

#[test]
fn errors_of_the_service_are_passed_on() {
    let broken = service_fn(|request: Request<Body>| async move {
        if request.headers().contains_key("x-works") {
            Ok(Response::new(Body::empty()))
        } else {
            Err::<Response<Body>, BoxError>("broken".into())
        }
    });
    let service = ApplicationLayer::new().protect_all().around(Checked.layer().around(Partners.layer().around(broken)));
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        // The last one is that of the preflight which a layer sends.
        for sent in [request("GET", "/", &[]), preflight(PARTNER, "POST", "/"), write(PARTNER), write(EVIL)] {
            let shown = format!("{sent:?}");
            let error = service.clone().oneshot(sent).await.unwrap_err();
            assert_eq!(error.to_string(), "broken", "{shown}");
        }
        let works = request("GET", "/", &["x-works: 1"]);
        assert_eq!(service.oneshot(works).await.unwrap().status(), 200);
    });
}

#[test]
fn a_service_that_is_never_ready_again_gives_its_error() {
    /// Ready as often as the number says.
    #[derive(Clone)]
    struct Times(Arc<AtomicUsize>);

    impl Service<Request<Body>> for Times {
        type Response = Response<Body>;
        type Error = &'static str;
        type Future = Ready<Result<Response<Body>, &'static str>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
            let left = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
            Poll::Ready(left.map(drop).map_err(|_| "closed"))
        }

        fn call(&mut self, _: Request<Body>) -> Self::Future {
            ready(Ok(Response::builder().header("allow", "POST").body(Body::empty()).unwrap()))
        }
    }

    tokio::runtime::Runtime::new().unwrap().block_on(async {
        // Once for the preflight that the outer layer sends, and once for the write.
        for (times, expected) in [(0, Err("closed")), (1, Err("closed")), (2, Ok(200))] {
            let service = App.layer().around(Partners.layer().around(Times(Arc::new(AtomicUsize::new(times)))));
            let answer = service.oneshot(write(PARTNER)).await;
            assert_eq!(answer.map(|response| response.status().as_u16()), expected, "{times}");
        }
    });
}

#[test]
fn what_a_layer_asks_has_the_extensions_of_the_request() {
    #[derive(Clone)]
    struct Tenant;

    // As a service that finds out by an extension which routes there are.
    let routes = service_fn(|request: Request<Body>| async move {
        let status = if request.extensions().get::<Tenant>().is_some() { 200 } else { 404 };
        Ok::<_, Infallible>(Response::builder().status(status).header("allow", "POST").body(Body::empty()).unwrap())
    });
    let application = ApplicationLayer::new().protect_all();
    let service = application.around(App.layer().around(Partners.layer().around(routes)));
    let mut sent = write(PARTNER);
    sent.extensions_mut().insert(Tenant);
    assert_eq!(call(service.clone(), sent).status, StatusCode::OK);
    assert_eq!(call(service, write(PARTNER)).status, StatusCode::FORBIDDEN);
}
