//! What the page reads in the journal, by calls without a browser.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use tower::ServiceExt as _;

use crate::addresses::Addresses;
use crate::with_journal;

const NAMED: &str = "http://localhost:8001";

/// A request with these headers, written `name: value`, and its answer as text.
async fn ask(router: &Router, request: &str) -> String {
    let (head, body) = request.split_once("\n\n").unwrap_or((request, ""));
    let (first, headers) = head.split_once('\n').unwrap_or((head, ""));
    let (method, path) = first.split_once(' ').expect("a method and a path");
    let mut builder = Request::builder().method(method).uri(path);
    for (name, value) in headers.lines().filter_map(|line| line.split_once(": ")) {
        builder = builder.header(name, value);
    }
    let request = builder.body(Body::from(body.to_owned())).expect("a request");
    let answer = router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    format!("{status} {}", String::from_utf8_lossy(&body))
}

#[tokio::test]
async fn what_is_asked_and_answered_is_noted() {
    let router = with_journal(&Addresses::new(1, 2, 3));
    let preflight = format!(
        "OPTIONS /items/7?call=n\norigin: {NAMED}\naccess-control-request-method: DELETE\ncookie: visitor=secret"
    );
    assert_eq!(ask(&router, &preflight).await, "204 ");
    let noted = ask(&router, "GET /calls/n").await;
    for text in [
        "\"OPTIONS /items/7?call=n HTTP/1.1\"",
        "\"cookie: visitor=…\"",
        "\"cookie\":true",
        "\"HTTP/1.1 204 No Content\"",
        &format!("\"access-control-allow-origin: {NAMED}\""),
        "\"access-control-allow-methods: DELETE\"",
        "\"route\":\"/items/{id}\"",
        "\"runs\":0",
    ] {
        assert!(noted.contains(text), "no {text} in {noted}");
    }
    assert!(!noted.contains("secret"), "{noted}");
}

#[tokio::test]
async fn whether_the_handler_ran_and_why_not() {
    let router = with_journal(&Addresses::new(1, 2, 3));
    let stranger = "origin: http://localhost:8002";
    for (request, status, runs, why) in [
        ("GET /users/7?call=a\norigin: http://localhost:8001".to_owned(), "200", 1, "null"),
        (format!("GET /export?call=b\n{stranger}"), "403", 0, "\"the policy does not allow the origin"),
        (format!("POST /internal?call=c\n{stranger}"), "403", 0, "\""),
        ("POST /users?call=d\ncontent-type: application/json\n\n{}".to_owned(), "422", 0, "null"),
        ("GET /bug?call=e".to_owned(), "500", 1, "null"),
        ("GET /account?call=f".to_owned(), "401", 0, "null"),
    ] {
        let answer = ask(&router, &request).await;
        assert!(answer.starts_with(status), "{request}: {answer}");
        let (_, name) = request.lines().next().and_then(|line| line.split_once("call=")).expect("a name");
        let noted = ask(&router, &format!("GET /calls/{name}")).await;
        assert!(noted.contains(&format!("\"runs\":{runs}")), "{request}: {noted}");
        assert!(noted.contains(&format!("\"refusal\":{why}")), "{request}: {noted}");
    }
}

#[tokio::test]
async fn the_root_shows_policies_and_pages() {
    let root = ask(&with_journal(&Addresses::new(1, 2, 3)), "GET /").await;
    for text in [
        "href=\"http://localhost:2\"",
        "#[cross_origin(origins = any)]\nstruct Public;\n    .route_service(\"/status\", Public.layer()",
        "{id}",
    ] {
        assert!(root.contains(text), "no {text} in {root}");
    }
    assert!(!root.contains("internal)"), "{root}");
}
