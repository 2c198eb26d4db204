//! Policies as a whole: what elements say about each other, what `allow` does, and what is left after lowering.

use cors_rules::{
    Declared, Element, Finding, LoweredHeaders, LoweredOrigins, MaxAge, Pattern, Place, Port, check, lower,
};

fn texts<'a>(texts: &[&'a str]) -> Vec<Element<'a>> {
    texts.iter().map(|text| if *text == "*" { Element::Any } else { Element::Text(text) }).collect()
}

fn origins<'a>(origins: &[&'a str]) -> Declared<'a> {
    Declared { origins: Some(texts(origins)), ..Declared::default() }
}

fn found(policy: &Declared<'_>) -> Vec<(&'static str, Place)> {
    check(policy).iter().map(|finding| (finding.rule.name, finding.place)).collect()
}

#[test]
fn origins_have_to_be_given() {
    assert_eq!(found(&Declared::default()), [("missing-origins", Place::Policy)]);
    assert_eq!(found(&origins(&[])), [("missing-origins", Place::Origins)]);
    let only_debug = Declared { debug_origins: texts(&["http://localhost:3000"]), ..Declared::default() };
    assert_eq!(found(&only_debug), [("missing-origins", Place::Policy)]);
}

/// Lists of the configuration and checks stand in for literals, and what they hold is not seen here.
#[test]
fn origins_that_are_known_at_run_time() {
    let more = |list: &[&'static str], allow: Vec<&'static str>| Declared {
        origins: Some(
            list.iter().map(|text| if *text == "any" { Element::Any } else { Element::Text(text) }).collect(),
        ),
        more_origins: true,
        allow,
        ..Declared::default()
    };
    assert_eq!(found(&more(&[], vec![])), []);
    assert_eq!(found(&more(&[], vec!["public_suffix_wildcard"])), [], "it may silence something in a list");
    assert_eq!(found(&more(&[], vec!["proxy_trust_header"])), [("unused-allow", Place::Allow(0))]);
    assert_eq!(found(&more(&["any"], vec![])), [("wildcard-with-other-origins", Place::Origin(0))]);
    assert_eq!(found(&more(&["https://a.com/"], vec![])), [("trailing-slash", Place::Origin(0))]);
}

#[test]
fn every_finding_at_its_place() {
    let policy = Declared {
        origins: Some(texts(&["https://a.com/", "https://b.com", "null", "https://b.com"])),
        debug_origins: texts(&["http://localhost:80", "https://b.com"]),
        credentials: true,
        allow_headers: texts(&["cookie", "x-a", "X-A"]),
        expose_headers: texts(&["*", "x-b"]),
        max_age: Some(MaxAge::Seconds(u64::MAX)),
        allow: vec!["trailing-slash", "no_such", "shadowed_origin"],
        more_origins: false,
        on_options_route: true,
    };
    assert_eq!(
        found(&policy),
        [
            ("trailing-slash", Place::Origin(0)),
            ("null-origin", Place::Origin(2)),
            ("duplicate-origin", Place::Origin(3)),
            ("default-port", Place::DebugOrigin(0)),
            ("duplicate-origin", Place::DebugOrigin(1)),
            ("forbidden-request-header", Place::AllowHeader(0)),
            ("duplicate-header-name", Place::AllowHeader(2)),
            ("wildcard-expose-headers-with-credentials", Place::ExposeHeader(0)),
            ("max-age-too-large", Place::MaxAge),
            ("policy-on-options-route", Place::Route),
            ("unused-allow", Place::Allow(0)),
            ("unused-allow", Place::Allow(1)),
        ]
    );
}

#[test]
fn any_goes_alone() {
    assert_eq!(found(&origins(&["*"])), []);
    assert_eq!(
        found(&origins(&["https://a.com", "*", "https://b.com"])),
        [("wildcard-with-other-origins", Place::Origin(0))]
    );
    assert_eq!(found(&origins(&["*", "*"])), [("duplicate-origin", Place::Origin(1))]);
    let with_debug = Declared { debug_origins: texts(&["http://localhost"]), ..origins(&["*"]) };
    assert_eq!(found(&with_debug), [("wildcard-with-other-origins", Place::DebugOrigin(0))]);
    let in_debug = Declared { debug_origins: texts(&["*"]), ..origins(&["https://a.com"]) };
    assert_eq!(found(&in_debug), []);
    let credentials = Declared { credentials: true, ..origins(&["*"]) };
    assert_eq!(found(&credentials), [("wildcard-origin-with-credentials", Place::Origin(0))]);
    for quoted in ["any", "*"] {
        let policy = Declared { origins: Some(vec![Element::Text(quoted)]), ..Declared::default() };
        let findings = check(&policy);
        assert_eq!(findings[0].rule.name, "misplaced-wildcard");
        assert!(findings[0].help.contains("`origins = any`"));
        let policy = Declared { allow_headers: vec![Element::Text(quoted)], ..origins(&["https://a.com"]) };
        let findings = check(&policy);
        assert_eq!(findings[0].rule.name, "partial-header-wildcard");
        assert!(findings[0].help.contains("`allow_headers = any`"));
    }
}

#[test]
fn debug_origins_may_be_plain() {
    let policy = Declared {
        debug_origins: texts(&[
            "http://localhost:*",
            "http://192.168.1.10:*",
            "http://*.localhost",
            "http://dev.example",
        ]),
        credentials: true,
        ..origins(&["https://a.com"])
    };
    assert_eq!(found(&policy), []);
    let policy =
        Declared { debug_origins: texts(&["https://*.com"]), credentials: true, ..origins(&["https://a.org"]) };
    assert_eq!(found(&policy), [("public-suffix-wildcard", Place::DebugOrigin(0))]);
}

#[test]
fn dead_entries_are_shadowed() {
    let policy =
        origins(&["https://*.a.com", "https://x.y.a.com", "https://*.b.a.com", "https://a.com", "http://x.a.com"]);
    assert_eq!(found(&policy), [("shadowed-origin", Place::Origin(1)), ("shadowed-origin", Place::Origin(2))]);
    let policy = origins(&["http://localhost", "http://localhost:3000", "http://localhost:*"]);
    assert_eq!(found(&policy), [("shadowed-origin", Place::Origin(0)), ("shadowed-origin", Place::Origin(1))]);
    // A pattern of the debug build does not shadow what the release build has.
    let policy = Declared { debug_origins: texts(&["https://*.a.com"]), ..origins(&["https://x.a.com"]) };
    assert_eq!(found(&policy), []);
    let policy = Declared { debug_origins: texts(&["https://x.a.com"]), ..origins(&["https://*.a.com"]) };
    assert_eq!(found(&policy), [("shadowed-origin", Place::DebugOrigin(0))]);
}

#[test]
fn one_opt_out_silences_one_lint() {
    let policy = Declared { credentials: true, ..origins(&["http://*.com:*"]) };
    let mut allow = Vec::new();
    for lint in ["public-suffix-wildcard", "any-port-with-credentials", "insecure-origin-with-credentials"] {
        assert_eq!(found(&Declared { allow: allow.clone(), ..policy.clone() }), [(lint, Place::Origin(0))]);
        allow.push(lint);
    }
    assert_eq!(found(&Declared { allow, ..policy }), []);
}

#[test]
fn unused_opt_outs() {
    let finding = |allow: &[&str]| -> Vec<Finding> {
        check(&Declared { allow: allow.to_vec(), credentials: true, ..origins(&["http://a.com"]) })
    };
    assert_eq!(finding(&["insecure_origin_with_credentials"]), []);
    for (allow, help) in [
        ("insecure_origin_with_credential", "did you mean `allow(insecure_origin_with_credentials)`?"),
        ("trailing_slash", "remove it and fix the error: this rule cannot be allowed"),
        ("insecure_origin_with_credentials", "remove one of the two"),
        ("insecure-origin-with-credentials", "remove one of the two"),
        ("shadowed_origin", "remove it"),
    ] {
        let findings = finding(&["insecure_origin_with_credentials", allow]);
        assert_eq!(findings.len(), 1, "{allow}");
        assert_eq!((findings[0].rule.name, findings[0].place), ("unused-allow", Place::Allow(1)));
        assert_eq!(findings[0].help, help);
    }
}

#[test]
fn headers_beside_any() {
    let headers = |names: &[&'static str], credentials| {
        found(&Declared { allow_headers: texts(names), credentials, ..origins(&["https://a.com"]) })
    };
    assert_eq!(headers(&["*", "Authorization"], false), []);
    assert_eq!(headers(&["*", "x-a"], false), [("redundant-with-wildcard", Place::AllowHeader(1))]);
    assert_eq!(headers(&["*"], true), [("wildcard-allow-headers-with-credentials", Place::AllowHeader(0))]);
    assert_eq!(headers(&["*", "*"], false), [("duplicate-header-name", Place::AllowHeader(1))]);
}

#[test]
fn lowered() {
    let policy = Declared {
        debug_origins: texts(&["http://localhost:*", "http://a"]),
        credentials: true,
        allow_headers: texts(&["X-B", "x-a"]),
        expose_headers: texts(&["ETag"]),
        max_age: Some(MaxAge::Seconds(600)),
        ..origins(&["https://bb.com", "https://*.c.com", "https://aa.com", "https://a.com"])
    };
    let lowered = lower(&policy);
    let list = |exact: &[&str], patterns: &[&str]| LoweredOrigins::List {
        exact: exact.iter().map(ToString::to_string).collect(),
        patterns: patterns.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(lowered.origins, list(&["https://a.com", "https://aa.com", "https://bb.com"], &["https://*.c.com"]));
    assert_eq!(
        lowered.debug_origins,
        list(
            &["http://a", "https://a.com", "https://aa.com", "https://bb.com"],
            &["https://*.c.com", "http://localhost:*"]
        )
    );
    assert_eq!(lowered.allow_headers, LoweredHeaders::List(vec!["x-b".to_owned(), "x-a".to_owned()]));
    assert_eq!(lowered.expose_headers, LoweredHeaders::List(vec!["etag".to_owned()]));
    assert_eq!((lowered.credentials, lowered.max_age), (true, Some(600)));

    let open = lower(&Declared {
        allow_headers: texts(&["*", "Authorization"]),
        expose_headers: texts(&["*"]),
        ..origins(&["*"])
    });
    assert_eq!((open.origins, open.debug_origins), (LoweredOrigins::Any, LoweredOrigins::Any));
    assert_eq!((open.allow_headers, open.expose_headers), (LoweredHeaders::AnyAndAuthorization, LoweredHeaders::Any));
}

#[test]
fn lowering_never_allows_what_is_wrong() {
    let policy = Declared {
        credentials: true,
        max_age: Some(MaxAge::Seconds(1 << 40)),
        allow_headers: texts(&["x-a\r\nx-b"]),
        ..origins(&["*", "null", "https://a.com/"])
    };
    let lowered = lower(&policy);
    assert_eq!(lowered.origins, LoweredOrigins::List { exact: Vec::new(), patterns: Vec::new() });
    assert_eq!(lowered.allow_headers, LoweredHeaders::List(Vec::new()));
    assert_eq!(lowered.max_age, None);
}

/// Generated code writes patterns down as constants.
const WRITTEN: Pattern<'static> = Pattern { scheme: "https", host: "example.com", subdomains: true, port: Port::Any };

#[test]
fn patterns_can_be_constants() {
    assert_eq!(Pattern::parse("https://*.example.com:*"), Ok(WRITTEN));
    assert!(WRITTEN.matches(b"https://a.example.com:8443"));
    assert!(!WRITTEN.matches(b"https://a.example.com:443"));
}
