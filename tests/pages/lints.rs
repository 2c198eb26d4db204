//! The pages in `docs/lints`, one for each rule, and what the cases in `compile/` have to show.
//!
//! Nothing in a page is pasted by hand: what a rule is about comes from `cors_rules::rules`, the failing example and the
//! compiler's words from `compile/fail/rules`, the fixed example from `compile/fixed`. The pages' examples are doc tests, by
//! way of `lint_pages.rs`, which is written here too. `UPDATE_DOCS=1 cargo test -p cors-tests --test pages` writes them all.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use cors_rules::rules::{self, ALL};
use cors_rules::{Kind, Level, Rule};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/compile");
const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/lints");
/// The same pages for `cargo cors rule`, which has no other file at hand.
const IN_THE_TOOL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../cargo-cors/rules.md");
const DOC_TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pages/lint_pages.rs");

/// The tables of the index: the first rule of each, and its title.
pub(crate) const SECTIONS: [(&Rule, &str); 12] = [
    (&rules::MISSING_ORIGINS, "Origins: something is missing"),
    (&rules::TRAILING_SLASH, "Origins: too much text"),
    (&rules::MALFORMED_SCHEME, "Origins: the scheme"),
    (&rules::NON_ASCII_HOST, "Origins: the host"),
    (&rules::DEFAULT_PORT, "Origins: the port"),
    (&rules::MISPLACED_WILDCARD, "Origins: wildcards"),
    (&rules::INSECURE_ORIGIN_WITH_CREDENTIALS, "Origins: transport"),
    (&rules::DUPLICATE_ORIGIN, "Origins: the list as a whole"),
    (&rules::EMPTY_HEADER_NAME, "Headers: both lists, and `allow_headers`"),
    (&rules::FORBIDDEN_RESPONSE_HEADER, "Headers: `expose_headers`"),
    (&rules::MAX_AGE_NEGATIVE, "`max_age`"),
    (&rules::UNKNOWN_OPTION, "The attribute"),
];

#[test]
fn one_mistake_is_one_error() {
    let mut faults = Vec::new();
    for folder in ["rules", "arguments", "grammar", "modules"] {
        let mut names = names(&format!("{CASES}/fail/{folder}"), ".rs");
        for name in &names {
            let case = format!("{folder}/{name}");
            let rule = ["rules", "arguments"].contains(&folder).then(|| name.split("--").next().unwrap_or(name));
            if let Some(rule) = rule
                && ALL.iter().all(|known| known.name != rule)
            {
                faults.push(format!("{case}.rs: the name does not start with that of a rule"));
            }
            match fs::read_to_string(format!("{CASES}/fail/{case}.stderr")) {
                Ok(stderr) => {
                    faults.extend(what_is_wrong(&stderr, rule).map(|fault| format!("{case}.stderr: {fault}")));
                }
                Err(_) => faults.push(format!("{case}.rs has no .stderr")),
            }
        }
        names.retain(|name| Path::new(&format!("{CASES}/fail/{folder}/{name}.stderr")).exists());
        let left: Vec<_> =
            self::names(&format!("{CASES}/fail/{folder}"), ".stderr").difference(&names).cloned().collect();
        faults.extend(left.iter().map(|name| format!("{folder}/{name}.stderr has no .rs")));
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// The first thing that what the compiler prints about one mistake must not be.
fn what_is_wrong(stderr: &str, rule: Option<&str>) -> Option<String> {
    let starting = |word: &str| stderr.lines().filter(|line| line.starts_with(word)).count();
    let note = |kind: &str, rule: &str, rest: &str| stderr.contains(&format!("= note: {kind} `{rule}`{rest}"));
    if starting("error") != 1 {
        return Some(format!("{} errors", starting("error")));
    }
    if starting("warning") != 0 {
        return Some("a warning".to_owned());
    }
    if stderr.contains("--> /") {
        return Some("a path of one machine".to_owned());
    }
    if let Some(rule) = rule {
        if !note("rule", rule, " is always an error") && !note("lint", rule, "; add `allow(") {
            return Some(format!("no note that names `{rule}`"));
        }
        if !stderr.contains("= help: ") {
            return Some("no help".to_owned());
        }
    }
    None
}

#[test]
fn every_rule_has_its_cases() {
    let expected = |allowed: bool| -> BTreeSet<String> {
        let plain = ALL.iter().map(|rule| rule.name.to_owned());
        let kept = ALL.iter().filter(|rule| allowed && rule.is_allowable());
        plain.chain(kept.map(|rule| format!("{}--allowed", rule.name))).collect()
    };
    let failing: BTreeSet<_> =
        names(&format!("{CASES}/fail/rules"), ".rs").into_iter().filter(|name| !name.contains("--")).collect();
    assert_same("compile/fail/rules", &failing, &expected(false));
    assert_same("compile/fixed", &names(&format!("{CASES}/fixed"), ".rs"), &expected(true));
    for rule in ALL.iter().filter(|rule| rule.is_allowable()) {
        let kept = read(&format!("{CASES}/fixed/{}--allowed.rs", rule.name));
        assert!(kept.contains(&format!("allow({})", rule.allow_name())), "compile/fixed/{}--allowed.rs", rule.name);
    }
}

#[test]
fn pages_say_what_the_code_says() {
    let mut expected: Vec<(String, String)> =
        ALL.iter().map(|rule| (format!("{PAGES}/{}.md", rule.name), page(rule))).collect();
    expected.push((format!("{PAGES}/README.md"), index()));
    expected.push((DOC_TESTS.to_owned(), doc_tests()));
    expected.push((IN_THE_TOOL.to_owned(), ALL.iter().map(|rule| page(rule)).collect::<Vec<_>>().join("\n")));

    let mut known: BTreeSet<_> = ALL.iter().map(|rule| rule.name.to_owned()).collect();
    known.insert("README".to_owned());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(PAGES).expect(PAGES);
        for (path, text) in &expected {
            if fs::read_to_string(path).ok().as_ref() != Some(text) {
                fs::write(path, text).expect(path);
            }
        }
    }
    assert_same("docs/lints", &names(PAGES, ".md"), &known);
    let stale: Vec<_> = expected
        .iter()
        .filter_map(|(path, text)| {
            let written = fs::read_to_string(path).unwrap_or_default();
            let name = Path::new(path).file_name()?.to_str()?;
            (written != *text).then(|| format!("{name}, {}", first_difference(&written, text)))
        })
        .collect();
    assert!(
        stale.is_empty(),
        "\nthese files are not what the code says:\n\n{}\n\n`UPDATE_DOCS=1 cargo test -p cors-tests --test pages` \
         writes them again\n",
        stale.join("\n")
    );
}

/// Line and contents of the first difference between two texts.
fn first_difference(written: &str, expected: &str) -> String {
    let (mut written, mut expected) = (written.lines(), expected.lines());
    for number in 1.. {
        match (written.next(), expected.next()) {
            (None, None) => break,
            (a, b) if a == b => {}
            (a, b) => {
                let shown = |line: Option<&str>| line.map_or("nothing".to_owned(), |line| format!("`{line}`"));
                return format!("line {number}: {} instead of {}", shown(a), shown(b));
            }
        }
    }
    "the end of the last line".to_owned()
}

/// The page of one rule.
pub(crate) fn page(rule: &Rule) -> String {
    let Rule { name, why, source: (title, address), .. } = rule;
    let case = format!("{CASES}/fail/rules/{name}");
    let example = read(&format!("{case}.rs"));
    let errors = read(&format!("{case}.stderr")).replace(&format!("compile/fail/rules/{name}.rs"), "src/main.rs");
    let mut page = format!(
        "# `{name}`\n\n{}\n\n{why}\n\n\
         ## Example\n\n```rust,compile_fail\n{example}```\n\n\
         ## The compiler says\n\n```text\n{errors}```\n\n\
         ## Instead\n\n```rust\n{}```\n",
        severity(rule, ": accept with "),
        read(&format!("{CASES}/fixed/{name}.rs")),
    );
    if rule.is_allowable() {
        let kept = read(&format!("{CASES}/fixed/{name}--allowed.rs"));
        add(&mut page, format_args!("\nOr, to keep it as it is written:\n\n```rust\n{kept}```\n"));
    }
    add(&mut page, format_args!("\n## Source\n\n[{title}]({address})\n\n[All rules](README.md)\n"));
    page
}

/// The level and the kind of a rule, in words, and how it is accepted.
fn severity(rule: &Rule, accepted: &str) -> String {
    let kind = match rule.kind {
        Kind::Invalid => "invalid",
        Kind::Forbidden => "forbidden",
        Kind::Dangerous => "dangerous",
        Kind::Redundant => "redundant",
    };
    match rule.level {
        Level::Error => format!("error · {kind}"),
        Level::Lint => format!("lint · {kind}{accepted}`allow({})`", rule.allow_name()),
    }
}

/// The index of the pages.
pub(crate) fn index() -> String {
    let (all, allowable) = (ALL.len(), ALL.iter().filter(|rule| rule.is_allowable()).count());
    let mut index = format!(
        "# What the `cross_origin` attribute refuses\n\n\
         {all} rules, checked while the handler compiles. Each names one of four kinds of mistake:\n\n\
         - *invalid*: the text is not in the grammar, and to guess what is meant would be to guess about security\n\
         - *forbidden*: the text is in the grammar, but by the standards no browser sends or honours it\n\
         - *dangerous*: it is possible, and it trusts more than it seems to\n\
         - *redundant*: it has no effect, or not the effect that it seems to have\n\n\
         {} of them are always errors. {allowable} are lints: an error until `allow(…)` in the attribute names the lint. One name \
         accepts one lint, and a name that accepts nothing is itself an error.\n",
        all - allowable
    );
    for rule in ALL {
        if let Some((_, title)) = SECTIONS.iter().find(|(first, _)| first == rule) {
            add(&mut index, format_args!("\n## {title}\n\n| rule | what it is about | severity |\n|---|---|---|\n"));
        }
        let (name, about, severity) = (rule.name, first_sentence(rule.why), severity(rule, ", "));
        add(&mut index, format_args!("| [`{name}`]({name}.md) | {about} | {severity} |\n"));
    }
    index
}

/// The text up to the first period that ends a sentence: one outside backticks, at the end of the text or before a space.
fn first_sentence(text: &str) -> &str {
    let end = text.match_indices('.').map(|(at, _)| at + 1).find(|&end| {
        let (before, after) = text.split_at(end);
        before.matches('`').count() % 2 == 0 && (after.is_empty() || after.starts_with(' '))
    });
    &text[..end.unwrap_or(text.len())]
}

/// The module that makes the examples of the pages doc tests.
fn doc_tests() -> String {
    let mut module =
        "//! The pages in `docs/lints`, so that their examples are tested. Written by the test `pages`.\n".to_owned();
    for rule in ALL {
        let (name, module_name) = (rule.name, rule.allow_name());
        add(
            &mut module,
            format_args!("\n#[doc = include_str!(\"../../docs/lints/{name}.md\")]\nmod {module_name} {{}}\n"),
        );
    }
    module
}

/// The names of the files in a folder that end in this way, without the ending.
fn names(folder: &str, ending: &str) -> BTreeSet<String> {
    let files = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
    files
        .filter_map(|file| {
            let name = file.ok()?.file_name().into_string().ok()?;
            name.strip_suffix(ending).map(ToOwned::to_owned)
        })
        .collect()
}

/// Fails with what is missing and what is left over.
fn assert_same(folder: &str, found: &BTreeSet<String>, expected: &BTreeSet<String>) {
    let missing = expected.difference(found).map(|name| format!("{name} is missing"));
    let left = found.difference(expected).map(|name| format!("{name} belongs to no rule"));
    let differences: Vec<_> = missing.chain(left).collect();
    assert!(differences.is_empty(), "\n{folder}: {}\n", differences.join(", "));
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn add(text: &mut String, more: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = text.write_fmt(more);
}
