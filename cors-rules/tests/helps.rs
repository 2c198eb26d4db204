//! What is said about names of headers, `max_age` and hosts: each help is right itself, and what is too long is not shown.

use cors_rules::{Declared, Element, Finding, MaxAge, Scope, check};

fn texts<'a>(texts: &[&'a str]) -> Vec<Element<'a>> {
    texts.iter().map(|text| Element::Text(text)).collect()
}

/// A policy for one origin.
fn policy<'a>() -> Declared<'a> {
    Declared { origins: Some(texts(&["https://a.example"])), ..Declared::default() }
}

fn findings(policy: &Declared<'_>) -> Vec<Finding> {
    check(policy, Scope::default()).findings
}

/// The help of the only finding.
fn help(policy: &Declared<'_>) -> String {
    let findings = findings(policy);
    assert_eq!(findings.len(), 1, "{findings:?}");
    findings[0].help.clone()
}

#[test]
fn helps_about_header_names() {
    let allow = |names: &[&'static str]| Declared { allow_headers: texts(names), ..policy() };
    for (name, expected) in [
        ("cookie", "remove it; to allow cookies, write `credentials`"),
        ("set-cookie", "remove it; to allow cookies, write `credentials`"),
        ("host", "remove it; the browser sets it"),
        ("origin", "remove it; the browser sets it"),
        ("referer", "remove it; the browser sets it"),
        ("sec-fetch-site", "remove it"),
        ("x-a, x-b", "write one element per name: `[\"x-a\", \"x-b\"]`"),
        ("x-a,*", "write one element per name, as in `[\"content-type\", \"x-request-id\"]`"),
        ("x-a: b", "write only the name: `\"x-a\"`"),
        ("x-a*: b", "write only the name, such as `\"content-type\"`"),
    ] {
        assert_eq!(help(&allow(&[name])), expected, "{name}");
    }
    // What is too long is not shown.
    for (length, shown) in [(99, true), (100, false)] {
        let name = "x".repeat(length);
        let policy = Declared { allow_headers: vec![Element::Text(name.clone().leak())], ..allow(&[]) };
        assert_eq!(findings(&policy), [], "{length}");
        let with_value = format!("{name}: b");
        let policy = Declared { allow_headers: vec![Element::Text(&with_value)], ..allow(&[]) };
        assert_eq!(help(&policy).contains(&name), shown, "{length}");
    }
    for (length, shown) in [(199, true), (200, false)] {
        let list = format!("{},{}", "x".repeat(length), "y".repeat(199));
        let policy = Declared { allow_headers: vec![Element::Text(&list)], ..allow(&[]) };
        assert_eq!(help(&policy).contains("yyy"), shown, "{length}");
    }
}

#[test]
fn helps_about_max_age() {
    let max_age = |value| Declared { max_age: Some(value), ..policy() };
    for (meant, expected) in [
        (Some(600), "write `max_age = 600`"),
        (Some(86_400), "write `max_age = 86400`"),
        (Some(86_401), "write a number up to 86400, such as `max_age = 600`"),
        (None, "write a number of seconds, such as `max_age = 600`"),
    ] {
        assert_eq!(help(&max_age(MaxAge::NotAnInteger(meant))), expected);
    }
}

#[test]
fn helps_about_hosts() {
    for (text, expected) in [
        ("https://app.internal/", "write the host alone: `\"app.internal\"`"),
        ("app.internal:8000", "write the host alone: `\"app.internal\"`"),
        ("APP.internal", "write the host alone: `\"app.internal\"`"),
        ("user:password@app.internal", "write one name of the application as it stands in `Host`: `\"app.internal\"`"),
        ("app.internal:http", "write one name of the application as it stands in `Host`: `\"app.internal\"`"),
    ] {
        assert_eq!(cors_rules::own::host(text).expect_err(text).help, expected, "{text}");
    }
}
