//! Errors that no route is responsible for.

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Origin, cross_origin};
use cors_tests::{APP, Call, EVIL, Server, granted, is_shared, shared};
use rocket::{Request, get, routes};

#[cross_origin(origins = ["https://app.example.com"], credentials)]
struct Pages;

#[cross_origin(origins = any)]
struct Everybody;

async fn is_app(origin: &Origin<'_>, _: &Request<'_>) -> bool {
    rocket::tokio::task::yield_now().await;
    origin.as_str() == APP
}

#[cross_origin(origins = [check(is_app)])]
struct Checked;

#[get("/api/unannotated")]
fn unannotated() -> &'static str {
    "unannotated"
}

#[get("/api/number/<_id>")]
fn number(_id: u8) -> &'static str {
    "number"
}

fn server() -> Server {
    let fairing = CrossOrigin::fairing()
        .fallback("/api", Pages)
        .fallback("/api/public", Everybody)
        .fallback("/checked/", Checked);
    Server::launch(rocket::build().attach(fairing).mount("/", routes![unannotated, number])).expect("launches")
}

#[test]
fn a_page_can_read_the_404() {
    let server = server();
    for path in ["/api", "/api/", "/api/nowhere", "/api/nowhere/at/all", "/api/%70ublicx", "/checked/x"] {
        assert_eq!(Call::new("GET", path).send(&server).status, 404, "{path}");
        assert!(shared(&server, "GET", path, APP) && !shared(&server, "GET", path, EVIL), "{path}");
    }
    assert!(shared(&server, "GET", "/api/public/nowhere", EVIL), "the longest base decides");
    let post = Call::new("POST", "/api/unannotated").header("Origin", APP).send(&server);
    assert_eq!((post.status, post.one("access-control-allow-credentials")), (404, Some("true")));
}

#[test]
fn what_is_not_below_the_base_is_not_shared() {
    let server = server();
    for path in ["/", "/apis", "/other/api", "/public"] {
        let reply = Call::new("GET", path).header("Origin", APP).send(&server);
        assert!(!is_shared(&reply, APP), "{path}");
        assert_eq!(reply.list("vary"), ["Origin"], "{path}");
    }
}

#[test]
fn routes_without_a_policy_stay_as_they_are() {
    let server = server();
    assert!(!shared(&server, "GET", "/api/unannotated", APP));
    assert!(!shared(&server, "GET", "/api/number/7", APP));
}

#[test]
fn preflights_for_what_has_no_handler_stay_refused() {
    let server = server();
    for path in ["/api/nowhere", "/api/unannotated", "/api/public/nowhere", "/checked/x"] {
        for method in ["GET", "PUT", "OPTIONS"] {
            assert!(!granted(&server, method, path, APP), "{method} {path}");
        }
    }
}
