//! What a preflight is answered.

use cors_runtime::cross_origin;
use cors_tests::{APP, Call, EVIL, Reply, Server, cors_headers, granted, preflight, serve};
use rocket::{delete, get, options, post, put, routes};

#[cross_origin(
    origins = ["https://app.example.com"], credentials,
    allow_headers = ["Content-Type", "x-token"], expose_headers = ["x-total"], max_age = 600
)]
#[put("/full")]
fn full() {}

#[cross_origin(origins = any, allow_headers = any)]
#[put("/any")]
fn any() {}

#[cross_origin(origins = any, allow_headers = [any, "authorization"])]
#[put("/any/authorization")]
fn any_and_authorization() {}

#[cross_origin(
    origins = ["https://app.example.com"], credentials,
    allow_headers = any, allow(wildcard_allow_headers_with_credentials)
)]
#[put("/echo")]
fn echo() {}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/get")]
fn read() {}

#[cross_origin(origins = ["https://app.example.com"])]
#[post("/post")]
fn write() {}

fn ask(server: &Server, path: &str, origin: &str, names: &[&str]) -> Reply {
    let call = Call::new("OPTIONS", path).header("Origin", origin).header("Access-Control-Request-Method", "PUT");
    names.iter().fold(call, |call, names| call.header("Access-Control-Request-Headers", names)).send(server)
}

#[test]
fn the_policy_is_in_the_answer() {
    let server = serve(routes![full]);
    let reply = ask(&server, "/full", APP, &["content-type,x-token"]);
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    assert_eq!(reply.one("access-control-allow-origin"), Some(APP));
    assert_eq!(reply.one("access-control-allow-credentials"), Some("true"));
    assert_eq!(reply.list("access-control-allow-methods"), ["PUT"]);
    assert_eq!(reply.list("access-control-allow-headers"), ["content-type", "x-token"]);
    assert_eq!(reply.one("access-control-max-age"), Some("600"));
    let vary = ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"];
    assert_eq!((reply.all("vary").len(), reply.list("vary")), (1, vary.map(String::from).to_vec()));
    assert_eq!(cors_headers(&reply).len(), 5, "nothing is exposed on a preflight: {}", reply.head());
}

#[test]
fn another_origin_gets_nothing() {
    let server = serve(routes![full]);
    for origin in [EVIL, "null", "", "https://app.example.com:443"] {
        let reply = ask(&server, "/full", origin, &["content-type"]);
        assert_eq!((reply.status, cors_headers(&reply)), (403, vec![]), "{origin}");
        assert_eq!(reply.list("vary").len(), 3, "{origin}");
    }
}

#[test]
fn a_header_that_is_not_allowed_is_for_the_browser_to_name() {
    let server = serve(routes![full]);
    let reply = ask(&server, "/full", APP, &["x-other"]);
    assert_eq!(
        (reply.status, reply.list("access-control-allow-headers")),
        (204, vec!["content-type".into(), "x-token".into()])
    );
}

#[test]
fn a_star_does_not_cover_authorization() {
    let server = serve(routes![any, any_and_authorization]);
    let names = |path, asked| ask(&server, path, EVIL, &[asked]).list("access-control-allow-headers");
    assert_eq!(names("/any", "x-one,x-two"), ["*"]);
    assert_eq!(names("/any", "Authorization"), [""; 0]);
    assert_eq!(names("/any", "accept, authorization,x-one"), [""; 0]);
    assert_eq!(names("/any/authorization", "authorization"), ["*", "authorization"]);
}

#[test]
fn with_credentials_any_means_the_names_themselves() {
    let server = serve(routes![echo]);
    let names = |asked: &[&str]| ask(&server, "/echo", APP, asked).list("access-control-allow-headers");
    assert_eq!(names(&["authorization, x-one", "x-two"]), ["authorization", "x-one", "x-two"]);
    assert_eq!(names(&[]), [""; 0]);
    assert_eq!(names(&["x one"]), [""; 0]);
    assert_eq!(names(&["*"]), ["*"]);
    assert_eq!(names(&[&"x-long-name,".repeat(1000)]), [""; 0]);
    assert_eq!(cors_headers(&ask(&server, "/echo", EVIL, &["x-one"])).len(), 0);
}

/// Fetch sends a preflight for a safelisted method when an upload has a listener, or its body is a stream.
#[test]
fn safelisted_methods_are_preflighted_too() {
    let server = serve(routes![read, write]);
    assert!(granted(&server, "GET", "/get", APP));
    assert!(granted(&server, "HEAD", "/get", APP));
    assert!(granted(&server, "POST", "/post", APP));
    // The browser would let these pass whatever the list of methods says, so they get nothing.
    assert!(!granted(&server, "POST", "/get", APP));
    assert!(!granted(&server, "GET", "/post", APP));
    assert!(!granted(&server, "HEAD", "/post", APP));
}

#[test]
fn methods_are_compared_byte_by_byte() {
    let server = serve(routes![full]);
    for method in ["put", "Put", "PUT,", "PUT, DELETE", "PU", "*", "", "PURGE"] {
        assert!(!granted(&server, method, "/full", APP), "{method}");
    }
}

#[options("/full")]
fn own_options() -> &'static str {
    "own"
}

#[options("/<_..>", rank = 20)]
fn all_options() -> &'static str {
    "all"
}

#[delete("/full")]
fn unannotated() {}

#[test]
fn the_applications_own_options_routes_keep_working() {
    let server = serve(routes![full, own_options, all_options, unannotated]);
    let options = Call::new("OPTIONS", "/full");
    let method = |method: &str| options.clone().header("Origin", APP).header("Access-Control-Request-Method", method);
    assert_eq!(options.send(&server).text(), "own");
    assert_eq!(options.clone().header("Origin", APP).send(&server).text(), "own", "no method, no preflight");
    let without_origin = options.clone().header("Access-Control-Request-Method", "PUT");
    assert_eq!(without_origin.send(&server).text(), "own", "no origin, no preflight");
    assert_eq!(method("PUT").send(&server).status, 204);
    assert_eq!(method("DELETE").send(&server).text(), "own", "not shared");
    assert_eq!(method("PATCH").send(&server).text(), "own", "no such route");
    assert_eq!(preflight(&server, "PUT", "/elsewhere", APP).text(), "all");
}

#[cross_origin(origins = ["https://app.example.com"], allow(policy_on_options_route))]
#[options("/shared-options")]
fn shared_options() -> &'static str {
    "shared"
}

#[test]
fn an_options_route_can_be_shared_itself() {
    let server = serve(routes![shared_options]);
    assert!(granted(&server, "OPTIONS", "/shared-options", APP));
    let reply = Call::new("OPTIONS", "/shared-options").header("Origin", APP).send(&server);
    assert_eq!((reply.one("access-control-allow-origin"), &*reply.text()), (Some(APP), "shared"));
}

#[delete("/shared-options")]
fn not_shared() {}

/// Without `Access-Control-Allow-Methods` a browser may take the method that it asked for to be allowed (Fetch,
/// CORS-preflight fetch, step 7.4): the policy of an OPTIONS handler is not the answer to a preflight for another route.
#[test]
fn a_preflight_that_reaches_a_shared_options_route_gets_nothing() {
    let server = serve(routes![shared_options, not_shared]);
    for method in ["DELETE", "PATCH", "patch", ""] {
        let reply = preflight(&server, method, "/shared-options", APP);
        assert_eq!((&*reply.text(), cors_headers(&reply)), ("shared", vec![]), "{method}");
    }
}

/// Debug builds say why, and release builds do not.
#[test]
fn debug_builds_say_the_reason() {
    let server = serve(routes![full, unannotated]);
    let malformed = ask(&server, "/full", "https://evil.example.net\"", &[]);
    let told = [
        (&malformed, "`https://evil.example.net''` is not an origin that a browser would send"),
        (&ask(&server, "/full", EVIL, &[]), "the policy does not allow the origin `https://evil.example.net`"),
        (&ask(&server, "/full", APP, &["x-other"]), "the policy does not allow the request header `x-other`"),
        (&preflight(&server, "DELETE", "/full", APP), "the handler of the method `DELETE` is not shared"),
        (&preflight(&server, "GET", "/nowhere", APP), "no handler here serves the method `GET`"),
    ];
    for (reply, reason) in told {
        let expected = format!("cors;desc=\"{reason}\"");
        let timing = reply.one("server-timing").map(str::to_owned);
        assert_eq!(timing, cfg!(debug_assertions).then_some(expected), "{}", reply.head());
        if reply.status == 403 && cfg!(debug_assertions) {
            assert!(reply.text().starts_with('`') || reply.text() == reason, "{}", reply.text());
        }
    }
    assert_eq!(malformed.body.is_empty(), !cfg!(debug_assertions));
}

#[cross_origin(origins = ["https://app.example.com"], max_age = 0)]
#[put("/age/zero")]
fn zero() {}

#[cross_origin(origins = ["https://app.example.com"])]
#[put("/age/unset")]
fn unset() {}

#[test]
fn zero_seconds_are_said_and_nothing_is_not() {
    let server = serve(routes![zero, unset]);
    assert_eq!(preflight(&server, "PUT", "/age/zero", APP).one("access-control-max-age"), Some("0"));
    assert_eq!(preflight(&server, "PUT", "/age/unset", APP).all("access-control-max-age").len(), 0);
    let actual = Call::new("PUT", "/age/zero").header("Origin", APP).send(&server);
    assert_eq!((actual.status, actual.all("access-control-max-age").len()), (200, 0));
}

#[cross_origin(origins = ["https://app.example.com"], credentials)]
#[put("/private-network")]
fn private_network() {}

#[test]
fn private_network_access_is_not_answered() {
    let server = serve(routes![private_network]);
    for (origin, status) in [(APP, 204), (EVIL, 403)] {
        let call = Call::new("OPTIONS", "/private-network").header("Origin", origin);
        let call = call.header("Access-Control-Request-Method", "PUT");
        let reply = call.header("Access-Control-Request-Private-Network", "true").send(&server);
        assert_eq!(reply.status, status, "{origin}");
        assert_eq!(reply.all("access-control-allow-private-network").len(), 0, "{origin}");
    }
}
