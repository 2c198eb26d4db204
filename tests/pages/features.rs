//! docs/features.md, docs/guarantees.md and docs/tower-http-tests.md: every row names its tests, and every test that the
//! pages name exists.
//!
//! | how a test is named | what has to be there |
//! |---|---|
//! | `tests/says/logs.rs::name` | the file, and in it `fn name()` below `#[test]` |
//! | `tests/compile/fail/rules/name.rs` | the file, and its `.stderr` if it must not compile |
//! | `tests/cases/requests.tsv::r001` | the file, and in it a row with this id |

use std::collections::HashSet;
use std::fs;
use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// An empty page must not pass.
const FEWEST: usize = 60;

/// The tests that some text names: each with the address that it links to.
fn tests(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("[`").skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_once("`](")?;
        let (address, _) = rest.split_once(')')?;
        Some((name, address))
    })
}

/// Whether some text names tests and says nothing else, so that none is passed over.
fn is_list_of_tests(text: &str) -> bool {
    let linked: Vec<_> = tests(text).map(|(name, address)| format!("[`{name}`]({address})")).collect();
    !linked.is_empty() && linked.join(", ") == text
}

/// What is wrong with the name of a test.
fn fault(name: &str, address: &str) -> Option<&'static str> {
    let (file, item) = name.split_once("::").map_or((name, None), |(file, item)| (file, Some(item)));
    let Ok(text) = fs::read_to_string(format!("{ROOT}/{file}")) else {
        return Some("no such file");
    };
    let (found, otherwise) = match item {
        _ if address != format!("../{file}") => (false, "the link leads elsewhere"),
        Some(row) if file.starts_with("tests/cases/") => {
            (text.lines().any(|line| line.split('\t').next() == Some(row)), "no such row")
        }
        Some(function) => (is_test(&text, function), "no such test in the file"),
        None if file.starts_with("tests/compile/fail/") => {
            (Path::new(ROOT).join(file).with_extension("stderr").exists(), "no `.stderr` beside it")
        }
        None => (file.starts_with("tests/compile/pass/"), "names no test in the file"),
    };
    (!found).then_some(otherwise)
}

/// Whether the source has a test of this name, which is not ignored.
fn is_test(source: &str, name: &str) -> bool {
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let function = format!("fn {name}(");
    lines.iter().position(|line| line.starts_with(&function)).is_some_and(|at| {
        let above = lines[..at].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        let attributes: Vec<_> = above.collect();
        attributes.contains(&&"#[test]") && !attributes.iter().any(|line| line.starts_with("#[ignore"))
    })
}

/// The number of features on a page, and everything that is wrong with it.
fn read(page: &str) -> (usize, Vec<String>) {
    let (mut features, mut faults, mut seen) = (0, Vec::new(), HashSet::new());
    // The cells above the rows of a table.
    let mut head: Option<Vec<&str>> = None;
    for (line, text) in (1..).zip(page.lines()) {
        let wrong = tests(text).filter_map(|(name, address)| Some((name, fault(name, address)?)));
        faults.extend(wrong.map(|(name, fault)| format!("line {line}: `{name}`: {fault}")));
        let Some(row) = text.strip_prefix('|') else {
            head = None;
            continue;
        };
        let cells: Vec<_> = row.trim_end_matches('|').split('|').map(str::trim).collect();
        let Some(head) = &head else {
            head = Some(cells);
            continue;
        };
        let mut fault = |text: &str| faults.push(format!("line {line}: `{}`: {text}", cells[0]));
        if cells[0].starts_with("---") {
            continue;
        }
        if cells.len() != head.len() || cells.contains(&"") {
            fault("a cell is missing, empty, or too many");
        } else if head.last() == Some(&"test") {
            features += 1;
            if !is_list_of_tests(cells[cells.len() - 1]) {
                fault("the last cell is not a list of tests with links");
            }
        }
        if !seen.insert(cells[0]) {
            fault("a second time");
        }
    }
    (features, faults)
}

#[test]
fn every_feature_has_its_test() {
    let page = fs::read_to_string(format!("{ROOT}/docs/features.md")).expect("docs/features.md");
    let (features, faults) = read(&page);
    assert!(faults.is_empty(), "docs/features.md:\n  {}\n", faults.join("\n  "));
    assert!(features >= FEWEST, "docs/features.md has {features} rows, fewer than {FEWEST}");
}

/// docs/guarantees.md is a page of the same form.
#[test]
fn every_guarantee_has_its_test() {
    let page = fs::read_to_string(format!("{ROOT}/docs/guarantees.md")).expect("docs/guarantees.md");
    let (guarantees, faults) = read(&page);
    assert!(faults.is_empty(), "docs/guarantees.md:\n  {}\n", faults.join("\n  "));
    assert!(guarantees >= 30, "docs/guarantees.md has {guarantees} rows");
}

/// So is docs/tower-http-tests.md, with a row for each test of tower-http.
#[test]
fn every_test_of_tower_http_has_its_test() {
    let page = fs::read_to_string(format!("{ROOT}/docs/tower-http-tests.md")).expect("docs/tower-http-tests.md");
    let (tests, faults) = read(&page);
    assert!(faults.is_empty(), "docs/tower-http-tests.md:\n  {}\n", faults.join("\n  "));
    assert_eq!(tests, 28, "docs/tower-http-tests.md");
}

#[test]
fn what_is_wrong_with_a_page_is_found() {
    let page = "
| feature | test |
|---|---|
| good | [`tests/pages/features.rs::every_feature_has_its_test`](../tests/pages/features.rs), [`tests/cases/requests.tsv::r001`](../tests/cases/requests.tsv) |
| case | [`tests/compile/fail/rules/null-origin.rs`](../tests/compile/fail/rules/null-origin.rs), [`tests/compile/pass/strict.rs`](../tests/compile/pass/strict.rs) |
| good | [`tests/pages/features.rs`](../tests/pages/features.rs) |
| helper | [`tests/pages/features.rs::fault`](../tests/pages/features.rs) |
| none | tested by hand |
| elsewhere | [`tests/pages/features.rs::every_feature_has_its_test`](../tests/says/logs.rs) |
| gone | [`tests/gone.rs::gone`](../tests/gone.rs) [`tests/cases/requests.tsv::r000`](../tests/cases/requests.tsv) |

| left out | who has it | why |
|---|---|---|
| this | all | [`tests/compile/fixed/null-origin.rs`](../tests/compile/fixed/null-origin.rs) |
| that | all |
| those | all | |
";
    let expected = [
        "line 6: `tests/pages/features.rs`: names no test in the file",
        "line 6: `good`: a second time",
        "line 7: `tests/pages/features.rs::fault`: no such test in the file",
        "line 8: `none`: the last cell is not a list of tests with links",
        "line 9: `tests/pages/features.rs::every_feature_has_its_test`: the link leads elsewhere",
        "line 10: `tests/gone.rs::gone`: no such file",
        "line 10: `tests/cases/requests.tsv::r000`: no such row",
        "line 10: `gone`: the last cell is not a list of tests with links",
        "line 14: `tests/compile/fixed/null-origin.rs`: names no test in the file",
        "line 15: `that`: a cell is missing, empty, or too many",
        "line 16: `those`: a cell is missing, empty, or too many",
    ];
    assert_eq!(read(page), (7, expected.map(String::from).to_vec()));
}
