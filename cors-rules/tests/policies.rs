//! Policies as a whole: what elements say about each other, what `allow` does, and what is ready for use afterwards.

use cors_rules::{
    AllowHeaders, Compiled, ContentType, Declared, Element, ExposeHeaders, Finding, MaxAge, Origins, Pattern, Place,
    Port, Scope, Unread, UnseenItem, check,
};

fn texts<'a>(texts: &[&'a str]) -> Vec<Element<'a>> {
    texts.iter().map(|text| if *text == "*" { Element::Any } else { Element::Text(text) }).collect()
}

fn origins<'a>(origins: &[&'a str]) -> Declared<'a> {
    Declared { origins: Some(texts(origins)), ..Declared::default() }
}

fn findings(policy: &Declared<'_>) -> Vec<Finding> {
    check(policy, Scope::default()).findings
}

fn found(policy: &Declared<'_>) -> Vec<(&'static str, Place)> {
    found_in(Scope::default(), policy)
}

fn found_in(scope: Scope, policy: &Declared<'_>) -> Vec<(&'static str, Place)> {
    check(policy, scope).findings.iter().map(|finding| (finding.rule.name, finding.place)).collect()
}

fn compiled<'a>(policy: &Declared<'a>) -> Compiled<'a> {
    check(policy, Scope::default()).policy
}

#[test]
fn origins_have_to_be_given() {
    assert_eq!(found(&Declared::default()), [("missing-origins", Place::Policy)]);
    assert_eq!(found(&origins(&[])), [("missing-origins", Place::Origins)]);
    let only_debug = Declared { debug_origins: texts(&["http://localhost:3000"]), ..Declared::default() };
    assert_eq!(found(&only_debug), [("missing-origins", Place::Policy)]);
}

/// Lists of the configuration and checks stand in for literals, and their content is not known here.
#[test]
fn origins_that_are_known_at_run_time() {
    let scope = Scope::Attribute { runtime_origins: true, options_route: false, content_type: ContentType::Simple };
    let more = |list: &[&'static str], allow: &[&'static str]| {
        found_in(scope, &Declared { allow: allow.to_vec(), ..origins(list) })
    };
    assert_eq!(more(&[], &[]), []);
    assert_eq!(more(&[], &["public_suffix_wildcard"]), [], "it may silence something in a list");
    assert_eq!(more(&[], &["proxy_trust_header"]), [("unused-allow", Place::Allow(0))]);
    assert_eq!(more(&["*"], &[]), [("wildcard-with-other-origins", Place::Origin(0))]);
    assert_eq!(more(&["https://a.com/"], &[]), [("trailing-slash", Place::Origin(0))]);
}

/// The list of a configuration has the `allow` of a policy whose other lists may need it, and may be empty.
#[test]
fn a_configured_list() {
    let list = |list: &[&'static str], allow: &[&'static str]| {
        let policy = Declared { allow: allow.to_vec(), credentials: true, ..origins(list) };
        found_in(Scope::ConfiguredList, &policy)
    };
    assert_eq!(list(&[], &[]), []);
    assert_eq!(list(&["https://a.com"], &["proxy_trust_header", "no_such"]), []);
    assert_eq!(list(&["http://a.com"], &[]), [("insecure-origin-with-credentials", Place::Origin(0))]);
    assert_eq!(list(&["http://a.com"], &["insecure_origin_with_credentials"]), []);
    assert_eq!(list(&["https://a.com/"], &[]), [("trailing-slash", Place::Origin(0))]);
}

/// Nobody can write an argument of the attribute into a list of the configuration.
#[test]
fn what_helps_in_a_configured_list() {
    let help = |scope, text: &'static str| {
        let policy = Declared { credentials: true, ..origins(&[]) };
        let policy = Declared { origins: Some(vec![Element::Text(text)]), ..policy };
        let findings = check(&policy, scope).findings;
        findings.into_iter().next().unwrap_or_else(|| panic!("{text}")).help
    };
    for text in ["any", "*", "'*'", "null", "*.*", "https://*", "vscode-webview://*", "{{origin}}", "process.env.APP"] {
        let listed = help(Scope::ConfiguredList, text);
        assert!(
            !listed.contains("without quotes and brackets") && !listed.contains("config(\"name\")"),
            "{text}: {listed}"
        );
        assert!(!listed.contains("origins = any") || listed.contains("instead of `config(…)`"), "{text}: {listed}");
    }
    for text in ["https://*--my-app.netlify.app", "https://pr-*.example.com", "https://*"] {
        for scope in [Scope::default(), Scope::ConfiguredList] {
            assert!(help(scope, text).contains("`check(path)`"), "{text}");
        }
    }
    let local = "http://localhost:*";
    assert!(help(Scope::default(), local).contains("debug_origins"));
    assert_eq!(
        help(Scope::ConfiguredList, local),
        "list the ports, as in `[\"http://localhost:3000\", \"http://localhost:8080\"]`; to accept it, add \
         `allow(any_port_with_credentials)` to the policy"
    );
}

/// The policy itself is checked where it is written out.
#[test]
fn a_named_policy_on_a_route() {
    let route = |options_route, allow: &[&'static str]| {
        let policy = Declared { allow: allow.to_vec(), ..Declared::default() };
        found_in(Scope::NamedPolicyOnRoute { options_route }, &policy)
    };
    assert_eq!(route(false, &[]), []);
    assert_eq!(route(true, &[]), [("policy-on-options-route", Place::Route)]);
    assert_eq!(route(true, &["policy_on_options_route"]), []);
    assert_eq!(route(false, &["policy_on_options_route"]), [("unused-allow", Place::Allow(0))]);
    assert_eq!(route(true, &["policy_on_options_route", "shadowed_origin"]), [("unused-allow", Place::Allow(1))]);
}

/// An unreadable value has its own error, and a finding about the gap would be a second one.
#[test]
fn gaps_are_not_reported() {
    let policy = Declared { allow: vec!["shadowed_origin"], unread: Unread::Something, ..Declared::default() };
    assert_eq!(found(&policy), []);
    let policy = Declared { origins: Some(texts(&["https://*.a.com", "https://b.a.com"])), allow: vec![], ..policy };
    assert_eq!(found(&policy), [("shadowed-origin", Place::Origin(1))]);
    let policy = Declared { unread: Unread::Allow, ..policy };
    assert_eq!(found(&policy), []);
    let policy = Declared { origins: Some(texts(&["https://a.com/"])), ..policy };
    assert_eq!(found(&policy), [("trailing-slash", Place::Origin(0))]);
}

#[test]
fn every_finding_at_its_place() {
    let policy = Declared {
        origins: Some(texts(&["https://a.com/", "https://b.com", "null", "https://b.com"])),
        debug_origins: texts(&["http://localhost:80", "https://b.com"]),
        credentials: true,
        enforce: true,
        allow_headers: texts(&["cookie", "x-a", "X-A"]),
        expose_headers: texts(&["*", "x-b"]),
        max_age: Some(MaxAge::Seconds(u64::MAX)),
        allow: vec!["trailing-slash", "no_such", "shadowed_origin"],
        unseen_items: Vec::new(),
        unread: Unread::Nothing,
    };
    let scope = Scope::Attribute { runtime_origins: false, options_route: true, content_type: ContentType::Simple };
    assert_eq!(
        found_in(scope, &policy),
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
        let first = &findings(&policy)[0];
        assert_eq!(first.rule.name, "misplaced-wildcard");
        assert!(first.help.contains("`origins = any`"));
        let policy = Declared { allow_headers: vec![Element::Text(quoted)], ..origins(&["https://a.com"]) };
        let first = &findings(&policy)[0];
        assert_eq!(first.rule.name, "partial-header-wildcard");
        assert!(first.help.contains("`allow_headers = any`"));
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
    let finding = |allow: &[&'static str]| {
        findings(&Declared { allow: allow.to_vec(), credentials: true, ..origins(&["http://a.com"]) })
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
fn enforce_needs_somebody_to_turn_away() {
    let enforced = |list: &[&'static str]| found(&Declared { enforce: true, ..origins(list) });
    assert_eq!(enforced(&["*"]), [("enforce-with-any", Place::Origin(0))]);
    assert_eq!(enforced(&["https://a.com"]), []);
    let in_debug = Declared { debug_origins: texts(&["*"]), enforce: true, ..origins(&["https://a.com"]) };
    assert_eq!(found(&in_debug), [], "the release build has origins to turn away");
}

#[test]
fn a_content_type_that_no_page_may_send() {
    let route = |content_type, names: &[&'static str], unread| {
        let scope = Scope::Attribute { runtime_origins: false, options_route: false, content_type };
        found_in(scope, &Declared { allow_headers: texts(names), unread, ..origins(&["https://a.com"]) })
    };
    let lint = [("content-type-not-allowed", Place::Route)];
    for content_type in [ContentType::Required, ContentType::Expected] {
        assert_eq!(route(content_type, &[], Unread::Nothing), lint);
        assert_eq!(route(content_type, &["x-a"], Unread::Nothing), lint);
        assert_eq!(route(content_type, &["Content-Type"], Unread::Nothing), []);
        assert_eq!(route(content_type, &["*"], Unread::Nothing), []);
        assert_eq!(route(content_type, &[], Unread::Something), []);
        let misspelt = route(content_type, &["content-type:"], Unread::Nothing);
        assert_eq!(misspelt.len(), 1, "one mistake is one error: {misspelt:?}");
    }
    assert_eq!(route(ContentType::Simple, &[], Unread::Nothing), []);
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

fn listed<'a>(exact: &[&'a str], patterns: &[&'a str]) -> Origins<'a> {
    let pattern = |text: &&'a str| Pattern::parse(text).expect("a pattern");
    Origins::Listed { exact: exact.to_vec(), patterns: patterns.iter().map(pattern).collect() }
}

#[test]
fn ready_for_use() {
    let policy = Declared {
        debug_origins: texts(&["http://localhost:*", "http://a"]),
        credentials: true,
        allow_headers: texts(&["X-B", "x-a"]),
        expose_headers: texts(&["ETag"]),
        max_age: Some(MaxAge::Seconds(600)),
        ..origins(&["https://bb.com", "https://*.c.com", "https://aa.com", "https://a.com"])
    };
    assert_eq!(
        compiled(&policy),
        Compiled {
            release: listed(&["https://a.com", "https://aa.com", "https://bb.com"], &["https://*.c.com"]),
            debug: listed(
                &["http://a", "https://a.com", "https://aa.com", "https://bb.com"],
                &["https://*.c.com", "http://localhost:*"]
            ),
            credentials: true,
            allow_headers: AllowHeaders::Listed(vec!["x-b".to_owned(), "x-a".to_owned()]),
            expose_headers: ExposeHeaders::Listed(vec!["etag".to_owned()]),
            max_age: Some(600),
        }
    );

    let open = compiled(&Declared {
        allow_headers: texts(&["*", "Authorization"]),
        expose_headers: texts(&["*"]),
        ..origins(&["*"])
    });
    assert_eq!((open.release, open.debug), (Origins::Any, Origins::Any));
    assert_eq!((open.allow_headers, open.expose_headers), (AllowHeaders::AnyAndAuthorization, ExposeHeaders::Any));
}

#[test]
fn what_is_wrong_is_left_out() {
    let policy = Declared {
        credentials: true,
        max_age: Some(MaxAge::Seconds(1 << 40)),
        allow_headers: texts(&["x-a\r\nx-b", "x-c", "cookie", "X-C"]),
        expose_headers: texts(&["*", "set-cookie", "x-d"]),
        debug_origins: texts(&["https://b.com", "http://localhost:80"]),
        ..origins(&["*", "null", "https://a.com/", "https://b.com", "https://*.c.com", "https://*.c.com"])
    };
    let right = listed(&["https://b.com"], &["https://*.c.com"]);
    assert_eq!(
        compiled(&policy),
        Compiled {
            release: right.clone(),
            debug: right,
            credentials: true,
            allow_headers: AllowHeaders::Listed(vec!["x-c".to_owned()]),
            expose_headers: ExposeHeaders::Listed(vec!["x-d".to_owned()]),
            max_age: None,
        }
    );
}

/// Generated code writes patterns down as constants.
const WRITTEN: Pattern<'static> = Pattern { scheme: "https", host: "example.com", subdomains: true, port: Port::Any };

#[test]
fn patterns_can_be_constants() {
    assert_eq!(Pattern::parse("https://*.example.com:*"), Ok(WRITTEN));
    assert!(WRITTEN.matches(b"https://a.example.com:8443"));
    assert!(!WRITTEN.matches(b"https://a.example.com:443"));
}

#[test]
fn items_that_nobody_sees() {
    let with = |allow: &[&'static str]| {
        let unseen_items = vec![UnseenItem::Macro("crud".to_owned()), UnseenItem::HandlerInFunction];
        Declared { unseen_items, allow: allow.to_vec(), ..origins(&["https://a.com"]) }
    };
    let scopes = [Scope::default(), Scope::NamedPolicyOnRoute { options_route: false }];
    for scope in scopes {
        let both = [("unseen-items", Place::UnseenItem(0)), ("unseen-items", Place::UnseenItem(1))];
        assert_eq!(found_in(scope, &with(&[])), both);
        assert_eq!(found_in(scope, &with(&["unseen_items"])), []);
    }
}

#[test]
fn a_port_more_is_shadowed_too() {
    let policy = Declared {
        allow: vec!["any_port"],
        ..origins(&["https://*.example.com:*", "https://*.example.com", "https://*.example.com:8443"])
    };
    let shadowed = found(&policy).into_iter().filter(|(rule, _)| *rule == "shadowed-origin").count();
    assert_eq!(shadowed, 2, "{:?}", found(&policy));
}
