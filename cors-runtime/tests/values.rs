//! Values that an application prints, compares, or goes through.

use cors_runtime::{Enforce, Origin, OwnOrigins, Policy, Question};

#[test]
fn a_builder_says_what_it_was_told() {
    let policy = |origins: &[&'static str]| Policy::builder().origins(origins.iter().copied());
    let exposed = policy(&["https://a.example"]).expose_any_header().leak().expect("sound");
    let debug = format!("{exposed:?}");
    assert!(debug.contains("expose_headers: \"*\""), "{debug}");
    let insecure = || policy(&["http://a.example"]).credentials(true);
    let refused = insecure().leak().expect_err("a lint");
    assert_eq!(
        refused.iter().map(|finding| finding.rule.name).collect::<Vec<_>>(),
        ["insecure-origin-with-credentials"]
    );
    assert!(insecure().allow(["insecure_origin_with_credentials"]).leak().is_ok());
    // What is given to `enforce` counts for the rules too.
    assert!(Policy::builder().any_origin().enforce(Enforce::All).leak().is_err());
    assert!(Policy::builder().any_origin().enforce(Enforce::Writes).leak().is_ok());
}

#[test]
fn findings_are_a_list_and_a_text() {
    let findings = Policy::builder().origins(["https://a.example/", "HTTPS://b.example"]).leak().expect_err("two");
    let names: Vec<_> = findings.iter().map(|finding| finding.rule.name).collect();
    assert_eq!(names, ["trailing-slash", "uppercase-origin"]);
    assert_eq!((&findings).into_iter().map(|finding| finding.rule.name).collect::<Vec<_>>(), names);
    let text = findings.to_string();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    for (line, finding) in lines.iter().zip(&findings) {
        assert_eq!(*line, format!("{}; help: {}; rule `{}`", finding.message, finding.help, finding.rule.name));
    }
    assert_eq!(findings.into_iter().map(|finding| finding.rule.name).collect::<Vec<_>>(), names);
}

#[test]
fn what_is_wrong_with_own_origins_is_a_list_and_a_text() {
    let findings = OwnOrigins::new(["https://a.example/", "https://*.example"]).expect_err("two");
    let messages: Vec<_> = findings.iter().map(|finding| finding.message.clone()).collect();
    assert_eq!(messages.len(), 2);
    assert_eq!((&findings).into_iter().map(|finding| finding.message.clone()).collect::<Vec<_>>(), messages);
    let lines: Vec<_> = findings.iter().map(|finding| format!("{}; help: {}", finding.message, finding.help)).collect();
    assert_eq!(findings.to_string(), lines.join("\n"));
}

#[test]
fn an_origin_has_parts_and_a_text() {
    let origin = |text| Origin::try_from(text).expect("an origin");
    assert_eq!((origin("https://a.example").port(), origin("https://a.example:8443").port()), (None, Some(8443)));
    let named = origin("https://a.example:8443");
    assert_eq!((named.as_ref(), named.to_string().as_str()), ("https://a.example:8443", "https://a.example:8443"));
    let error = Origin::try_from("https://a.example/").expect_err("a path").to_string();
    assert_eq!(error, "not an origin that a browser would send, such as `https://app.example.com`");
    let error = "no question".parse::<Question>().expect_err("no path").to_string();
    assert_eq!(error, "not a valid request head: expected a method, a path and an `Origin` header");
}
