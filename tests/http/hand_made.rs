//! Routes and handlers that are written by hand, around annotated ones.

use cors_runtime::cross_origin;
use cors_tests::{APP, EVIL, call, granted, serve, shared};
use rocket::http::Method;
use rocket::route::{Handler, Outcome};
use rocket::{Data, Request, Route, get, routes};

#[cross_origin(origins = any)]
#[get("/v")]
fn new() -> &'static str {
    "new"
}

#[get("/v")]
fn old() -> &'static str {
    "old, for nobody else"
}

#[cross_origin(origins = ["https://admin.example.com"])]
#[get("/v")]
fn admin() -> &'static str {
    "admin"
}

/// Chooses a handler by a header.
#[derive(Clone)]
struct Versions {
    old: Box<dyn Handler>,
    new: Box<dyn Handler>,
}

#[rocket::async_trait]
impl Handler for Versions {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        let handler = if request.headers().contains("X-New") { &self.new } else { &self.old };
        handler.handle(request, data).await
    }
}

fn handler(mut routes: Vec<Route>) -> Box<dyn Handler> {
    routes.remove(0).handler
}

/// A dispatcher clones what it holds, and does not get the policy of one for all that it serves.
#[test]
fn a_policy_is_that_of_the_routes_own_handler() {
    for (first, second) in [(routes![old], routes![new]), (routes![new], routes![old]), (routes![admin], routes![new])]
    {
        let versions = Versions { old: handler(first), new: handler(second) };
        let server = serve(vec![Route::new(Method::Get, "/v", versions)]);
        assert!(!shared(&server, "GET", "/v", EVIL));
        assert!(!granted(&server, "GET", "/v", EVIL));
    }
    let server = serve(routes![new]);
    assert!(shared(&server, "GET", "/v", EVIL), "the handler alone");
}

#[rocket::async_trait]
impl Handler for Text {
    async fn handle<'r>(&self, request: &'r Request<'_>, _: Data<'r>) -> Outcome<'r> {
        Outcome::from(request, self.0)
    }
}

#[derive(Clone)]
struct Text(&'static str);

#[cross_origin(origins = ["https://app.example.com"])]
struct Pages;

/// Rocket's attributes refuse a trailing parameter in the middle. `Route::new` takes it, and compares no more after it.
#[test]
fn a_trailing_parameter_in_the_middle_ends_the_comparison() {
    let route = |rank, uri, text| Route::ranked(rank, Method::Delete, uri, Text(text));
    let unshared = vec![route(1, "/<_..>/b", "unshared")];
    let shared = Pages.cover(vec![route(2, "/<_>/<_>/<_>", "shared"), route(2, "/<_>/<_>", "shared")]);
    let server = serve([unshared, shared].concat());
    for path in ["/x/y", "/x/b", "/b/b", "/x/y/z", "/x", "/"] {
        let text = call(&server, "DELETE", path, APP).text().into_owned();
        assert_eq!(granted(&server, "DELETE", path, APP), text == "shared", "{path}: {text}");
    }
    let server = serve(Pages.cover(vec![route(1, "/a/<_..>/b", "shared")]));
    for (path, shared) in [("/a/x/y", true), ("/a/x/b", true), ("/a/b", false), ("/a/x/y/z", false), ("/b/x/y", false)]
    {
        assert_eq!(call(&server, "DELETE", path, APP).text() == "shared", shared, "{path}");
        assert_eq!(granted(&server, "DELETE", path, APP), shared, "{path}");
    }
}
