//! What stands between two layers: services that make new responses, that choose where a request goes, or that hold something
//! until a response is gone.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};
use cors_runtime::tower::ApplicationLayer;
use cors_runtime::{Effect, RefusalEvent, cross_origin};
use http::{Method, Request};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::util::BoxCloneService;
use tower::{Layer, Service, ServiceExt, service_fn};

use crate::support::{APP, EVIL, PARTNER, call, preflight, request};

#[cross_origin(origins = ["https://app.example.com"], credentials)]
struct App;

#[cross_origin(origins = ["https://partner.example.net"])]
struct Partners;

#[cross_origin(none)]
struct Internal;

#[cross_origin(origins = any)]
struct Public;

#[cross_origin(origins = ["https://app.example.com"], enforce)]
struct Enforced;

/// The same response, without the extensions that it had.
async fn remade(response: Response) -> Response {
    let (head, body) = response.into_parts();
    let mut remade = Response::new(body);
    *remade.status_mut() = head.status;
    *remade.headers_mut() = head.headers;
    remade
}

/// The body of another response, without its headers.
async fn bare(response: Response) -> Response {
    Response::new(response.into_body())
}

#[test]
fn a_response_that_is_made_anew_is_not_shared_more() {
    let item = || Router::new().route("/item", get(|| async { "got" }).put(|| async { "put" }));
    let told = [Method::GET, Method::PUT];
    let inside = Router::new()
        .nest_service("/internal", Internal.layer().around(item()))
        .nest_service("/partners", Partners.layer().around(item()))
        .nest_service("/told", Partners.layer().methods_unasked(told.clone()).around(item()));
    for (routes, copies) in [
        (inside.clone(), true),
        (inside.clone().layer(map_response(remade)), true),
        (inside.clone().layer(map_response(remade)).layer(map_response(remade)), true),
        (inside.layer(map_response(bare)), false),
    ] {
        for layer in [App.layer(), App.layer().methods(told.clone())] {
            let around = Router::new().fallback_service(layer.around(routes.clone()));
            let twice = Router::new().fallback_service(App.layer().around(around.clone().layer(map_response(remade))));
            let application = ApplicationLayer::new().protect_all().around(around.clone());
            let application = Router::new().fallback_service(application);
            for service in [around, twice, application] {
                for origin in [APP, PARTNER, EVIL] {
                    let header = format!("origin: {origin}");
                    let is_partner = origin == PARTNER;
                    for (path, names) in
                        [("/internal/item", false), ("/partners/item", is_partner), ("/told/item", is_partner)]
                    {
                        let shared = (names && copies).then_some(origin);
                        for method in ["GET", "PUT"] {
                            let said = call(service.clone(), request(method, path, &[&header]));
                            assert_eq!(said.allowed(), shared, "{method} {path} of {origin}");
                            let runs = method == "GET" || names;
                            assert_eq!(["got", "put"].contains(&&*said.body), runs, "{method} {path} of {origin}");
                            let asked = call(service.clone(), preflight(origin, method, path));
                            assert_eq!(asked.allowed(), shared, "preflight for {method} {path} of {origin}");
                        }
                    }
                }
            }
        }
    }
}

/// Another response, which wants to be shared with everybody.
async fn opened(response: Response) -> Response {
    let mut opened = bare(response).await;
    opened.headers_mut().insert("access-control-allow-origin", http::HeaderValue::from_static("*"));
    opened.headers_mut().insert("access-control-allow-methods", http::HeaderValue::from_static("PUT"));
    opened
}

#[test]
fn a_response_that_is_made_anew_opens_nothing_itself() {
    let item = Router::new().route("/item", get(|| async { "got" }).put(|| async { "put" }));
    for inner in [Internal.layer(), Partners.layer()] {
        let inside = Router::new().fallback_service(inner.around(item.clone())).layer(map_response(opened));
        let service = App.layer().around(inside);
        for origin in [APP, PARTNER, EVIL] {
            let got = call(service.clone(), request("GET", "/item", &[&format!("origin: {origin}")]));
            assert_eq!((&*got.body, got.allowed()), ("got", None), "{origin}");
            let asked = call(service.clone(), preflight(origin, "PUT", "/item"));
            assert_eq!((asked.allowed(), asked.header("access-control-allow-methods")), (None, None), "{origin}");
        }
    }
}

#[test]
fn what_an_outer_layer_would_turn_away_is_in_vary() {
    let routes = Router::new().fallback_service(Public.layer().around(Router::new().route("/item", get(|| async {}))));
    let within = Enforced.layer().layer(routes.clone());
    let said = call(within, request("GET", "/item", &[&format!("origin: {APP}")]));
    assert_eq!((said.allowed(), &*said.vary()), (Some("*"), "Origin, Sec-Fetch-Site"));
    // Where it asks, the layer inside decides about all of them.
    let around = Enforced.layer().around(routes);
    for origin in [APP, EVIL] {
        let said = call(around.clone(), request("GET", "/item", &[&format!("origin: {origin}")]));
        assert_eq!((said.status.as_u16(), said.allowed(), &*said.vary()), (200, Some("*"), ""), "{origin}");
    }
}

type Seen = Arc<Mutex<Vec<Effect>>>;

fn effects() -> (Seen, impl Fn(&RefusalEvent<'_>) + Clone) {
    let seen = Seen::default();
    let pushed = seen.clone();
    (seen, move |event: &RefusalEvent<'_>| pushed.lock().unwrap().push(event.effect))
}

/// A preflight has no cookie, so it comes to another service than the write. That cannot be undone: but nobody is told that
/// the write was turned away.
#[test]
fn a_write_that_goes_astray_is_not_said_to_be_turned_away() {
    let members = Router::new().route("/", post(|| async { "saved" }));
    let visitors = Router::new().route_service("/", Public.layer().around(post(|| async { "seen" })));
    let chooses = service_fn(move |request: Request<Body>| {
        let is_member = request.headers().contains_key("cookie");
        if is_member { members.clone() } else { visitors.clone() }.oneshot(request)
    });
    let (seen, hook) = effects();
    let service = App.layer().on_refusal(hook).around(chooses);
    let evil = format!("origin: {EVIL}");
    let said = call(service.clone(), request("POST", "/", &[&evil, "cookie: session=1"]));
    assert_eq!((&*said.body, said.allowed()), ("saved", None));
    assert_eq!(*seen.lock().unwrap(), [Effect::NotShared]);
    // Another write, of somebody else, comes to the policy.
    assert_eq!(call(service, request("POST", "/", &[&evil])).allowed(), Some("*"));
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[test]
fn a_request_is_reported_once() {
    let (seen, hook) = effects();
    let outside = ApplicationLayer::new().protect_all().on_refusal(hook.clone());
    let routes = Router::new().route("/", post(|| async { "ran" })).layer(App.layer().on_refusal(|_| ()));
    let evil = format!("origin: {EVIL}");
    for (report_only, ran, effect) in [(false, false, Effect::TurnedAway), (true, true, Effect::WouldBeTurnedAway)] {
        let service = outside.clone().report_only(report_only);
        for service in [Router::new().fallback_service(service.around(routes.clone())), routes.clone().layer(service)] {
            let said = call(service, request("POST", "/", &[&evil]));
            assert_eq!(said.body == "ran", ran);
            assert_eq!(std::mem::take(&mut *seen.lock().unwrap()), [effect]);
        }
    }
}

/// A place for a request, which its response holds until its body is gone.
struct Held {
    body: Body,
    _permit: OwnedSemaphorePermit,
}

impl HttpBody for Held {
    type Data = axum::body::Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }
}

/// A service with so many places.
struct Limited {
    inner: Router,
    places: Arc<Semaphore>,
    acquires: Option<Pin<Box<dyn Future<Output = OwnedSemaphorePermit> + Send>>>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Clone for Limited {
    fn clone(&self) -> Self {
        Limited { inner: self.inner.clone(), places: self.places.clone(), acquires: None, permit: None }
    }
}

impl Service<Request<Body>> for Limited {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        if self.permit.is_none() {
            let places = self.places.clone();
            let acquires = self
                .acquires
                .get_or_insert_with(|| Box::pin(async move { places.acquire_owned().await.expect("it is open") }));
            self.permit = Some(ready!(acquires.as_mut().poll(context)));
            self.acquires = None;
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let permit = self.permit.take().expect("called without being ready");
        let answer = self.inner.clone().oneshot(request);
        Box::pin(async move {
            tokio::task::yield_now().await;
            Ok(answer.await?.map(|body| Body::new(Held { body, _permit: permit })))
        })
    }
}

#[test]
fn what_an_answer_holds_is_free_before_the_service_is_asked_again() {
    let routes = Router::new().route_service("/", Internal.layer().around(get(|| async {}).post(|| async {})));
    let limited =
        || Limited { inner: routes.clone(), places: Arc::new(Semaphore::new(1)), acquires: None, permit: None };
    let layered = BoxCloneService::new(App.layer().around(limited()));
    let protected = BoxCloneService::new(ApplicationLayer::new().protect_all().around(limited()));
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        for service in [layered, protected] {
            for _ in 0..2 {
                let answer = service.clone().oneshot(request("POST", "/", &[&format!("origin: {EVIL}")]));
                let response = tokio::time::timeout(Duration::from_secs(10), answer).await.expect("an answer").unwrap();
                assert_eq!(response.status(), 403);
            }
        }
    });
}

/// The same response with more headers of the CORS protocol.
async fn extended(response: Response) -> Response {
    let mut extended = remade(response).await;
    extended.headers_mut().insert("access-control-allow-credentials", http::HeaderValue::from_static("true"));
    extended.headers_mut().insert("access-control-expose-headers", http::HeaderValue::from_static("x-secret"));
    extended
}

/// The same response, which says twice with whom it is shared.
async fn doubled(response: Response) -> Response {
    let mut doubled = remade(response).await;
    let name = http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
    if let Some(value) = doubled.headers().get(&name).cloned() {
        doubled.headers_mut().append(name, value);
    }
    doubled
}

#[test]
fn a_response_that_is_made_anew_says_nothing_twice() {
    let item = Router::new().route("/item", get(|| async { "got" }));
    let inside = Router::new().fallback_service(Partners.layer().around(item)).layer(map_response(doubled));
    let got = call(App.layer().around(inside), request("GET", "/item", &[&format!("origin: {PARTNER}")]));
    assert_eq!((&*got.body, got.allowed()), ("got", None));
}

#[test]
fn a_response_that_is_made_anew_adds_nothing_to_what_is_shared() {
    let item = Router::new().route("/item", get(|| async { "got" }).put(|| async { "put" }));
    let inside = Router::new().fallback_service(Partners.layer().around(item)).layer(map_response(extended));
    let service = App.layer().around(inside);
    let got = call(service.clone(), request("GET", "/item", &[&format!("origin: {PARTNER}")]));
    assert_eq!((&*got.body, got.allowed()), ("got", None));
    assert_eq!(
        (got.header("access-control-allow-credentials"), got.header("access-control-expose-headers")),
        (None, None)
    );
    let asked = call(service, preflight(PARTNER, "PUT", "/item"));
    assert_eq!((asked.allowed(), asked.header("access-control-allow-credentials")), (None, None));
}

#[test]
fn a_preflight_that_each_of_two_layers_refuses_is_recorded_once() {
    let item = || Router::new().route("/item", get(|| async {}).put(|| async {}));
    let (seen, hook) = effects();
    let application = ApplicationLayer::new().on_refusal(hook);
    let within = App.layer().layer(Partners.layer().around(item()));
    let said = call(application.around(within.clone()), preflight(EVIL, "PUT", "/item"));
    assert_eq!((said.status.as_u16(), said.allowed()), (403, None));
    assert_eq!(*seen.lock().unwrap(), [Effect::PreflightRefused]);
    // The outer one alone.
    let said = call(application.around(within), preflight(PARTNER, "PUT", "/item"));
    assert_eq!((said.status.as_u16(), said.allowed()), (403, None));
    assert_eq!(*seen.lock().unwrap(), [Effect::PreflightRefused; 2]);
}

/// A service that is kept, as that of `tower::buffer` is, must not keep the permit of a request that did not come to it.
#[test]
fn a_request_that_is_answered_here_keeps_no_permit() {
    use tower::limit::ConcurrencyLimit;
    let runtime = rocket::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let limited = || ConcurrencyLimit::new(Router::new().route("/item", get(|| async {}).put(|| async {})), 1);
        let put = || request("PUT", "/item", &[&format!("origin: {EVIL}")]);
        macro_rules! check {
            ($layered:expr, $request:expr) => {{
                let mut kept = $layered;
                let other = kept.clone();
                let first: Request<Body> = $request;
                let _ = ServiceExt::<Request<Body>>::ready(&mut kept).await.unwrap().call(first).await.unwrap();
                let next = other.oneshot(request("GET", "/item", &[]));
                assert!(rocket::tokio::time::timeout(Duration::from_secs(2), next).await.is_ok());
            }};
        }
        check!(App.layer().layer(limited()), put());
        check!(App.layer().methods_unasked([Method::PUT]).around(limited()), preflight(APP, "PUT", "/item"));
        check!(ApplicationLayer::new().protect_all().layer(limited()), put());
    });
}
