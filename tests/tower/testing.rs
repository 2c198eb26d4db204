//! `tower::testing`: what a page gets in the test of an application of axum.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::routing::{get, post, put};
use cors_runtime::tower::testing::{Call, Page};
use cors_runtime::tower::{ApplicationLayer, CrossOriginLayer};
use cors_runtime::{Origin, OwnOrigins, cross_origin};
use http::request::Parts;
use http::{HeaderMap, Request, Response};
use rocket::futures::FutureExt;
use tower::ServiceBuilder;

use crate::support::{APP, EVIL, PARTNER, counted};

#[cross_origin(origins = ["https://app.example.com"], credentials, expose_headers = ["x-seen"])]
struct App;

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
struct Json;

#[cross_origin(none)]
struct Nobody;

async fn is_tenant(origin: &Origin<'_>, _: &Parts) -> bool {
    origin.is_subdomain_of("tenants.example.com")
}

#[cross_origin(origins = [check(is_tenant)])]
struct Tenants;

/// Everything that a handler sees of the page.
async fn seen(headers: HeaderMap, request: Request<Body>) -> ([(&'static str, String); 2], &'static str) {
    let names = ["origin", "host", "sec-fetch-site", "sec-fetch-mode", "content-type", "accept", "cookie"];
    let line = |name| headers.get(name).map_or("-", |value| value.to_str().unwrap());
    let head = names.map(line).join(" ");
    ([("x-seen", format!("{head} {}", request.uri())), ("x-hidden", "1".to_owned())], "seen")
}

fn routes() -> Router {
    Router::new()
        .route("/seen", post(seen).get(seen))
        .route("/json", put(|body: String| async { body }))
        .route("/fails", post(|| async { http::StatusCode::INTERNAL_SERVER_ERROR }))
}

fn page(origin: &str) -> Page<Body> {
    Page::at(origin)
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(to_bytes(response.into_body(), 1000).await.unwrap().to_vec()).unwrap()
}

#[rocket::async_test]
async fn a_handler_sees_what_a_browser_sends() {
    let mut service = App.layer().around(routes());
    let call = page(APP).post("/seen?q").body("text").cookie("a=b").cookie("far=1; SameSite=Lax");
    let response = call.clone().credentials().send(&mut service).await.shared();
    let head = |site, server: &str, cookies| {
        format!("{APP} {server} {site} cors text/plain;charset=UTF-8 */* {cookies} /seen?q")
    };
    assert_eq!(response.header("X-Seen"), Some(&*head("cross-site", "localhost:8000", "a=b")));
    assert_eq!((response.status(), response.was_preflighted()), (200, false));
    assert_eq!((response.header("x-hidden"), response.header("content-type").is_some()), (None, true));
    let whole = response.into_inner();
    assert!(whole.headers().contains_key("x-hidden"));
    assert_eq!(text(whole).await, "seen");

    let response = call.send(&mut service).await.shared();
    assert_eq!(response.header("x-seen"), Some(&*head("cross-site", "localhost:8000", "-")));
    // The page's own server gets the cookies, and the page can read all headers.
    let own = page(APP).calling(APP).post("/seen?q").body("text").cookie("a=b; SameSite=Strict");
    let own = own.send(&mut service).await.shared();
    assert_eq!(own.header("x-seen"), Some(&*head("same-origin", "app.example.com", "a=b")));
    assert_eq!(own.header("x-hidden"), Some("1"));
    // Browsers leave `Origin` out of what the server's own pages read.
    let own = page(APP).calling(APP).get("/seen").send(&mut service).await.shared();
    assert!(own.header("x-seen").is_some_and(|seen| seen.starts_with("- app.example.com same-origin ")));
    // A plain connection, over which browsers do not say where the page is from.
    let plain = page("http://nas.lan").calling("http://nas.lan").post("/seen").send(&mut service).await.shared();
    assert!(plain.header("x-seen").is_some_and(|seen| seen.contains("http://nas.lan nas.lan - - ")));
}

#[rocket::async_test]
async fn a_refusal_says_why() {
    let mut service = App.layer().around(routes());
    let refused = page(EVIL).get("/seen").send(&mut service).await.refused();
    assert!(refused.handler_ran() && !refused.at_preflight());
    assert_eq!(
        refused.to_string(),
        "the page gets a network error, after the request (status 200): the answer has no `Access-Control-Allow-Origin`; the \
         application says: the policy does not allow the origin `https://evil.example.org`; the request was passed to the \
         service; help: add `\"https://evil.example.org\"` to `origins`, if this page should be allowed; see \
         https://fetch.spec.whatwg.org/#concept-cors-check"
    );
    // A layer turns it away, and the service does not get it.
    let refused = page(EVIL).post("/seen").send(&mut service).await.refused();
    assert_eq!((refused.handler_ran(), refused.status(), refused.at_preflight()), (false, 403, false));
    assert_eq!(refused.refusal(), Some("the policy does not allow the origin `https://evil.example.org`"));
    let refused = page(EVIL).put("/json").send(&mut service).await.refused();
    assert_eq!((refused.handler_ran(), refused.at_preflight(), refused.status()), (false, true, 403));
    // Nothing is served there.
    let refused = page(APP).delete("/json").send(&mut service).await.refused();
    assert_eq!((refused.refusal(), refused.help()), (Some("no handler here serves the method `DELETE`"), None));
    assert!(!refused.handler_ran());

    let mut service = Json.layer().around(routes());
    let put = page(APP).put("/json").body("1");
    let response = put.header("content-type", "application/json").send(&mut service).await.shared();
    assert!(response.was_preflighted());
    assert_eq!(text(response.into_inner()).await, "1");
    let refused = page(APP).put("/json").header("x-token", "1").send(&mut service).await.refused();
    assert_eq!(refused.reason(), "`Access-Control-Allow-Headers` does not name `x-token`");
    assert_eq!(refused.refusal(), Some("the policy does not allow the request header `x-token`"));
    let refused = page(APP).get("/seen").credentials().send(&mut service).await.refused();
    assert_eq!((refused.handler_ran(), refused.help(), refused.refusal()), (true, Some("add `credentials`"), None));

    let refused = page(EVIL).post("/seen").send(&mut Nobody.layer().around(routes())).await.refused();
    assert!(refused.help().is_some_and(|help| help.contains("instead of `none`")), "{refused}");
    let response = page(APP).post("/fails").send(&mut service).await.shared();
    assert_eq!(response.status(), 500);
}

#[rocket::async_test]
async fn a_service_without_a_layer_is_not_shared() {
    let mut service = routes();
    let refused = page(APP).post("/seen").send(&mut service).await.refused();
    assert_eq!((refused.handler_ran(), refused.refusal()), (true, None));
    let help = "put the layer of a policy around the service, if pages of other origins should call it";
    assert_eq!(refused.help(), Some(help));
    let refused = page(APP).put("/json").send(&mut service).await.refused();
    assert_eq!((refused.at_preflight(), refused.status(), refused.help()), (true, 405, Some(help)));
    // Where the layer is inside of the router, axum has not yet told the methods.
    let refused = page(APP).put("/json").send(&mut routes().layer(App.layer())).await.refused();
    assert!(refused.refusal().is_some_and(|said| said.contains("`CrossOriginLayer::methods`")), "{refused}");
    assert_eq!(refused.help(), None);
    // What the service grants itself has other causes.
    let open = post(|| async { ([("access-control-allow-origin", "*")], "open") });
    let refused = page(APP).post("/").credentials().send(&mut Router::new().route("/", open)).await.refused();
    assert!(refused.help().is_some_and(|help| help.contains("name the origins")), "{refused}");
}

#[rocket::async_test]
async fn a_request_that_is_turned_away_does_not_run_the_handler() {
    let (ran, handler) = counted();
    let routes = || Router::new().route("/", post(handler.clone()).get(handler.clone()));
    let inside = || Router::new().nest_service("/app", App.layer().around(routes())).merge(routes());
    let own = || OwnOrigins::new(["https://own.example.com"]).unwrap();
    let protected = ApplicationLayer::new().protect_all().own_origins(own());
    let reported = || protected.clone().report_only(true).around(inside());
    let protected = || protected.clone().around(inside());
    let calls = [
        (page(EVIL).post("/"), false, true),
        (page(EVIL).post("/app"), false, true),
        (page(PARTNER).post("/app"), false, true),
        (page(APP).post("/app"), true, true),
        (page(EVIL).form("/", "a=b"), false, true),
        (page(EVIL).form("/app", "a=b"), false, true),
        (page(EVIL).get("/"), true, true),
        (page("https://own.example.com").calling("https://own.example.com").post("/"), true, true),
        // A name that has been made to point at the application.
        (page("https://rebound.example.net").calling("https://rebound.example.net").post("/"), false, true),
    ];
    for (call, runs, runs_reported) in calls {
        for (mut service, runs) in [(protected(), runs), (reported(), runs_reported)] {
            let before = ran.load(Ordering::Relaxed);
            let said = match call.send(&mut service).await {
                cors_runtime::tower::testing::Outcome::Shared(response) => response.status() == 200,
                cors_runtime::tower::testing::Outcome::Refused(refused) => refused.handler_ran(),
            };
            let has_run = ran.load(Ordering::Relaxed) > before;
            assert_eq!((said, has_run), (runs, runs), "{call:?}");
        }
    }
    let refused = page(EVIL).post("/").send(&mut protected()).await.refused();
    assert!(refused.refusal().is_some_and(|said| said.starts_with("no policy is known for the handler")), "{refused}");
}

#[rocket::async_test]
async fn checks_and_lists_are_asked() {
    let mut service = Tenants.layer().around(routes());
    let tenant = page("https://a.tenants.example.com");
    assert!(tenant.put("/json").send(&mut service).await.is_shared());
    let refused = page(EVIL).put("/json").send(&mut service).await.refused();
    assert!(refused.at_preflight());
    assert_eq!(refused.refusal(), Some("the policy's checks do not allow the origin `https://evil.example.org`"));
    assert!(page("null").get("/seen").send(&mut service).await.refused().handler_ran());
}

#[rocket::async_test]
async fn forms_need_no_preflight() {
    let mut service = App.layer().around(routes());
    let refused = page(EVIL).form("/seen", "a=b").send(&mut service).await.refused();
    assert_eq!((refused.handler_ran(), refused.status(), refused.at_preflight()), (false, 403, false));
    // A form takes no part in CORS: even a page that the policy names does not read what it loads.
    let refused = page(APP).form("/seen", "a=b").send(&mut service).await.refused();
    assert!(refused.handler_ran() && refused.reason().contains("a form"));
    assert!(page(APP).calling(APP).form("/seen", "a=b").send(&mut service).await.is_shared());
}

/// A service that takes one type of bodies tells it, and is asked when it is ready.
#[rocket::async_test]
async fn any_service_can_be_called() {
    let echo = tower::service_fn(|request: Request<Vec<u8>>| async {
        Ok::<_, Infallible>(Response::new(request.into_body()))
    });
    let layer = App.layer().methods([http::Method::PUT]);
    let mut service = ServiceBuilder::new().concurrency_limit(1).layer(layer).service(echo);
    let response = Page::at(APP).put("/x").body("text").send(&mut service).await.shared();
    assert_eq!(response.into_inner().into_body(), b"text");
    // A clone is as good, and other methods than those of upper case are sent as they are.
    let layer = CrossOriginLayer::new(*App.layer().policy()).methods([http::Method::from_bytes(b"patch").unwrap()]);
    let service = layer.around(echo);
    assert!(Page::at(APP).call("patch", "/").send(&mut service.clone()).await.is_shared());
    assert!(!Page::at(APP).call("PATCH", "/").send(&mut service.clone()).await.is_shared());

    let failing = tower::service_fn(|_: Request<Vec<u8>>| async { Err::<Response<()>, _>("it broke") });
    let call: Call<Vec<u8>> = Page::at(APP).get("/");
    assert!(panics(call.send(&mut App.layer().around(failing))).await.contains("the service fails: \"it broke\""));
}

#[rocket::async_test]
async fn what_no_browser_does_is_a_mistake_of_the_test() {
    let mut service = App.layer().around(routes());
    assert!(panics(async { page("https://app.example.com/") }).await.contains("is not an origin"));
    assert!(panics(async { page(APP).calling("app://.") }).await.contains("is not an origin of a server"));
    assert!(panics(async { page(APP).get("/").header("Origin", EVIL) }).await.contains("scripts cannot set"));
    assert!(panics(page(APP).get("/seen").body("1").send(&mut service)).await.contains("TypeError"));
    assert!(panics(page(APP).call("TRACE", "/seen").send(&mut service)).await.contains("TypeError"));
    assert!(panics(page(APP).get("seen").send(&mut service)).await.contains("is not a path"));
    assert!(panics(page(APP).get("/a b").send(&mut service)).await.contains("`/a b`"));
    assert!(
        panics(async { page(EVIL).get("/seen").send(&mut service).await.shared() }).await.contains("network error")
    );
    assert!(panics(async { page(APP).get("/seen").send(&mut service).await.refused() }).await.contains("status 200"));
}

/// The message of a panic.
async fn panics<T>(act: impl Future<Output = T>) -> String {
    let Err(panic) = AssertUnwindSafe(act).catch_unwind().await else { panic!("no panic") };
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default()
}

#[rocket::async_test]
async fn a_layer_on_a_method_router() {
    let methods = get(|| async { "got" }).put(|| async { "put" });
    let mut service = App.layer().around(methods);
    assert!(page(APP).put("/").send(&mut service).await.is_shared());
    assert!(!page(EVIL).put("/").send(&mut service).await.is_shared());
}
