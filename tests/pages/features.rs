//! docs/features.md: every feature names a test, and the test is there. 
//!
//! | how a test is named | what has to be there |
//! |---|---|
//! | `tests/says/logs.rs::name` | the file, and in it `fn name()` below `#[test]` |
//! | `tests/compile/fail/rules/name.rs` | the file, in a folder that `compile/main.rs` runs, and its `.stderr` if it must not compile |
//! | `tests/cases/requests.tsv::r001` | the file, and in it a row with this id |

use std::collections::HashSet;
use std::fs;
use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// An empty page must not pass.
const FEWEST: usize = 60;

/// The columns of the tables: of the short names, of features, and of what is left out.
const SHORT: [&str; 2] = ["short", "library"];
const FEATURES: [&str; 4] = ["feature", "who has it", "how to say it here", "test"];
const LEFT_OUT: [&str; 3] = ["left out", "who has it", "why"];

/// A row of a table.
struct Row<'a> {
    line: usize,
    cells: Vec<&'a str>,
    /// The number of the line above the table's rows, and the columns that it names.
    head: (usize, Vec<&'a str>),
}

/// The rows of all tables.
fn rows(page: &str) -> Vec<Row<'_>> {
    let mut head = None;
    let mut rows = Vec::new();
    for (line, text) in (1..).zip(page.lines()) {
        let Some(text) = text.strip_prefix('|') else {
            head = None;
            continue;
        };
        let cells: Vec<_> = text.strip_suffix('|').unwrap_or(text).split('|').map(str::trim).collect();
        match &head {
            None => head = Some((line, cells)),
            Some(_) if cells.iter().all(|cell| cell.starts_with("---")) => {}
            Some(head) => rows.push(Row { line, cells, head: head.clone() }),
        }
    }
    rows
}

/// The rows of the tables of features.
fn features(page: &str) -> Vec<Row<'_>> {
    rows(page).into_iter().filter(|row| row.head.1 == FEATURES).collect()
}

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
fn fault(name: &str, address: &str) -> Option<String> {
    let (file, item) = name.split_once("::").map_or((name, None), |(file, item)| (file, Some(item)));
    if address != format!("../{file}") {
        return Some(format!("links to {address}"));
    }
    let Ok(text) = fs::read_to_string(format!("{ROOT}/{file}")) else {
        return Some("no such file".to_owned());
    };
    match (file.strip_prefix("tests/compile/"), item) {
        (Some(_), Some(_)) => Some("a case of `tests/compile` is a file of its own".to_owned()),
        (Some(case), None) => match case.rsplit_once("/").map(|(folder, _)| folder) {
            Some("pass") => None,
            Some("fail/rules" | "fail/arguments" | "fail/grammar" | "fail/modules" | "fail/several") => {
                let stderr = Path::new(ROOT).join(file).with_extension("stderr");
                (!stderr.exists()).then(|| "no `.stderr` beside it".to_owned())
            }
            _ => Some("`tests/compile/main.rs` does not run this folder".to_owned()),
        },
        (None, None) => Some("names no test in the file".to_owned()),
        (None, Some(id)) if Path::new(file).extension().is_some_and(|end| end == "tsv") => {
            let row = text.lines().any(|line| line.split('\t').next() == Some(id));
            (!row).then(|| "no such row".to_owned())
        }
        (None, Some(function)) => (!is_test(&text, function)).then(|| "no such test in the file".to_owned()),
    }
}

/// Whether the source has a test of this name.
fn is_test(source: &str, name: &str) -> bool {
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let here = |line: &str| {
        line.strip_prefix("fn ").and_then(|rest| rest.strip_prefix(name)).is_some_and(|rest| rest.starts_with('('))
    };
    lines.iter().position(|line| here(line)).is_some_and(|at| {
        let above = lines[..at].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        let attributes: Vec<_> = above.collect();
        attributes.contains(&&"#[test]") && !attributes.iter().any(|line| line.starts_with("#[ignore"))
    })
}

/// Everything that is wrong with a page.
fn faults(page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (line, text) in (1..).zip(page.lines()) {
        faults.extend(tests(text).filter_map(|(name, address)| Some((line, name, fault(name, address)?))));
    }
    let mut faults: Vec<_> =
        faults.iter().map(|(line, name, fault)| format!("line {line}: `{name}`: {fault}")).collect();
    let mut seen = HashSet::new();
    for Row { line, cells, head: (above, columns) } in rows(page) {
        let mut fault = |text: &str| faults.push(format!("line {line}: `{}`: {text}", cells[0]));
        if columns != SHORT && columns != FEATURES && columns != LEFT_OUT {
            fault(&format!("the columns in line {above} are none of this page"));
        } else if cells.len() != columns.len() || cells.iter().any(|cell| cell.is_empty()) {
            fault(&format!("{} cells, or an empty one, instead of {}", cells.len(), columns.len()));
        } else if columns == FEATURES && !is_list_of_tests(cells[3]) {
            fault("the last cell is not a list of tests with links");
        }
        if !seen.insert(cells[0]) {
            fault("a second time");
        }
    }
    faults
}

#[test]
fn every_feature_has_its_test() {
    let page = fs::read_to_string(format!("{ROOT}/docs/features.md")).expect("docs/features.md");
    let faults = faults(&page);
    assert!(faults.is_empty(), "docs/features.md:\n  {}\n", faults.join("\n  "));
    let rows = features(&page).len();
    println!("{rows} features");
    assert!(rows >= FEWEST, "docs/features.md has {rows} rows, fewer than {FEWEST}");
}

#[test]
fn what_is_wrong_with_a_page_is_found() {
    let page = "
| feature | who has it | how to say it here | test |
|---|---|---|---|
| good | all | `x` | [`tests/pages/features.rs::every_feature_has_its_test`](../tests/pages/features.rs), [`tests/cases/requests.tsv::r001`](../tests/cases/requests.tsv) |
| case | all | `x` | [`tests/compile/fail/rules/null-origin.rs`](../tests/compile/fail/rules/null-origin.rs), [`tests/compile/pass/strict.rs`](../tests/compile/pass/strict.rs) |
| good | all | `x` | [`tests/pages/features.rs`](../tests/pages/features.rs) |
| three | all | [`tests/pages/features.rs::fault`](../tests/pages/features.rs) |
| none | all | `x` | tested by hand |
| moved | all | `x` | [`tests/pages/features.rs::what_is_wrong_with_a_page_is_found`](../tests/says/logs.rs) |
| gone | all | `x` | [`tests/gone.rs::gone`](../tests/gone.rs) [`tests/cases/requests.tsv::r000`](../tests/cases/requests.tsv) |
| fixed | all | `x` | [`tests/compile/fixed/null-origin.rs`](../tests/compile/fixed/null-origin.rs) |

| left out | why |
|---|---|
| this | [`tests/compile/fail/rules/gone.rs`](../tests/compile/fail/rules/gone.rs) |

| left out | who has it | why |
|---|---|---|
| that | all |
| those | all | reasons |
";
    let expected = [
        "line 6: `tests/pages/features.rs`: names no test in the file",
        "line 7: `tests/pages/features.rs::fault`: no such test in the file",
        "line 9: `tests/pages/features.rs::what_is_wrong_with_a_page_is_found`: links to ../tests/says/logs.rs",
        "line 10: `tests/gone.rs::gone`: no such file",
        "line 10: `tests/cases/requests.tsv::r000`: no such row",
        "line 11: `tests/compile/fixed/null-origin.rs`: `tests/compile/main.rs` does not run this folder",
        "line 15: `tests/compile/fail/rules/gone.rs`: no such file",
        "line 6: `good`: a second time",
        "line 7: `three`: 3 cells, or an empty one, instead of 4",
        "line 8: `none`: the last cell is not a list of tests with links",
        "line 10: `gone`: the last cell is not a list of tests with links",
        "line 15: `this`: the columns in line 13 are none of this page",
        "line 19: `that`: 2 cells, or an empty one, instead of 3",
    ];
    assert_eq!(faults(page), expected);
    assert_eq!(features(page).len(), 8);
}
