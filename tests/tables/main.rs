//! Every row of the tables of cases: the verdict, the rule, and what an opt-out does.

use std::collections::BTreeSet;

use cors_rules::{Compiled, Declared, Element, Finding, MaxAge, Origins, Pattern, Scope, check};
use cors_tests::tsv::{self, Row};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/cases/");

/// The elements of a cell; a lone star is what this project writes `any`.
fn elements(texts: &[String]) -> Vec<Element<'_>> {
    texts.iter().map(|text| if text == "*" { Element::Any } else { Element::Text(text) }).collect()
}

fn texts(row: &Row, column: &str) -> Vec<String> {
    row.list(column).into_iter().map(|bytes| String::from_utf8(bytes).expect("text")).collect()
}

/// The forms of an expression that can be read here; the macro reads them all.
fn max_age(expression: &str) -> MaxAge {
    let digits = expression.replace('_', "");
    let digits = digits.strip_suffix("u32").unwrap_or(&digits);
    let number = match digits.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    match number {
        Ok(number) => MaxAge::Seconds(number),
        Err(_) if digits.strip_prefix('-').is_some_and(|rest| rest.parse::<u64>().is_ok()) => MaxAge::Negative,
        Err(_) => MaxAge::NotAnInteger(expression.trim_matches('"').parse().ok()),
    }
}

/// Compares a verdict with the row, and returns what differs.
fn judge(row: &Row, policy: &Declared<'_>) -> Result<(), String> {
    let id = row.raw("id");
    let lint = row.raw("reason").split(':').next().expect("a lint name").to_owned();
    let checked = check(policy, Scope::default());
    let findings = &checked.findings;
    let names: Vec<_> = findings.iter().map(|finding| finding.rule.name).collect();
    let hard = findings.iter().any(|finding| !finding.rule.is_allowable());
    findings.iter().for_each(well_worded);
    let right = match row.raw("expect") {
        "ok" => findings.is_empty(),
        "error" => hard && names.contains(&lint.as_str()),
        "allowable" => !findings.is_empty() && !hard && names.contains(&lint.as_str()) && silenced(policy, &lint),
        other => panic!("{other}"),
    };
    ready_for_use(policy, &checked.policy);
    if right { Ok(()) } else { Err(format!("{id}: expected {} {lint}, got {names:?}", row.raw("expect"))) }
}

/// Whether the one opt-out is enough.
fn silenced(policy: &Declared<'_>, lint: &str) -> bool {
    let name = lint.replace('-', "_");
    [name.as_str(), lint].into_iter().all(|allowed| {
        let policy = Declared { allow: vec![allowed], ..policy.clone() };
        check(&policy, Scope::default()).findings.is_empty()
    })
}

/// Every origin that is ready for use was written, is right, and stands in the order that the search relies on.
fn ready_for_use(policy: &Declared<'_>, compiled: &Compiled<'_>) {
    let written = policy.origins.iter().flatten().chain(&policy.debug_origins);
    let right: BTreeSet<_> = written
        .filter_map(|element| match element {
            Element::Text(text) if Pattern::parse(text).is_ok() => Some((*text).to_owned()),
            _ => None,
        })
        .collect();
    match &compiled.debug {
        Origins::Any => assert!(policy.origins.iter().flatten().any(|element| *element == Element::Any)),
        Origins::Listed { exact, patterns } => {
            assert!(exact.is_sorted_by_key(|origin| (origin.len(), *origin)), "{exact:?}");
            let names = exact.iter().map(ToString::to_string).chain(patterns.iter().map(ToString::to_string));
            assert_eq!(names.collect::<BTreeSet<_>>(), right);
            assert_eq!(exact.len() + patterns.len(), right.len());
        }
    }
    assert_eq!(compiled.release, compiled.debug);
}

fn well_worded(finding: &Finding) {
    for text in [&finding.message, &finding.help] {
        assert!(!text.ends_with('.') && !text.is_empty(), "{text}");
        assert!(!text.contains('\n') && text.matches('`').count() % 2 == 0, "{text}");
        assert!(!text.starts_with(|c: char| c.is_ascii_uppercase()), "{text}");
        assert!(text.chars().count() < 500, "{text}");
    }
    // What a help offers to be pasted has to be right itself. Names of headers come without a scheme.
    if matches!(finding.place, cors_rules::Place::Origin(_)) {
        for (i, quoted) in finding.help.split('"').enumerate() {
            if i % 2 == 1 && quoted != "name" {
                assert!(Pattern::parse(quoted).is_ok(), "{}: {}", finding.rule.name, finding.help);
            }
        }
    }
}

#[test]
fn origins() {
    let mut failures = Vec::new();
    for row in tsv::read(&format!("{CASES}origins.tsv")) {
        let origins = texts(&row, "origin_or_pattern");
        let credentials = row.raw("credentials") == "1";
        let policy = Declared { origins: Some(elements(&origins)), credentials, ..Declared::default() };
        failures.extend(judge(&row, &policy).err());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn headers() {
    let mut failures = Vec::new();
    for row in tsv::read(&format!("{CASES}headers.tsv")) {
        let field = row.raw("field");
        let values = if field == "max_age" { Vec::new() } else { texts(&row, "value") };
        let mut policy = Declared {
            origins: Some(vec![Element::Text("https://example.com")]),
            credentials: row.raw("credentials") == "1",
            ..Declared::default()
        };
        match field {
            "allow_headers" => policy.allow_headers = elements(&values),
            "expose_headers" => policy.expose_headers = elements(&values),
            "max_age" => policy.max_age = Some(max_age(&row.text("value").expect("text"))),
            // Methods come from the route attribute.
            "methods" => continue,
            other => panic!("{other}"),
        }
        failures.extend(judge(&row, &policy).err());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What a policy can name is read from a request alike, and what no browser would write is not.
#[test]
fn origins_of_requests() {
    let mut read = 0;
    for row in tsv::read(&format!("{CASES}origins.tsv")) {
        for text in row.list("origin_or_pattern") {
            let parsed = std::str::from_utf8(&text).ok().and_then(|text| Pattern::parse(text).ok());
            let of_request = Pattern::of_origin(&text);
            if let Some(parsed) = parsed.filter(Pattern::is_exact) {
                assert_eq!(of_request, Some(parsed), "{}", text.escape_ascii());
                read += 1;
            } else if let Some(origin) = of_request {
                // The spelling of addresses, ports that browsers block and the like are a matter of literals.
                assert!(origin.is_exact() && origin.to_string().as_bytes() == text, "{}", text.escape_ascii());
            }
        }
    }
    assert!(read > 80, "{read}");
    for text in [
        "null",
        "",
        "https://",
        "https://a/",
        "https://a?",
        "https://a:443",
        "https://a:0",
        "https://a:08",
        "https://a:65536",
        "https://a:b",
        "https://A",
        "HTTPS://a",
        "https://a..b",
        "https://.a",
        "https://a b",
        "https://a@b",
        "https://[::1",
        "https://[]",
        "https://[g]",
        "https://[::1]a",
        "https://*.a",
        "https://a:*",
        "1a://b",
        "://a",
        "a:b",
        "https://a\u{e9}",
    ] {
        assert_eq!(Pattern::of_origin(text.as_bytes()), None, "{text}");
    }
    assert_eq!(Pattern::of_origin(b"https://a\xff"), None);
}
