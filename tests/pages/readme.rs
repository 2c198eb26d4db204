//! What README.md and the pages in docs/ quote and link to is there, and says what they say.
//!
//! | comment above a block of code | what is compared |
//! |---|---|
//! | `<!-- stderr: FILE -->` | the block is the whole file, the path in its lines `-->` aside |
//! | `<!-- part of: FILE -->` | the block is a piece of the file |
//!
//! Their Rust code is tested as documentation of this package's library.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use cors_rules::attribute::OPTIONS;
use cors_rules::rules;

/// The workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in the workspace").to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// README.md and docs/*.md. The pages of the lints have another test.
fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).expect("docs/ is there").filter_map(Result::ok);
    let pages = docs.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "md"));
    let mut pages: Vec<_> = pages.chain([root().join("README.md")]).collect();
    pages.sort();
    pages
}

/// The attribute's documentation and README.md have the same tables of arguments.
#[test]
fn the_arguments_are_documented_once() {
    const START: &str = "<!-- from README.md: The arguments -->\n";
    let readme = read(&root().join("README.md"));
    let (_, arguments) = readme.split_once("\n## The arguments\n\n").expect("a section about the arguments");
    let (arguments, _) = arguments.split_once("\nThe [guide](docs/guide.md)").expect("the end of it");
    let path = root().join("cors-macros/attribute.md");
    let written = read(&path);
    let (before, rest) = written.split_once(START).expect("a mark");
    let (_, after) = rest.split_once("<!-- end -->").expect("a mark");
    let expected = format!("{before}{START}{arguments}<!-- end -->{after}");
    if std::env::var_os("UPDATE_DOCS").is_some() && written != expected {
        fs::write(&path, &expected).expect("cors-macros/attribute.md can be written");
    }
    assert!(read(&path) == expected, "`UPDATE_DOCS=1 cargo test -p cors-tests --test pages` writes it again");
}

/// What an editor shows for an argument is what the table says.
#[test]
fn editors_show_the_rows_of_the_table() {
    let readme = read(&root().join("README.md"));
    let (_, table) = readme.split_once("\n## The arguments\n").expect("a section about the arguments");
    let shown = read(&root().join("cors-runtime/src/arguments.rs"));
    let mut compared = 0;
    for option in OPTIONS.iter().filter(|&&option| option != "crate") {
        let is_row =
            |line: &&str| [format!("| `{option}`"), format!("| `{option}(")].iter().any(|row| line.starts_with(row));
        let row = table.lines().find(is_row).expect(option);
        let meaning = row.trim_matches('|').split(" | ").last().expect("a column").trim();
        let item = shown.split("\n\n").find(|item| item.contains(&format!("pub mod {option} {{}}"))).expect(option);
        let item = item.replace("\n/// ", " ");
        assert!(item.to_lowercase().contains(&meaning.to_lowercase()), "{option}: {meaning}");
        compared += 1;
    }
    assert_eq!(compared, OPTIONS.len() - 1);
}

/// The blocks of code that have a comment above them: the comment's word, the file that it names, and the code.
fn quotations(page: &str) -> Vec<(&str, &str, &str)> {
    let comments = page.split("<!-- ").skip(1);
    let quotations = comments.filter_map(|rest| {
        let (comment, rest) = rest.split_once(" -->\n```")?;
        let (word, file) = comment.split_once(": ")?;
        let (_, code) = rest.split_once('\n')?;
        let (code, _) = code.split_once("\n```")?;
        Some((word, file, code))
    });
    quotations.collect()
}

/// An error of the compiler without what differs from one package to another: the path of the source.
fn without_paths(error: &str) -> String {
    let lines = error.trim().lines().map(|line| match line.split_once("--> ") {
        Some((blanks, place)) => {
            let line_and_column = place.split_once(':').map_or("", |(_, line_and_column)| line_and_column);
            format!("{blanks}--> {line_and_column}\n")
        }
        None => format!("{line}\n"),
    });
    lines.collect()
}

#[test]
fn quotations_are_exact() {
    let mut compared = 0;
    for path in pages() {
        let page = read(&path);
        for (word, file, code) in quotations(&page) {
            let quoted = read(&root().join(file));
            match word {
                "stderr" => assert_eq!(without_paths(code), without_paths(&quoted), "{}: {file}", path.display()),
                "part of" => assert!(quoted.contains(code), "{}: not in {file}:\n{code}", path.display()),
                _ => panic!("{}: unknown word `{word}`", path.display()),
            }
            compared += 1;
        }
    }
    assert!(compared >= 4, "only {compared} quotations were found");
}

/// The targets of a page's links and images, outside of code.
fn links(page: &str) -> Vec<String> {
    let mut code = false;
    let mut links = Vec::new();
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        }
        if code {
            continue;
        }
        // Every second piece is code.
        let text: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        for (start, end) in [("](", ')'), ("src=\"", '"'), ("href=\"", '"')] {
            let targets = text.split(start).skip(1).filter_map(|rest| rest.split_once(end));
            links.extend(targets.map(|(target, _)| target.to_owned()));
        }
    }
    links
}

/// The anchors of a page's headings, as GitHub makes them.
fn anchors(page: &str) -> HashSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let anchor = |heading: &str| {
        let kept = heading.chars().filter(|&c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    };
    headings.map(anchor).collect()
}

#[test]
fn links_lead_somewhere() {
    let mut dead = Vec::new();
    for path in pages() {
        let page = read(&path);
        for link in links(&page).into_iter().filter(|link| !link.starts_with("https://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() { path.clone() } else { path.with_file_name(file) };
            let found = target.exists() && (anchor.is_empty() || anchors(&read(&target)).contains(anchor));
            if !found {
                dead.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn every_argument_is_in_the_tables() {
    let (readme, guide) = (read(&root().join("README.md")), read(&root().join("docs/guide.md")));
    for option in OPTIONS {
        let (alone, with_list) = (format!("| `{option}` "), format!("| `{option}("));
        let row = readme.lines().any(|line| line.starts_with(&alone) || line.starts_with(&with_list));
        assert!(row, "README.md has no row for `{option}`");
        let heading = guide.lines().any(|line| line.starts_with('#') && line.contains(&format!("`{option}`")));
        assert!(heading, "docs/guide.md has no heading for `{option}`");
    }
}

#[test]
fn the_rules_are_counted() {
    let lints = rules::ALL.iter().filter(|rule| rule.is_allowable()).count();
    let sentence =
        format!("There are {} rules. {} of them are always errors", rules::ALL.len(), rules::ALL.len() - lints);
    let readme = read(&root().join("README.md")).replace('\n', " ");
    assert!(readme.contains(&sentence), "README.md does not say: {sentence}");
    assert!(readme.contains(&format!(" {lints} are lints")), "README.md does not say that {lints} are lints");
}

#[test]
fn pages_are_read() {
    let page = "# A `b`: c\n[x](y.md) `[no](no.md)` <img src=\"z.png\">\n```\n[no](no.md)\n```\n\
                <!-- part of: f.rs -->\n```rust,ignore\nfn a() {}\n\nfn b() {}\n```\n<!-- begin -->\n[w](#a-b-c)\n";
    assert_eq!(links(page), ["y.md", "z.png", "#a-b-c"].map(String::from));
    assert!(anchors(page).contains("a-b-c"));
    assert_eq!(quotations(page), [("part of", "f.rs", "fn a() {}\n\nfn b() {}")]);
    assert_eq!(without_paths("error\n  --> a/b.rs:4:27\n  |\n"), without_paths("error\n  --> c.rs:4:27\n  |"));
    assert_ne!(without_paths("error\n --> a.rs:4:27"), without_paths("error\n --> a.rs:5:27"));
}
