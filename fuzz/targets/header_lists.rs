//! `Access-Control-Request-Headers`: a preflight is granted whole if the policy allows all names, and is never granted a name
//! that it does not allow.
#![no_main]

use std::sync::LazyLock;

use cors_runtime::{Decision, Policy, Refusal, Served};
use http::{HeaderValue, Request};
use libfuzzer_sys::fuzz_target;

const ORIGIN: &str = "https://app.example.com";
const ALLOWED: [&str; 3] = ["content-type", "x-a", "x-token"];

static LISTED: LazyLock<Policy> =
    LazyLock::new(|| Policy::builder().origins([ORIGIN]).allow_headers(ALLOWED).leak().expect("a policy"));
static ANY: LazyLock<Policy> =
    LazyLock::new(|| Policy::builder().origins([ORIGIN]).allow_any_header().leak().expect("a policy"));
static ECHO: LazyLock<Policy> = LazyLock::new(|| {
    let any = Policy::builder().origins([ORIGIN]).credentials(true).allow_any_header();
    any.allow(["wildcard-allow-headers-with-credentials"]).leak().expect("a policy")
});

fuzz_target!(|input: &[u8]| {
    let lines: Vec<HeaderValue> =
        input.split(|byte| *byte == b'\n').filter_map(|line| HeaderValue::from_bytes(line).ok()).collect();
    let mut request = Request::new(());
    *request.method_mut() = http::Method::OPTIONS;
    request.headers_mut().insert("origin", HeaderValue::from_static(ORIGIN));
    request.headers_mut().insert("access-control-request-method", HeaderValue::from_static("PUT"));
    for line in &lines {
        request.headers_mut().append("access-control-request-headers", line.clone());
    }
    // The oracle: RFC 9110, 5.6.1.
    let elements = lines.iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let trimmed = elements.map(|name| {
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
        let start = name.iter().position(|byte| !blank(byte)).unwrap_or(name.len());
        let end = name.iter().rposition(|byte| !blank(byte)).map_or(start, |at| at + 1);
        &name[start..end]
    });
    let names: Vec<&[u8]> = trimmed.filter(|name| !name.is_empty()).collect();
    let is_long = lines.len() > 4 || lines.iter().map(HeaderValue::len).sum::<usize>() > 8 * 1024;
    let is = |name: &[u8], other: &str| name.eq_ignore_ascii_case(other.as_bytes());

    let refusal = |policy: &Policy| {
        let decision = Decision::new(&request, |_| Served::Shared(policy));
        assert_eq!(decision.status().map(|status| status.as_u16()), Some(204));
        let mut headers = http::HeaderMap::new();
        decision.apply(&mut headers);
        (decision.refusal().map(Refusal::into_owned), headers)
    };
    let other = names.iter().find(|name| !ALLOWED.iter().any(|allowed| is(name, allowed)));
    let (listed, headers) = refusal(&LISTED);
    match (is_long, other) {
        (true, _) => assert_eq!(listed, Some(Refusal::HeaderList)),
        (false, Some(name)) => assert_eq!(listed, Some(Refusal::Header(name.to_vec().into()))),
        (false, None) => assert_eq!(listed, None),
    }
    assert_eq!(headers["access-control-allow-headers"], "content-type, x-a, x-token");

    let authorization = names.iter().any(|name| is(name, "authorization"));
    let (any, headers) = refusal(&ANY);
    assert_eq!(any.is_some(), is_long || authorization);
    assert!(headers.get_all("access-control-allow-headers").iter().all(|value| value == "*"));
    assert!(!authorization || !headers.contains_key("access-control-allow-headers"));

    let is_token = |name: &&[u8]| {
        name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
    };
    let (echo, headers) = refusal(&ECHO);
    let echoed: Vec<_> = headers.get_all("access-control-allow-headers").iter().collect();
    if is_long || !names.iter().all(is_token) {
        assert_eq!((echo, echoed.len()), (Some(Refusal::HeaderList), 0));
    } else {
        assert_eq!((echo, echoed), (None, lines.iter().collect()));
    }
});
