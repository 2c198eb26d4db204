//! `Access-Control-Request-Headers`: a preflight is granted whole if the policy allows all names, and is never granted a name
//! that it does not allow.
#![no_main]

use std::sync::LazyLock;

use cors_runtime::{Decision, Policy, Refusal, Served};
use http::header::{self, ACCESS_CONTROL_ALLOW_HEADERS as ALLOW_HEADERS};
use http::{HeaderMap, HeaderValue, Request};
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
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(header::ORIGIN, HeaderValue::from_static(ORIGIN));
    headers.insert(header::ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("PUT"));
    let mut lines = Vec::with_capacity(8);
    for line in input.split(|byte| *byte == b'\n') {
        let Ok(value) = HeaderValue::from_bytes(line) else { continue };
        headers.append(header::ACCESS_CONTROL_REQUEST_HEADERS, value);
        lines.push(line);
    }
    let mut request = Request::new(());
    *request.method_mut() = http::Method::OPTIONS;
    *request.headers_mut() = headers;
    // The oracle: RFC 9110, 5.6.1.
    let elements = lines.iter().flat_map(|line| line.split(|byte| *byte == b','));
    let trimmed = elements.map(|name| {
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
        let start = name.iter().position(|byte| !blank(byte)).unwrap_or(name.len());
        let end = name.iter().rposition(|byte| !blank(byte)).map_or(start, |at| at + 1);
        &name[start..end]
    });
    let names: Vec<&[u8]> = trimmed.filter(|name| !name.is_empty()).collect();
    let is_long = lines.len() > 4 || lines.iter().map(|line| line.len()).sum::<usize>() > 8 * 1024;
    let is = |name: &[u8], other: &str| name.eq_ignore_ascii_case(other.as_bytes());

    let refusal = |policy: &Policy| {
        let decision = Decision::new(&request, |_| Served::Shared(policy));
        assert_eq!(decision.status().map(|status| status.as_u16()), Some(204));
        let mut headers = HeaderMap::with_capacity(8);
        decision.apply(&mut headers);
        (decision.refusal(), headers)
    };
    let other = names.iter().find(|name| !ALLOWED.iter().any(|allowed| is(name, allowed)));
    let (listed, headers) = refusal(&LISTED);
    match (is_long, other) {
        (true, _) => assert_eq!(listed, Some(Refusal::HeaderList)),
        (false, Some(name)) => assert_eq!(listed, Some(Refusal::Header((*name).into()))),
        (false, None) => assert_eq!(listed, None),
    }
    assert_eq!(headers[ALLOW_HEADERS], "content-type, x-a, x-token");

    let authorization = names.iter().any(|name| is(name, "authorization"));
    let (any, headers) = refusal(&ANY);
    assert_eq!(any.is_some(), is_long || authorization);
    assert!(headers.get_all(ALLOW_HEADERS).iter().all(|value| value == "*"));
    // A list that is too long is not read, and is refused whole: the star does not stand for `authorization`.
    assert!(!authorization || is_long || !headers.contains_key(ALLOW_HEADERS));

    let is_token =
        |name: &&[u8]| name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte));
    let (echo, headers) = refusal(&ECHO);
    let echoed = headers.get_all(ALLOW_HEADERS).iter();
    if is_long || !names.iter().all(is_token) {
        assert_eq!((echo, echoed.count()), (Some(Refusal::HeaderList), 0));
    } else {
        assert_eq!(echo, None);
        assert!(echoed.map(HeaderValue::as_bytes).eq(lines.iter().copied()));
    }
});
