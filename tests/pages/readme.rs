//! What README.md and the pages in docs/ quote is there, and says what they say.
//!
//! | comment above a block of code | what is compared |
//! |---|---|
//! | `<!-- stderr: FILE -->` | the block is the whole file, the path in its lines `-->` aside |
//! | `<!-- part of: FILE -->` | the block is a piece of the file |
//!
//! Their Rust code is tested as documentation of this package's library.

use std::fs;
use std::path::PathBuf;

use cors_rules::attribute::OPTIONS;
use cors_rules::rules;

use crate::markdown::{files, read, root};

/// README.md and the pages in docs/. The pages of the lints have another test.
fn pages() -> Vec<PathBuf> {
    let docs =
        files(&root().join("docs"), ".md").into_iter().filter(|path| !path.starts_with(root().join("docs/lints")));
    docs.chain([root().join("README.md")]).collect()
}

/// The attribute's documentation, the guide and README.md have the same tables of arguments.
#[test]
fn the_arguments_are_documented_once() {
    const START: &str = "<!-- from README.md: The arguments -->\n";
    let readme = read(&root().join("README.md"));
    let (_, arguments) = readme.split_once("\n## The arguments\n\n").expect("a section about the arguments");
    let (arguments, _) = arguments.split_once("\nThe [guide](docs/guide/arguments.md)").expect("the end of it");
    for page in ["cors-macros/attribute.md", "docs/guide/arguments.md"] {
        let path = root().join(page);
        let written = read(&path);
        let (before, rest) = written.split_once(START).expect("a mark");
        let (_, after) = rest.split_once("<!-- end -->").expect("a mark");
        let expected = format!("{before}{START}{arguments}<!-- end -->{after}");
        if std::env::var_os("UPDATE_DOCS").is_some() && written != expected {
            fs::write(&path, &expected).expect("the page can be written");
        }
        assert!(
            read(&path) == expected,
            "{page}: `UPDATE_DOCS=1 cargo test -p cors-tests --test pages` writes it again"
        );
    }
}

/// The documentation of the attribute is its page: rust-analyzer of Rust 1.95 shows no `#[doc = include_str!(…)]`.
#[test]
fn the_attribute_has_its_page() {
    const START: &str = "// A copy of attribute.md, which editors do not read from there.\n";
    const END: &str = "#[proc_macro_attribute]\npub fn cross_origin(";
    let page = read(&root().join("cors-macros/attribute.md"));
    let lines = page.lines().map(|line| format!("/// {line}").trim_end().to_owned() + "\n");
    let path = root().join("cors-macros/src/lib.rs");
    let written = read(&path);
    let (before, rest) = written.split_once(START).expect("a mark");
    let (_, after) = rest.split_once(END).expect("the attribute");
    let expected = format!("{before}{START}{}{END}{after}", lines.collect::<String>());
    if std::env::var_os("UPDATE_DOCS").is_some() && written != expected {
        fs::write(&path, &expected).expect("the file can be written");
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

#[test]
fn every_argument_is_in_the_tables() {
    let readme = read(&root().join("README.md"));
    let guide = ["docs/guide.md", "docs/guide/arguments.md"].map(|page| read(&root().join(page))).concat();
    for option in OPTIONS {
        let (alone, with_list) = (format!("| `{option}` "), format!("| `{option}("));
        let row = readme.lines().any(|line| line.starts_with(&alone) || line.starts_with(&with_list));
        assert!(row, "README.md has no row for `{option}`");
        let heading = guide.lines().any(|line| line.starts_with('#') && line.contains(&format!("`{option}`")));
        assert!(heading, "the guide has no heading for `{option}`");
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
fn quotations_are_read() {
    let page = "<!-- part of: f.rs -->\n```rust,ignore\nfn a() {}\n\nfn b() {}\n```\n<!-- begin -->\n";
    assert_eq!(quotations(page), [("part of", "f.rs", "fn a() {}\n\nfn b() {}")]);
    assert_eq!(without_paths("error\n  --> a/b.rs:4:27\n  |\n"), without_paths("error\n  --> c.rs:4:27\n  |"));
    assert_ne!(without_paths("error\n --> a.rs:4:27"), without_paths("error\n --> a.rs:5:27"));
}
