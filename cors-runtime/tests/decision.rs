//! The decision on the types of the `http` crate, without a server.
//!
//! Without Rocket as well: `cargo test -p cors-runtime --no-default-features`.

use std::time::Duration;

use cors_runtime::{Decision, Effect, Enforce, OwnOrigins, Policy, Served};
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, StatusCode};

const APP: &[u8] = b"https://app.example.com";
const EVIL: &[u8] = b"https://evil.example.net";

fn full() -> Policy {
    let origins = ["https://app.example.com", "https://other.example.com", "https://*.example.org"];
    let policy = Policy::builder().origins(origins).credentials(true).allow_headers(["Content-Type", "x-token"]);
    policy.expose_headers(["X-Total"]).max_age(Duration::from_secs(600)).leak().expect("a valid policy")
}

fn headers(lines: &[(&str, &[u8])]) -> HeaderMap {
    let line = |(name, value): &(&str, &[u8])| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_bytes(value).unwrap())
    };
    let mut headers = HeaderMap::new();
    for (name, value) in lines.iter().map(line) {
        headers.append(name, value);
    }
    headers
}

fn request(method: &Method, lines: &[(&str, &[u8])]) -> Request<()> {
    let mut request = Request::builder().method(method).uri("/items").body(()).unwrap();
    *request.headers_mut() = headers(lines);
    request
}

/// What the decision makes of a response that has headers already, sorted.
fn applied(decision: &Decision<'_>) -> Vec<String> {
    let mut response =
        headers(&[("vary", b"Accept-Encoding"), ("access-control-allow-origin", b"https://own.example")]);
    decision.apply(&mut response);
    let mut lines: Vec<_> =
        response.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    lines.sort();
    lines
}

/// The status, the refusal and the response headers, where one policy serves GET and PUT.
fn decide(policy: &Policy, method: &Method, lines: &[(&str, &[u8])]) -> (Option<u16>, Option<String>, Vec<String>) {
    let request = request(method, lines);
    let served = |method: &str| match method {
        "GET" | "PUT" => Served::Shared(policy),
        "OPTIONS" | "PATCH" => Served::NotShared,
        _ => Served::ByNobody,
    };
    let decision = Decision::new(&request, served);
    let status = decision.status().as_ref().map(StatusCode::as_u16);
    (status, decision.refusal().map(|refusal| refusal.to_string()), applied(&decision))
}

#[test]
fn actual_requests() {
    let shared = [
        "access-control-allow-credentials: true",
        "access-control-allow-origin: https://app.example.com",
        "access-control-expose-headers: x-total",
        "vary: Accept-Encoding",
        "vary: Origin",
    ];
    let silent = ["vary: Accept-Encoding", "vary: Origin"];
    let enforced = ["vary: Accept-Encoding", "vary: Origin, Sec-Fetch-Site"];
    let (status, refusal, lines) = decide(&full(), &Method::GET, &[("origin", APP)]);
    assert_eq!((status, refusal, &lines[..]), (None, None, &shared.map(String::from)[..]));

    for (method, status, vary) in
        [(Method::GET, None, silent), (Method::HEAD, None, silent), (Method::PUT, Some(403), enforced)]
    {
        let (found, refusal, lines) = decide(&full(), &method, &[("origin", EVIL)]);
        assert_eq!((found, &lines[..]), (status, &vary.map(String::from)[..]), "{method}");
        assert_eq!(refusal.as_deref(), Some("the policy does not allow the origin `https://evil.example.net`"));
    }
    let (status, refusal, lines) = decide(&full(), &Method::PUT, &[]);
    assert_eq!((status, refusal, &lines[..]), (None, None, &enforced.map(String::from)[..]));

    let (status, ..) = decide(&full(), &Method::PUT, &[("origin", b"https://own.example"), ("host", b"own.example")]);
    assert_eq!(status, None, "a page of the server itself");
    let (status, refusal, _) = decide(&full(), &Method::PUT, &[("origin", APP), ("origin", EVIL)]);
    assert_eq!((status, refusal.as_deref()), (Some(403), Some("the request has several `Origin` headers")));
}

#[test]
fn preflights() {
    let ask = |method: &[u8], origin, names| {
        let (asked, listed) = ("access-control-request-method", "access-control-request-headers");
        decide(&full(), &Method::OPTIONS, &[("origin", origin), (asked, method), (listed, names)])
    };
    let (status, refusal, lines) = ask(b"PUT", APP, b"x-token");
    let granted = [
        "access-control-allow-credentials: true",
        "access-control-allow-headers: content-type, x-token",
        "access-control-allow-methods: PUT",
        "access-control-allow-origin: https://app.example.com",
        "access-control-max-age: 600",
        "vary: Accept-Encoding",
        "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    ];
    assert_eq!((status, refusal, &lines[..]), (Some(204), None, &granted.map(String::from)[..]));
    assert_eq!(ask(b"HEAD", APP, b"").0, Some(204), "GET brings HEAD");

    let (status, refusal, lines) = ask(b"PUT", APP, b"x-token,x-other");
    assert_eq!((status, lines.len()), (Some(204), 7), "the browser names the header");
    assert_eq!(refusal.as_deref(), Some("the policy does not allow the request header `x-other`"));

    // What no policy serves is handed on to the server's own OPTIONS handler, and granted nothing.
    for (method, origin, status) in [
        (&b"PUT"[..], EVIL, Some(403)),
        (b"PUT", b"null", Some(403)),
        (b"PUT", b"https://example.org", Some(403)),
        (b"put", APP, None),
        (b"DELETE", APP, None),
    ] {
        let (found, refusal, lines) = ask(method, origin, b"");
        assert_eq!((found, refusal.is_some(), lines.len()), (status, true, 2));
    }
    // No method, or no origin: no preflight.
    assert_eq!(decide(&full(), &Method::OPTIONS, &[("origin", APP)]).0, None);
    assert_eq!(decide(&full(), &Method::OPTIONS, &[("access-control-request-method", b"PUT")]).0, None);
}

/// A method that nobody serves is granted nothing, whatever the origin, and a handler without a policy is left alone.
#[test]
fn what_no_policy_serves_is_not_shared() {
    for origin in [APP, EVIL] {
        let (status, refusal, lines) = decide(&full(), &Method::DELETE, &[("origin", origin)]);
        assert_eq!(
            (status, refusal, lines),
            (None, None, ["vary: Accept-Encoding", "vary: Origin"].map(String::from).to_vec())
        );
        let untouched = ["access-control-allow-origin: https://own.example", "vary: Accept-Encoding"];
        assert_eq!(decide(&full(), &Method::PATCH, &[("origin", origin)]).2, untouched);
    }
    let asked = [("origin", APP), ("access-control-request-method", &b"PATCH"[..])];
    let (status, refusal, _) = decide(&full(), &Method::OPTIONS, &asked);
    assert_eq!((status, refusal.as_deref()), (None, Some("the handler of the method `PATCH` is not shared")));
}

/// Two methods of one address may have different policies: a preflight is answered by that of the announced method.
#[test]
fn each_method_has_its_policy() {
    let other = Policy::builder().origins(["https://other.example.com"]).leak().expect("a valid policy");
    let policy = full();
    let served = |method: &str| Served::Shared(if method == "GET" { &policy } else { &other });
    for (method, origin, status) in
        [("GET", APP, 204), ("HEAD", APP, 403), ("PUT", APP, 403), ("PUT", b"https://other.example.com", 204)]
    {
        let asked = [("origin", origin), ("access-control-request-method", method.as_bytes())];
        let request = request(&Method::OPTIONS, &asked);
        let decision = Decision::new(&request, served);
        assert_eq!(decision.status().map(|status| status.as_u16()), Some(status), "{method}");
        assert!(decision.is_preflight());
    }
}

/// A layer decides, hands the request on, and applies the decision to what comes back.
#[test]
fn a_decision_outlives_its_request() {
    let policy = full();
    let decide = |origin: &[u8]| {
        let request = request(&Method::PUT, &[("origin", origin)]);
        Decision::new(&request, |_| Served::Shared(&policy)).into_owned()
    };
    let (granted, refused) = (decide(APP), decide(EVIL));
    assert!(!granted.is_preflight() && granted.refusal().is_none() && granted.effect().is_none());
    assert!(applied(&granted).contains(&"access-control-allow-origin: https://app.example.com".to_owned()));
    assert_eq!((refused.status(), refused.effect()), (Some(StatusCode::FORBIDDEN), Some(Effect::TurnedAway)));
    assert_eq!(refused.refusal().map(|refusal| refusal.kind()), Some("origin"));
}

/// An enforced request is turned away even if a page of another origin sends it without `Origin`, or with cookies that
/// the policy does not want.
#[test]
fn what_browsers_send_without_asking_is_enforced() {
    let build = |credentials, enforce| {
        let policy = Policy::builder().origins(["https://app.example.com"]).credentials(credentials).enforce(enforce);
        policy.leak().expect("a valid policy")
    };
    let status = |policy: &Policy, method: &Method, lines: &[(&str, &[u8])]| {
        let (status, refusal, _) = decide(policy, method, lines);
        assert_eq!(status.is_some(), refusal.is_some(), "{refusal:?}");
        status
    };
    let (writes, all, user) = (build(false, Enforce::Writes), build(false, Enforce::All), build(true, Enforce::Writes));
    let cross: (&str, &[u8]) = ("sec-fetch-site", b"cross-site");
    let cookie: (&str, &[u8]) = ("cookie", b"session=1");
    // An image, a link: a read runs, unless reads are enforced.
    assert_eq!(status(&writes, &Method::GET, &[cross, cookie]), None);
    assert_eq!(status(&all, &Method::GET, &[cross, cookie]), Some(403));
    assert_eq!(status(&all, &Method::GET, &[("sec-fetch-site", b"same-site")]), Some(403));
    assert_eq!(status(&all, &Method::GET, &[("sec-fetch-site", b"none"), cookie]), None);
    assert_eq!(status(&all, &Method::GET, &[cookie]), None, "a program that is not a browser");
    assert_eq!(status(&writes, &Method::PUT, &[cross]), Some(403));
    // A form of a named origin, as the user.
    assert_eq!(status(&writes, &Method::PUT, &[("origin", APP), cross]), None);
    assert_eq!(status(&writes, &Method::PUT, &[("origin", APP), cross, cookie]), Some(403));
    assert_eq!(status(&writes, &Method::PUT, &[("origin", APP), cross, ("authorization", b"Basic YTpi")]), Some(403));
    assert_eq!(status(&user, &Method::PUT, &[("origin", APP), cross, cookie]), None);
    // A handshake.
    let upgrade: (&str, &[u8]) = ("upgrade", b"websocket");
    assert_eq!(status(&user, &Method::GET, &[("origin", EVIL), upgrade, cookie]), Some(403));
    assert_eq!(status(&user, &Method::GET, &[("origin", APP), upgrade, cookie]), None);
    let kinds = |lines: &[(&str, &[u8])]| {
        let request = request(&Method::PUT, lines);
        Decision::new(&request, |_| Served::Shared(&writes)).refusal().map(|refusal| refusal.kind())
    };
    assert_eq!(kinds(&[cross]), Some("cross_site"));
    assert_eq!(kinds(&[("origin", APP), cookie]), Some("credentials"));
}

/// Own origins decide whose page it is, and which `Host` may be asked for; and handlers without a policy may be protected.
#[test]
fn an_application_that_knows_its_own_origins() {
    // As a configuration has them.
    let own = OwnOrigins::new(vec!["https://own.example.com".to_owned()]).and_then(|own| own.hosts(["app.internal"]));
    let own = own.expect("valid");
    let policy = Policy::builder().origins(["https://app.example.com"]).leak().expect("a valid policy");
    let kind = |method: &Method, served: Served<'_>, lines: &[(&str, &[u8])]| {
        let request = request(method, lines);
        let decision = own.decide(&request, |_| served);
        assert_eq!(decision.status().is_some(), decision.effect() == Some(Effect::TurnedAway));
        decision.refusal().map(|refusal| refusal.kind()).filter(|_| decision.status().is_some())
    };
    let host: (&str, &[u8]) = ("host", b"own.example.com:8443");
    let rebound: (&str, &[u8]) = ("host", b"rebound.example.net");
    let page: (&str, &[u8]) = ("origin", b"https://own.example.com");
    for served in [Served::Shared(&policy), Served::Protected, Served::NotShared, Served::ByNobody] {
        assert_eq!(kind(&Method::GET, served, &[rebound]), Some("host"), "{served:?}");
        assert_eq!(kind(&Method::GET, served, &[host, rebound]), Some("host"), "{served:?}");
        assert_eq!(kind(&Method::GET, served, &[host]), None, "{served:?}");
        assert_eq!(kind(&Method::POST, served, &[("host", b"127.0.0.1"), page]), None, "{served:?}");
        assert_eq!(kind(&Method::POST, served, &[("host", b"app.internal"), page]), None, "{served:?}");
    }
    let other: (&str, &[u8]) = ("origin", b"http://own.example.com");
    let same: (&str, &[u8]) = ("sec-fetch-site", b"same-origin");
    assert_eq!(kind(&Method::POST, Served::Shared(&policy), &[host, other, same]), Some("origin"));
    assert_eq!(kind(&Method::POST, Served::Protected, &[host, other, same]), Some("unshared"));
    assert_eq!(kind(&Method::POST, Served::Protected, &[host, other, other]), Some("several_origins"));
    assert_eq!(kind(&Method::POST, Served::Protected, &[host, ("sec-fetch-site", b"same-site")]), Some("cross_site"));
    assert_eq!(kind(&Method::POST, Served::Protected, &[host, same]), None);
    assert_eq!(kind(&Method::GET, Served::Protected, &[host, other]), None);
    assert_eq!(kind(&Method::GET, Served::Protected, &[host, other, ("upgrade", b"websocket")]), Some("unshared"));
    assert_eq!(kind(&Method::POST, Served::NotShared, &[host, other]), None);
    // A target with an authority and a `Host` that differ.
    let request = Request::get("http://own.example.com/").header("host", "app.internal").body(()).expect("a request");
    let decision = own.decide(&request, |_| Served::NotShared);
    assert_eq!(decision.status(), Some(StatusCode::FORBIDDEN));
    let reason = decision.refusal().map(|refusal| refusal.to_string()).unwrap_or_default();
    assert!(reason.starts_with("`Host` is `app.internal, ...`, which is not a name"), "{reason}");
    let request = Request::get("http://rebound.example.net/").body(()).expect("a request");
    assert_eq!(own.decide(&request, |_| Served::NotShared).status(), Some(StatusCode::FORBIDDEN));
}

#[test]
fn a_request_by_another_name_is_turned_away() {
    let own = OwnOrigins::new(["https://own.example"]).unwrap();
    let request = Request::get("/").header("host", "rebound.example").body(()).unwrap();
    let decision = own.decide(&request, |_| Served::NotShared);
    let mut headers = HeaderMap::new();
    decision.apply(&mut headers);
    // By this `Vary` tools tell it from a refusal of something else.
    assert_eq!(
        (decision.status().map(|status| status.as_u16()), &headers["vary"]),
        (Some(403), &HeaderValue::from_static("Origin, Sec-Fetch-Site"))
    );
}

/// A preflight that asks for a name which is not the application's stays one.
#[test]
fn what_asks_for_another_host_is_turned_away() {
    let own = OwnOrigins::new(["https://own.example"]).expect("an origin");
    let decide = |method, lines: &[(&str, &[u8])]| {
        let request = request(method, lines);
        let decision = own.decide(&request, |_| Served::NotShared);
        (decision.is_preflight(), decision.status())
    };
    let asked: &[(&str, &[u8])] =
        &[("host", b"evil.example"), ("origin", APP), ("access-control-request-method", b"GET")];
    assert_eq!(decide(&Method::OPTIONS, asked), (true, Some(StatusCode::FORBIDDEN)));
    assert_eq!(decide(&Method::GET, &asked[..2]), (false, Some(StatusCode::FORBIDDEN)));
    assert_eq!(decide(&Method::GET, &[("host", b"own.example"), ("origin", APP)]), (false, None));
}

#[test]
fn a_preflight_that_announces_no_method_is_told_so() {
    for methods in [&["", ""][..], &[""], &["PUT", "GET"]] {
        let mut request = Request::options("/").header("origin", APP);
        for method in methods {
            request = request.header("access-control-request-method", *method);
        }
        let request = request.body(()).expect("a request");
        let decision = Decision::new(&request, |_| Served::ByNobody);
        let reason = decision.refusal().map(|refusal| refusal.to_string());
        assert_eq!(reason.as_deref(), Some("`Access-Control-Request-Method` is empty, or there are several"));
    }
}
