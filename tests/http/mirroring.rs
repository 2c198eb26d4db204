//! A preflight is answered by the policy of the handler that would get the request: there is no policy bleed.

use cors_runtime::cross_origin;
use cors_tests::{APP, Call, Server, call, granted, serve};
use rocket::{FromForm, Route, delete, get, head, put, routes};

#[cross_origin(origins = ["https://app.example.com"])]
#[delete("/items/<_id>")]
fn item(_id: &str) -> &'static str {
    "item"
}

#[delete("/items/special")]
fn special() -> &'static str {
    "special"
}

#[test]
fn an_unannotated_route_that_takes_precedence_is_not_shared() {
    let server = serve(routes![item, special]);
    assert!(granted(&server, "DELETE", "/items/7", APP));
    assert!(!granted(&server, "DELETE", "/items/special", APP));
    assert!(granted(&server, "DELETE", "/items/special2", APP));
    assert!(!granted(&server, "DELETE", "/items/7/more", APP));
    assert!(!granted(&server, "DELETE", "/other", APP));
}

#[cross_origin(origins = ["https://app.example.com"])]
#[put("/items/<_id>")]
fn put_item(_id: &str) {}

/// Browsers remember a method for an address: one that another route serves there must not be named.
#[test]
fn only_the_method_that_was_asked_for_is_granted() {
    let server = serve(routes![item, special, put_item]);
    assert!(granted(&server, "PUT", "/items/special", APP));
    assert!(!granted(&server, "DELETE", "/items/special", APP));
}

#[get("/page")]
fn page() {}

#[cross_origin(origins = ["https://app.example.com"])]
#[head("/page")]
fn head_of_page() {}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/file")]
fn file() {}

#[head("/file")]
fn head_of_file() {}

#[test]
fn head_has_its_own_route_where_there_is_one() {
    let server = serve(routes![page, head_of_page, file, head_of_file]);
    assert!(granted(&server, "HEAD", "/page", APP) && !granted(&server, "GET", "/page", APP));
    assert!(!granted(&server, "HEAD", "/file", APP) && granted(&server, "GET", "/file", APP));
}

/// Routes of every shape, each with another policy, or none: the answers to preflights and to requests have to
/// come from the same one. The policies differ in `max_age`.
macro_rules! shapes {
    ($($name:ident $uri:literal $rank:literal [$($seconds:literal)?])*) => {
        $(shapes!(@ $name $uri $rank $($seconds)?);)*
        fn shapes() -> Vec<Route> {
            routes![$($name),*]
        }
    };
    (@ $name:ident $uri:literal $rank:literal $seconds:literal) => {
        #[cross_origin(origins = ["https://app.example.com"], max_age = $seconds)]
        #[delete($uri, rank = $rank)]
        fn $name() -> &'static str {
            stringify!($seconds)
        }
    };
    (@ $name:ident $uri:literal $rank:literal) => {
        #[delete($uri, rank = $rank)]
        fn $name() -> &'static str {
            "none"
        }
    };
}

shapes! {
    slash "/slash" 1 [1]
    fixed_with_two "/a/b?kind=x&flag" 2 []
    fixed_with_query "/a/b?kind=x" 3 [2]
    root "/" 4 [3]
    fixed "/a/b" 4 [4]
    unshared "/a/secret" 4 []
    encoded "/sp%20ace/x" 4 [5]
    dynamic "/a/<_>" 5 [6]
    first_dynamic "/<_>/b" 6 [7]
    trailing_deep "/a/c/<_..>" 6 [8]
    trailing "/a/<_..>" 7 [12]
    both "/<_>/<_>" 8 [9]
    everything "/<_..>" 9 [10]
}

#[derive(FromForm)]
struct Rest {
    _more: Option<u8>,
}

#[delete("/q?on=1&<_rest..>", rank = 1)]
fn part_query(_rest: Rest) -> &'static str {
    "none"
}

#[cross_origin(origins = ["https://app.example.com"], max_age = 11)]
#[delete("/q?<_rest..>", rank = 2)]
fn dynamic_query(_rest: Rest) -> &'static str {
    "11"
}

#[test]
fn preflights_mirror_the_routing_of_requests() {
    let server = serve([shapes(), routes![part_query, dynamic_query]].concat());
    let segments = ["", "a", "b", "c", "secret", "slash", "sp%20ace", "q", "x", "%61", "a%2Fb"];
    let queries = ["", "?kind=x", "?kind=x&flag", "?flag&kind=x", "?kind=y", "?on=1", "?on=1&more=2", "?", "?kind=%78"];
    let mut seen = std::collections::BTreeSet::new();
    for first in segments {
        for second in segments.into_iter().chain(["b/", "c/d", "b/c/d", "b//c"]) {
            for path in [format!("/{first}"), format!("/{first}/{second}"), format!("//{first}/{second}")] {
                let query = queries[(path.len() + second.len()) % queries.len()];
                for uri in [path.clone(), format!("{path}{query}")] {
                    seen.insert(compare(&server, &uri));
                }
            }
        }
    }
    assert!(seen.len() >= 10, "too few of the routes were reached: {seen:?}");
}

/// Asserts that the route that serves a request answers its preflight, and returns which one it is.
fn compare(server: &Server, uri: &str) -> String {
    let answer = call(server, "DELETE", uri, APP);
    let call = Call::new("OPTIONS", uri).header("Origin", APP).header("Access-Control-Request-Method", "DELETE");
    let preflight = call.send(server);
    let policy = match preflight.status {
        204 => preflight.one("access-control-max-age").unwrap_or_default().to_owned(),
        _ => "none".to_owned(),
    };
    assert_eq!(answer.status, 200, "{uri}");
    assert_eq!(answer.text(), policy, "{uri}: {}", preflight.head());
    policy
}
