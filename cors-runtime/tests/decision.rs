//! The decision on the types of the `http` crate: without a server, and without allocation.
//!
//! Without Rocket as well: `cargo test -p cors-runtime --no-default-features`.

use cors_runtime::{Decision, Declared, Element, Enforce, MaxAge, OriginHeader, Policy, Refusal, RequestHeaders};
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};

const APP: &[u8] = b"https://app.example.com";
const EVIL: &[u8] = b"https://evil.example.net";

fn policy(declared: &Declared<'_>) -> Policy {
    Policy::new(declared, Enforce::Writes).expect("a fine policy")
}

fn texts<'a>(texts: &[&'a str]) -> Vec<Element<'a>> {
    texts.iter().map(|text| if *text == "any" { Element::Any } else { Element::Text(text) }).collect()
}

fn full() -> Policy {
    policy(&Declared {
        origins: Some(texts(&["https://app.example.com", "https://other.example.com", "https://*.example.org"])),
        credentials: true,
        allow_headers: texts(&["Content-Type", "x-token"]),
        expose_headers: texts(&["X-Total"]),
        max_age: Some(MaxAge::Seconds(600)),
        ..Declared::default()
    })
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

/// The status, the refusal and the response headers, sorted.
fn decide(policy: &Policy, method: &Method, request: &[(&str, &[u8])]) -> (Option<u16>, Option<String>, Vec<String>) {
    let request = headers(request);
    let methods = [Method::GET, Method::PUT];
    let decision = Decision::new(policy, &methods, method, &request);
    let mut response =
        headers(&[("vary", b"Accept-Encoding"), ("access-control-allow-origin", b"https://own.example")]);
    decision.apply(&mut response);
    let mut lines: Vec<_> =
        response.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    lines.sort();
    (decision.status().as_ref().map(StatusCode::as_u16), decision.refusal().map(|refusal| refusal.to_string()), lines)
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
    let (status, refusal, lines) = decide(&full(), &Method::GET, &[("origin", APP)]);
    assert_eq!((status, refusal, &lines[..]), (None, None, &shared.map(String::from)[..]));

    for (method, status) in [(Method::GET, None), (Method::HEAD, None), (Method::PUT, Some(403))] {
        let (found, refusal, lines) = decide(&full(), &method, &[("origin", EVIL)]);
        assert_eq!((found, &lines[..]), (status, &silent.map(String::from)[..]), "{method}");
        assert_eq!(refusal.as_deref(), Some("the policy does not allow the origin `https://evil.example.net`"));
    }
    let (status, refusal, lines) = decide(&full(), &Method::PUT, &[]);
    assert_eq!((status, refusal, &lines[..]), (None, None, &silent.map(String::from)[..]));

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

    for (method, origin) in
        [(&b"PUT"[..], EVIL), (b"put", APP), (b"DELETE", APP), (b"PUT", b"null"), (b"PUT", b"https://example.org")]
    {
        let (status, refusal, lines) = ask(method, origin, b"");
        assert_eq!((status, refusal.is_some(), lines.len()), (Some(403), true, 2));
    }
    // No method, or no origin: no preflight.
    assert_eq!(decide(&full(), &Method::OPTIONS, &[("origin", APP)]).0, None);
    assert_eq!(decide(&full(), &Method::OPTIONS, &[("access-control-request-method", b"PUT")]).0, None);
}

#[test]
fn what_is_returned_is_the_policys_own() {
    let policy = full();
    let request = APP.to_vec();
    let answer = policy.actual(OriginHeader::One(&request));
    assert!(!std::ptr::eq(answer.allow_origin.unwrap(), request.as_slice()), "the bytes are those of the request");
}

/// How often the closure allocates.
fn allocations<T>(decide: impl FnOnce() -> T) -> u64 {
    allocation_counter::measure(|| drop(decide())).count_total
}

#[test]
fn deciding_allocates_nothing() {
    assert_eq!(allocations(|| vec![1]), 1, "the counter counts");
    let any =
        policy(&Declared { origins: Some(texts(&["any"])), allow_headers: texts(&["any"]), ..Declared::default() });
    let echo = policy(&Declared {
        origins: Some(texts(&["https://app.example.com"])),
        credentials: true,
        allow_headers: texts(&["any"]),
        allow: vec!["wildcard_allow_headers_with_credentials"],
        ..Declared::default()
    });
    let many = b"x-a,".repeat(100_000);
    let long = [b"https://", &b"a.".repeat(100_000)[..], b"example.org"].concat();
    let commas = vec![b','; 100_000];
    let origins: [&[u8]; 8] =
        [APP, EVIL, b"https://a.b.example.org", b"null", b"", b"\xff\xfe", &long, b"https://app.example.com:443"];
    let names: [&[u8]; 8] =
        [b"", b"x-token", b"x-other, x-token", &many, &commas, b"\xff", b"authorization", b" , \t,"];
    for policy in [full(), any, echo] {
        for origin in origins {
            let one = OriginHeader::One(origin);
            assert_eq!(allocations(|| policy.actual(one)), 0);
            for names in names {
                assert_eq!(allocations(|| policy.preflight(one, || [names, names].into_iter())), 0);
            }
        }
        assert_eq!(allocations(|| policy.actual(OriginHeader::Several)), 0);
        assert_eq!(allocations(|| policy.actual(OriginHeader::Absent)), 0);
    }
}

/// No panic on any bytes, and a grant only to bytes that are listed.
#[test]
fn no_bytes_make_it_panic() {
    let policy = policy(&Declared { origins: Some(texts(&["https://app.example.com"])), ..Declared::default() });
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for _ in 0..200_000 {
        let mut origin = APP.to_vec();
        for _ in 0..random() % 3 {
            let at = usize::try_from(random()).unwrap_or(0) % (origin.len() + 1);
            let byte = random().to_le_bytes()[0];
            match random() % 3 {
                0 => origin.insert(at, byte),
                1 if at < origin.len() => origin[at] = byte,
                _ => origin.truncate(at),
            }
        }
        let answer = policy.preflight(OriginHeader::One(&origin), || [origin.as_slice()].into_iter());
        assert_eq!(answer.is_ok(), origin == APP, "{}", origin.escape_ascii());
        if let Ok(answer) = answer {
            assert_eq!(answer.allow_headers, RequestHeaders::None);
            assert!(matches!(answer.refusal, Some(Refusal::Header(_))));
        }
    }
}
