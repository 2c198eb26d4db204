//! What a help says to write is right, beside everything else that the policy says: each help of each text is carried out, and
//! nothing new is found then.
//!
//! The texts are those of `said.txt` and some names of headers, each beside `credentials` and `enforce`, and beside other
//! elements.

use std::collections::BTreeMap;
use std::fs;

use cors_rules::{Declared, Element, Finding, Place, Scope, check, rules};

/// Where a help, carried out, has to be followed by another one, with the reason: the rule, and that of the next finding.
const NEXT: &[(&str, &str)] = &[
    // Only `origins` can be the list of the release build, and the help says that it is needed.
    ("any-port-with-credentials", "missing-origins"),
    // A dangerous origin is dangerous in every spelling, and the help says how to spell it; who removes `credentials`
    // instead is told of the spelling then.
    ("any-port-with-credentials", "ipv4-mapped-ipv6"),
    ("insecure-origin-with-credentials", "ipv4-mapped-ipv6"),
    ("insecure-origin-with-credentials", "trailing-dot-host"),
    ("wildcard-origin-with-credentials", "ipv4-mapped-ipv6"),
    ("wildcard-origin-with-credentials", "trailing-dot-host"),
    // A wide pattern covers what stands beside it.
    ("any-port-with-credentials", "duplicate-origin"),
    ("any-port-with-credentials", "shadowed-origin"),
    ("trailing-dot-host", "shadowed-origin"),
    // The help leaves a choice, and one of the two is there already.
    ("empty-label", "duplicate-origin"),
    // The help is about what some web views send, in a policy for nothing else.
    ("opaque-origin", "duplicate-origin"),
    ("opaque-origin", "insecure-origin-with-credentials"),
    ("opaque-origin", "wildcard-with-other-origins"),
    // With `credentials` the star covers no header.
    ("wildcard-origin-with-credentials", "redundant-with-wildcard"),
];

/// The rules about elements that do not go together.
const ABOUT_OTHERS: &[&str] = &[
    "duplicate-origin",
    "shadowed-origin",
    "wildcard-with-other-origins",
    "duplicate-header-name",
    "redundant-with-wildcard",
];

/// A policy that owns its texts, as somebody writes it.
#[derive(Clone, Debug, Default)]
struct Written {
    origins: Vec<String>,
    debug_origins: Vec<String>,
    allow_headers: Vec<String>,
    expose_headers: Vec<String>,
    credentials: bool,
    enforce: bool,
    allow: Vec<&'static str>,
}

/// How the word `any` stands in a list. No text of a case is this one.
const ANY: &str = "\u{1}any";

impl Written {
    fn findings(&self) -> Vec<Finding> {
        let elements = |texts: &'_ [String]| -> Vec<Element<'static>> {
            let element = |text: &String| {
                if text == ANY { Element::Any } else { Element::Text(text.clone().leak()) }
            };
            texts.iter().map(element).collect()
        };
        let declared = Declared {
            origins: Some(elements(&self.origins)),
            debug_origins: elements(&self.debug_origins),
            allow_headers: elements(&self.allow_headers),
            expose_headers: elements(&self.expose_headers),
            credentials: self.credentials,
            enforce: self.enforce,
            allow: self.allow.clone(),
            ..Declared::default()
        };
        check(&declared, Scope::default()).findings
    }

    fn list(&mut self, key: &str) -> Option<&mut Vec<String>> {
        match key {
            "origins" => Some(&mut self.origins),
            "debug_origins" => Some(&mut self.debug_origins),
            "allow_headers" => Some(&mut self.allow_headers),
            "expose_headers" => Some(&mut self.expose_headers),
            _ => None,
        }
    }

    fn remove(&mut self, key: &str) {
        match key {
            "credentials" => self.credentials = false,
            "enforce" => self.enforce = false,
            key => drop(self.list(key).map(std::mem::take)),
        }
    }

    /// Puts these in the place of one element.
    fn replace(&mut self, place: Place, with: Vec<String>) {
        let (key, index) = at(place).expect("the place of an element");
        self.list(key).expect("a list").splice(index..=index, with);
    }

    /// What comes of each thing that the help says to do, and whether that is an example only.
    fn applied(&self, finding: &Finding) -> Vec<(Written, bool)> {
        let pieces: Vec<_> = finding.help.split('`').collect();
        let mut all: Vec<(Written, bool)> = Vec::new();
        for (words, code) in pieces.iter().step_by(2).zip(pieces.iter().skip(1).step_by(2)) {
            let mut next = self.clone();
            let is_key = self.clone().list(code).is_some() || matches!(*code, "credentials" | "enforce");
            if is_key && (words.ends_with("without ") || *words == ", " || words.ends_with("and remove ")) {
                // It belongs to what was said before.
                all.last_mut().expect("something before").0.remove(code);
                continue;
            } else if is_key && words.ends_with("remove ") {
                next.remove(code);
            } else if *code == "credentials" && words.ends_with("write ") {
                next.credentials = true;
                let (key, _) = at(finding.place).expect("a header");
                assert_eq!(key, "allow_headers");
                next.replace(finding.place, Vec::new());
            } else if let Some(lint) = code.strip_prefix("allow(").filter(|_| words.ends_with("with ")) {
                all.last_mut().expect("something before").0.allow.push(lint.trim_end_matches(')').to_owned().leak());
                continue;
            } else if code.contains(['<', '…']) || words.contains("remove it: ") || words.contains(" covers ") {
                // It is not known what will be written, or this is not what to write.
                continue;
            } else if let Some((key, value)) = code.split_once(" = ") {
                let Some(value) = list(value) else { continue };
                match at(finding.place) {
                    Some((own, _)) if own != key => {
                        next.replace(finding.place, Vec::new());
                        next.list(key).expect("a list").extend(value);
                    }
                    _ => *next.list(key).expect("a list") = value,
                }
            } else if code.starts_with(['"', '[']) && at(finding.place).is_some() {
                let Some(value) = list(code) else { continue };
                next.replace(finding.place, value);
            } else {
                continue;
            }
            let example = ["as in ", "such as "].iter().any(|end| words.ends_with(end));
            all.push((next, example || *code == "\"https://*.example.com\""));
        }
        // An empty list of origins has its own error.
        if finding.help.starts_with("remove it")
            && let Some((key, _)) = at(finding.place)
            && (key != "origins" || self.origins.len() > 1)
        {
            let mut next = self.clone();
            next.replace(finding.place, Vec::new());
            all.push((next, false));
        }
        all
    }
}

fn at(place: Place) -> Option<(&'static str, usize)> {
    match place {
        Place::Origin(index) => Some(("origins", index)),
        Place::DebugOrigin(index) => Some(("debug_origins", index)),
        Place::AllowHeader(index) => Some(("allow_headers", index)),
        Place::ExposeHeader(index) => Some(("expose_headers", index)),
        _ => None,
    }
}

/// `any`, a text or a list as it is written.
fn list(value: &str) -> Option<Vec<String>> {
    let inner = value.strip_prefix('[').and_then(|value| value.strip_suffix(']')).unwrap_or(value);
    let element = |text: &str| match text {
        "any" => Some(ANY.to_owned()),
        text => Some(text.strip_prefix('"')?.strip_suffix('"')?.to_owned()),
    };
    inner.split(", ").map(element).collect()
}

/// What was found for the first time after a help was carried out: one example for each pair of rules.
type Surprises = BTreeMap<(&'static str, &'static str), String>;

/// Carries out all that is said about the policy. That an `allow` has no effect is known only when no error is left.
fn carry_out(policy: &Written, surprises: &mut Surprises) {
    let before = policy.findings();
    // Of two that are the same, the second is looked at once it is alone.
    if before.iter().any(|finding| *finding.rule == rules::DUPLICATE_ORIGIN) {
        return;
    }
    for finding in &before {
        for (next, example) in policy.applied(finding) {
            for new in next.findings() {
                let pair = (finding.rule.name, new.rule.name);
                let known = |old: &Finding| {
                    old.rule == new.rule
                        && (old.place == finding.place || old.message.eq_ignore_ascii_case(&new.message))
                };
                // An example says nothing about the other elements.
                let is_theirs = example && ABOUT_OTHERS.contains(&new.rule.name);
                if !is_theirs && !before.iter().any(known) && *new.rule != rules::UNUSED_ALLOW && !NEXT.contains(&pair)
                {
                    let text = format!("{policy:?}\n  {}\n  then {}", finding.help, new.message);
                    surprises.entry(pair).or_insert(text);
                }
            }
        }
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// The policy with and without `credentials` and `enforce`.
fn beside_flags(policy: Written) -> impl Iterator<Item = Written> {
    [(false, false), (true, false), (false, true), (true, true)]
        .into_iter()
        .map(move |(credentials, enforce)| Written { credentials, enforce, ..policy.clone() })
}

#[test]
fn what_is_said_about_origins_is_right_when_it_is_written() {
    let said = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/said.txt")).expect("the cases");
    let cases = said.split("\n\n").filter_map(|paragraph| paragraph.lines().next());
    let cases = cases.filter(|case| !case.starts_with("# ")).map(|case| {
        let case = case.strip_prefix("with credentials ").unwrap_or(case);
        case.strip_prefix("in a list ").unwrap_or(case).replace("\\t", "\t").replace("\\n", "\n")
    });
    let more = [
        "http://app.example.com/",
        "https://*.com/",
        "http://*.com:*",
        "htp://a.example",
        "htps://*.github.io",
        "http://app.example.com.",
        "http://app.example.com.:*",
        "http://[::ffff:10.0.0.1]:*",
        "http://localhost.:*",
        "http://a.example, http://b.example",
        "https://a.example,https://a.example",
        "https://a.example, https://other.example",
        "HTTP://A.Example:*",
        "ws://a.example",
        "http://a.example:443",
        "'*'",
        "https://pr-*.example.com",
    ];
    let (mut policies, mut surprises) = (0, Surprises::new());
    for text in cases.chain(more.map(ToOwned::to_owned)) {
        let own = || vec![text.clone()];
        let both = |first: &[String], second: &[String]| [first, second].concat();
        let other = texts(&["https://other.example"]);
        let mut around = vec![
            Written { origins: own(), ..Written::default() },
            Written { origins: both(&other, &own()), ..Written::default() },
            Written { origins: both(&own(), &own()), ..Written::default() },
            Written {
                origins: both(&own(), &texts(&["https://*.example.com", "https://*.example"])),
                ..Written::default()
            },
            Written { origins: own(), debug_origins: texts(&["http://localhost:3000"]), ..Written::default() },
            Written { origins: other.clone(), debug_origins: own(), ..Written::default() },
            Written { origins: texts(&[ANY]), debug_origins: own(), ..Written::default() },
            Written { origins: both(&own(), &texts(&[ANY])), ..Written::default() },
        ];
        // Beside that which is offered.
        let alone = Written { origins: own(), ..Written::default() };
        let offers = alone.findings().iter().flat_map(|finding| alone.applied(finding)).collect::<Vec<_>>();
        for (Written { origins, .. }, _) in offers {
            around.push(Written { origins: both(&own(), &origins), ..Written::default() });
            around.push(Written { origins: both(&origins, &own()), ..Written::default() });
            around.push(Written { origins, debug_origins: own(), ..Written::default() });
        }
        for policy in around.into_iter().flat_map(beside_flags) {
            let allowed = [
                vec![],
                vec!["enforce_with_any"],
                vec!["insecure_origin_with_credentials"],
                vec!["any_port_with_credentials"],
            ];
            let count = if more.contains(&text.as_str()) { allowed.len() } else { 1 };
            for allow in allowed.into_iter().take(count) {
                policies += 1;
                carry_out(&Written { allow, ..policy.clone() }, &mut surprises);
            }
        }
    }
    assert!(policies > 10_000, "{policies}");
    assert!(surprises.is_empty(), "{surprises:#?}");
}

#[test]
fn what_is_said_about_headers_is_right_when_it_is_written() {
    let names = [
        "*",
        "any",
        "Any",
        "x-*",
        "x-a",
        "X-A: b",
        "x-a;",
        "x-a, x-b",
        "x-a, X-A",
        "x-a, *",
        "any, x-a",
        "any: x",
        "",
        "cookie",
        "cookie: x",
        "Cookie, x-a",
        "content-type, authorization",
        "Authorization: Bearer",
        "etag",
        "ETag: 1",
        "etag, x-a",
        "server",
        "accept",
        "range: bytes",
        "range",
        "x-forwarded-for: 1",
        "x-method-override, x-a",
        "vary",
        "origin",
        "set-cookie",
        "content-length",
        "access-control-allow-origin",
        "access-control-expose-headers: x",
        "x y",
        "x-ä",
    ];
    let (mut policies, mut surprises) = (0, Surprises::new());
    for name in names {
        let others = [
            texts(&[]),
            texts(&["x-a"]),
            texts(&[ANY]),
            texts(&["authorization"]),
            texts(&["etag", "range", "server"]),
        ];
        for (beside, across) in others.iter().flat_map(|beside| others.iter().map(move |across| (beside, across))) {
            let own = [beside.clone(), texts(&[name])].concat();
            let first = [texts(&[name]), beside.clone()].concat();
            for (list, origins) in
                [own, first].into_iter().flat_map(|list| [(list.clone(), "https://a.example"), (list, ANY)])
            {
                let allow = Written {
                    origins: texts(&[origins]),
                    allow_headers: list.clone(),
                    expose_headers: across.clone(),
                    ..Written::default()
                };
                let expose = Written { allow_headers: across.clone(), expose_headers: list, ..allow.clone() };
                for policy in [allow, expose].into_iter().flat_map(beside_flags) {
                    for allow in [vec![], vec!["wildcard_allow_headers_with_credentials"]] {
                        policies += 1;
                        carry_out(&Written { allow, ..policy.clone() }, &mut surprises);
                    }
                }
            }
        }
    }
    assert!(policies > 10_000, "{policies}");
    assert!(surprises.is_empty(), "{surprises:#?}");
}
