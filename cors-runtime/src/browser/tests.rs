//! The steps, including answers that no application with this library gives.

use super::{Page, cors_check, exposed, is_readable, is_safelisted, preflight};
use crate::question::{Answer, Question};

const ORIGIN: &str = "https://rabbit.invalid";

fn answer(headers: &[(&str, &str)]) -> Answer {
    let headers = headers.iter().map(|(name, value)| (format!("Access-Control-{name}"), (*value).into())).collect();
    Answer { status: Some(204), headers, ..Answer::default() }
}

fn page(method: &str, headers: &[&str]) -> Page {
    let mut page =
        Page { origin: ORIGIN.to_owned(), method: method.to_owned(), path: "/".to_owned(), ..Page::default() };
    for header in headers {
        page.add_header(header).expect("a header");
    }
    page
}

fn question(method: &str, headers: &[&str]) -> Question {
    page(method, headers).question().expect("a question")
}

/// The table of <https://fetch.spec.whatwg.org/#cors-protocol-and-credentials>.
#[test]
fn the_examples_of_the_standard() {
    let shared = |include, headers: &[(&str, &str)]| cors_check(&answer(headers), ORIGIN, include).is_ok();
    assert!(shared(false, &[("Allow-Origin", "*")]));
    assert!(shared(false, &[("Allow-Origin", "*"), ("Allow-Credentials", "true")]));
    assert!(!shared(false, &[("Allow-Origin", "https://rabbit.invalid/")]));
    assert!(shared(false, &[("Allow-Origin", ORIGIN)]));
    assert!(!shared(true, &[("Allow-Origin", "*"), ("Allow-Credentials", "true")]));
    assert!(shared(true, &[("Allow-Origin", ORIGIN), ("Allow-Credentials", "true")]));
    assert!(!shared(true, &[("Allow-Origin", ORIGIN), ("Allow-Credentials", "True")]));
    assert!(!shared(true, &[("Allow-Origin", ORIGIN)]));
    assert!(!shared(false, &[("Allow-Origin", ORIGIN), ("Allow-Origin", ORIGIN)]));
    assert!(!shared(false, &[]));
}

#[test]
fn what_a_preflight_lets_pass() {
    let passes = |headers: &[(&str, &str)], question: &Question, include| {
        let all = [&[("Allow-Origin", ORIGIN), ("Allow-Credentials", "true")], headers].concat();
        preflight(&answer(&all), question, include).is_ok()
    };
    assert!(passes(&[], &question("POST", &[]), true));
    assert!(!passes(&[], &question("PUT", &[]), true));
    assert!(passes(&[("Allow-Methods", "GET,PUT")], &question("put", &[]), true));
    assert!(!passes(&[("Allow-Methods", "PATCH")], &question("patch", &[]), false));
    assert!(!passes(&[("Allow-Methods", "*")], &question("PUT", &[]), true));
    assert!(passes(&[("Allow-Methods", "*")], &question("PUT", &[]), false));
    assert!(!passes(&[("Allow-Methods", "PUT POST")], &question("PUT", &[]), false));
    assert!(passes(&[("Allow-Headers", "x-a"), ("Allow-Headers", "X-B")], &question("GET", &["x-b", "X-A"]), true));
    assert!(!passes(&[("Allow-Headers", "x-a")], &question("GET", &["x-a", "x-b"]), true));
    assert!(passes(&[("Allow-Headers", "*")], &question("GET", &["x-a"]), false));
    assert!(!passes(&[("Allow-Headers", "*")], &question("GET", &["x-a"]), true));
    assert!(!passes(&[("Allow-Headers", "*")], &question("GET", &["authorization"]), false));
    assert!(passes(&[("Allow-Headers", "*, Authorization")], &question("GET", &["authorization"]), false));
    let mut refused = answer(&[("Allow-Origin", "*")]);
    refused.status = Some(403);
    assert!(preflight(&refused, &question("GET", &["x-a"]), false).is_err());
}

#[test]
fn what_a_browser_asks_for() {
    let names = |headers: &[&str]| question("GET", headers).headers;
    assert_eq!(names(&["X-Token", "accept", "x-a: 1", "x-a: 2"]), ["x-a", "x-token"]);
    assert_eq!(names(&["content-type"]), ["content-type"]);
    assert_eq!(names(&["Content-Type: text/plain;charset=utf-8", "range: bytes=0-99"]), [""; 0]);
    assert_eq!(names(&["content-type: application/json", "range: bytes=-5"]), ["content-type", "range"]);
    assert_eq!(names(&["accept: \"", "accept-language: de_DE"]), ["accept", "accept-language"]);
    assert_eq!(names(&[&format!("accept: {}", "a".repeat(129))]), ["accept"]);
    let many = vec![format!("accept: {}", "a".repeat(128)); 9];
    assert_eq!(names(&many.iter().map(|header| &**header).collect::<Vec<_>>()), ["accept"]);
    assert_eq!(names(&["cookie", "sec-fetch-site", "origin"]), [""; 0]);
    // All together may have 1,024 bytes.
    let values = |last: usize| {
        let mut headers = vec![format!("accept: {}", "a".repeat(128)); 7];
        headers.push(format!("accept-language: {}", "a".repeat(last)));
        names(&headers.iter().map(|header| &**header).collect::<Vec<_>>())
    };
    assert_eq!((values(128), values(127)), (Vec::new(), Vec::new()));
    let more = [vec![format!("accept: {}", "a".repeat(128)); 8], vec!["accept-language: a".to_owned()]].concat();
    assert_eq!(names(&more.iter().map(|header| &**header).collect::<Vec<_>>()), ["accept", "accept-language"]);
    // Bytes that are not in a safelisted value, and those that are.
    for (header, is_safe) in [
        ("accept: text/html\tx", true),
        ("accept: text/html(x)", false),
        ("accept: text/html;q=0.9", true),
        ("accept-language: de-CH, de;q=0.9, *", true),
        ("accept-language: de\tCH", false),
        ("content-language: en", true),
        ("content-language: e\"n", false),
        ("content-type: text/plain\tx", false),
        ("content-type: text/plain; a=\tb", true),
        ("x-a: text/plain", false),
    ] {
        assert_eq!(names(&[header]).is_empty(), is_safe, "{header:?}");
    }
    assert!(Page::default().add_header("x: a\tb").is_ok());
    assert!(Page::default().add_header("x: a\u{7f}b").is_err());
    assert_eq!(page("GET", &["Cookie", "x-a"]).left_out(), ["cookie"]);
    assert_eq!(page("PATCH", &["content-type"]).reasons(&question("PATCH", &["content-type"])).len(), 2);
    assert!(page("POST", &["accept"]).reasons(&question("POST", &["accept"])).is_empty());
}

#[test]
fn a_request_that_no_browser_sends_is_an_error() {
    for method in ["", "a b", "TRACE", "connect", "é"] {
        assert!(page(method, &[]).question().is_err(), "{method:?}");
    }
    for path in ["", "items", "https://api.example.com/items", "/a\nb"] {
        assert!(Page { path: path.to_owned(), ..page("GET", &[]) }.question().is_err(), "{path:?}");
    }
    for origin in ["", "https://a b", "https://a\r\nx: y"] {
        assert!(Page { origin: origin.to_owned(), ..page("GET", &[]) }.question().is_err(), "{origin:?}");
    }
    assert!(Page::default().add_header("x token").is_err());
    assert!(Page::default().add_header(": x").is_err());
}

#[test]
fn what_a_script_can_read() {
    assert_eq!(exposed(&answer(&[("Expose-Headers", "x-total, Content-Type")]), true), ["x-total"]);
    assert_eq!(exposed(&answer(&[("Expose-Headers", "*")]), false), ["all"]);
    assert_eq!(exposed(&answer(&[("Expose-Headers", "\"x\", y")]), false), [""; 0]);
}

#[test]
fn which_headers_a_script_can_read() {
    let exposing = |names: &str| answer(&[("Expose-Headers", names)]);
    for (names, include, same_origin, name, is) in [
        ("", false, false, "content-type", true),
        ("", false, false, "X-Total", false),
        ("x-total", true, false, "X-Total", true),
        ("x-total", true, false, "x-other", false),
        ("*", false, false, "x-other", true),
        ("*", true, false, "x-other", false),
        ("x-total, *", true, false, "x-other", false),
        ("x-total", false, false, "x-other", false),
        ("", true, true, "x-other", true),
        ("*", false, true, "set-cookie", false),
        ("set-cookie", false, false, "Set-Cookie", false),
    ] {
        assert_eq!(
            is_readable(&exposing(names), include, same_origin, name),
            is,
            "{names} {include} {same_origin} {name}"
        );
    }
}

#[test]
fn only_a_page_in_development_belongs_to_the_debug_origins() {
    let shared_with_others = Answer { policy: Some("items".to_owned()), ..answer(&[]) };
    for (origin, argument) in [
        ("http://localhost:5173", "debug_origins"),
        ("http://127.0.0.1:8080", "debug_origins"),
        ("http://[::1]", "debug_origins"),
        // Apps on a device.
        ("capacitor://localhost", "origins"),
        ("https://localhost", "origins"),
        ("https://app.example.com", "origins"),
    ] {
        let help = cors_check(&shared_with_others, origin, false).expect_err("not shared").help.expect("a help");
        assert_eq!(help, format!("add `{origin:?}` to `{argument}`, if this page should be allowed"));
    }
}

/// <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte>
#[test]
fn a_byte_makes_a_header_unsafe() {
    for (value, is_safe) in
        [("a\tb", true), ("a\u{1}b", false), ("a\u{7f}b", false), ("a(b", false), ("a\u{80}b", true)]
    {
        assert_eq!(is_safelisted("accept", Some(value)), is_safe, "{value:?}");
    }
}
