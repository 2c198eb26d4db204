//! What a log line says about a request: printable ASCII, the sign for a cut, and not much of it.
#![no_main]

use std::sync::LazyLock;

use cors_runtime::{Decision, OwnOrigins, Policy, Served};
use http::{HeaderName, HeaderValue, Request};
use libfuzzer_sys::fuzz_target;

static POLICY: LazyLock<Policy> =
    LazyLock::new(|| Policy::builder().origins(["https://app.example.com"]).leak().expect("a policy"));
static OWN: LazyLock<OwnOrigins> = LazyLock::new(|| OwnOrigins::new(["https://app.example.com"]).expect("an origin"));

const NAMES: [&str; 8] = [
    "origin",
    "host",
    "sec-fetch-site",
    "access-control-request-method",
    "access-control-request-headers",
    "cookie",
    "upgrade",
    "authorization",
];
const METHODS: [&str; 4] = ["GET", "POST", "OPTIONS", "OPTIONS"];

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else { return };
    let mut request = Request::new(());
    *request.method_mut() = METHODS[usize::from(first % 4)].parse().expect("a method");
    for line in rest.split(|byte| *byte == b'\n') {
        let Some((name, value)) = line.split_first() else { continue };
        let Ok(value) = HeaderValue::from_bytes(value) else { continue };
        request.headers_mut().append(HeaderName::from_static(NAMES[usize::from(name % 8)]), value);
    }
    let serves = |_: &str| match first / 4 % 4 {
        0 => Served::NotShared,
        1 => Served::Protected,
        2 => Served::ByNobody,
        _ => Served::Shared(&POLICY),
    };
    let decision = if first / 16 % 2 == 0 { Decision::new(&request, serves) } else { OWN.decide(&request, serves) };
    if let Some(refusal) = decision.refusal() {
        let said = refusal.to_string();
        assert!(said.chars().all(|sign| sign == '…' || (' '..='~').contains(&sign)), "{said:?}");
        assert!(said.len() < 700, "{said}");
        assert!(refusal.kind().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
    }
});
