//! The pages in `cors-runtime/src/guide`: those of docs/ that people need who have only the crate, with links for rustdoc.
//!
//! A package cannot contain a file from outside its folder, so these are copies. `UPDATE_DOCS=1` writes them again. What
//! is changed: the title goes, since rustdoc has one; headings are one level higher, so that rustdoc lists them beside the
//! page; and links lead to the modules, or are text if the crate does not have the page.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cors_rules::rules::ALL;

use crate::links::{is_elsewhere, plain};
use crate::lints;
use crate::markdown::{Becomes, changed, files, read, root};

/// A page in docs/, and its module below `cors_runtime`, whose last name is that of the copy.
const PAGES: [(&str, &str); 10] = [
    ("guide.md", "guide"),
    ("guide/arguments.md", "guide::arguments"),
    ("guide/lists.md", "guide::lists"),
    ("guide/requests.md", "guide::requests"),
    ("guide/launch.md", "guide::launch"),
    ("guide/axum.md", "guide::axum"),
    ("guide/without-rocket.md", "guide::without_rocket"),
    ("protect.md", "guide::protect"),
    ("troubleshooting.md", "guide::troubleshooting"),
    ("limits.md", "guide::limits"),
];

/// The pages that are elsewhere for rustdoc.
const ELSEWHERE: [(&str, &str); 2] = [
    ("docs/lints/README.md", "crate::guide::rules"),
    ("docs/cargo-cors.md", "https://docs.rs/crate/cargo-cors/latest"),
];

/// The module of a page, or its address, if it is shipped.
fn shipped(page: &Path) -> Option<String> {
    let name = page.to_str()?;
    let found = PAGES.iter().find(|(file, _)| name.strip_prefix("docs/") == Some(file));
    let elsewhere = || ELSEWHERE.iter().find(|(file, _)| name == *file).map(|(_, target)| (*target).to_owned());
    found.map(|(_, module)| format!("crate::{module}")).or_else(elsewhere)
}

/// What a link on the page `docs/FROM` becomes.
fn becomes(from: &str, target: &str) -> Becomes {
    if is_elsewhere(target) {
        return Becomes::Same;
    }
    if target.starts_with('#') {
        // With the module, since rustdoc shows the first paragraph of a page on the one above too.
        let module = PAGES.iter().find(|(file, _)| *file == from).map(|(_, module)| module);
        return module.map_or(Becomes::Same, |module| Becomes::LinkTo(format!("crate::{module}{target}")));
    }
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let page = plain(&Path::new("docs").join(from).with_file_name("").join(file)).expect("a page of the repository");
    let rule = page.strip_prefix("docs/lints").ok().and_then(|page| Some(page.file_stem()?.to_str()?.to_owned()));
    match (shipped(&page), rule, anchor) {
        (Some(address), _, Some(anchor)) if !is_elsewhere(&address) => Becomes::LinkTo(format!("{address}#{anchor}")),
        (Some(address), ..) => Becomes::LinkTo(address),
        (None, Some(rule), _) => Becomes::LinkTo(format!("crate::guide::rules#{rule}")),
        (None, None, _) => Becomes::TextWith(format!(" (`{}` in the repository)", page.display())),
    }
}

/// The copy of a page.
fn copy(from: &str, text: &str) -> String {
    // A remark about who wrote the page, and its title.
    let (_, text) = text.split_once("# ").and_then(|(_, text)| text.split_once("\n\n")).expect("a title");
    changed(text, -1, |target| becomes(from, target))
}

/// The index of the rules, and all their pages.
fn rules() -> String {
    let mut page = copy("lints/README.md", &lints::index()) + "\n# The page of each rule\n";
    for rule in ALL {
        let text = lints::page(rule);
        let text = text.trim_end().strip_suffix("[All rules](README.md)").expect("the last line").trim_end();
        page += "\n";
        page += &changed(text, 1, |target| becomes("lints/README.md", target));
        page += "\n";
    }
    // Within one page.
    page.replace("(crate::guide::rules#", "(#")
}

#[test]
fn the_crate_has_the_guide() {
    let folder = root().join("cors-runtime/src/guide");
    let docs = root().join("docs");
    let pages = PAGES.iter().map(|&(file, module)| (file, module.rsplit("::").next().unwrap_or(module)));
    let mut expected: Vec<(PathBuf, String)> =
        pages.map(|(file, name)| (folder.join(format!("{name}.md")), copy(file, &read(&docs.join(file))))).collect();
    expected.push((folder.join("rules.md"), rules()));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(&folder).expect("the folder");
        for (path, text) in &expected {
            std::fs::write(path, text).expect("the copy can be written");
        }
    }
    let there: BTreeSet<_> = files(&folder, ".md").into_iter().collect();
    assert_eq!(there, expected.iter().map(|(path, _)| path.clone()).collect(), "UPDATE_DOCS=1 writes them");
    let module = read(&root().join("cors-runtime/src/guide.rs"));
    for (path, text) in expected {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        assert!(
            read(&path) == text,
            "{name} is old: `UPDATE_DOCS=1 cargo test -p cors-tests --test pages` writes it again"
        );
        assert!(module.contains(&format!("include_str!(\"guide/{name}\")")), "guide.rs does not include {name}");
    }
}

/// What docs/ has of the page of `cargo cors`, whose package needs its own.
#[test]
fn docs_has_the_page_of_cargo_cors() {
    let page = read(&root().join("cargo-cors/README.md"));
    let (page, _) = page.split_once("\n## Licence").expect("the last section");
    let copy = changed(page, 0, |target| match target.strip_prefix("../docs/") {
        Some(target) => Becomes::LinkTo(target.to_owned()),
        None => Becomes::Same,
    });
    let path = root().join("docs/cargo-cors.md");
    let copy = copy.replacen("# cargo-cors\n", "# `cargo cors`\n", 1);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &copy).expect("the copy can be written");
    }
    assert!(
        read(&path) == copy,
        "docs/cargo-cors.md: `UPDATE_DOCS=1 cargo test -p cors-tests --test pages` writes it again"
    );
}

#[test]
fn links_lead_to_modules() {
    let target = |from, target| match becomes(from, target) {
        Becomes::Same => "same".to_owned(),
        Becomes::LinkTo(target) => target,
        Becomes::TextWith(more) => more,
    };
    assert_eq!(target("guide/launch.md", "../protect.md#own-origins"), "crate::guide::protect#own-origins");
    assert_eq!(target("guide.md", "lints/unseen-items.md"), "crate::guide::rules#unseen-items");
    assert_eq!(target("guide.md", "#the-first-policy"), "crate::guide#the-first-policy");
    assert_eq!(target("guide.md", "https://example.com"), "same");
    assert_eq!(target("protect.md", "decisions.md"), " (`docs/decisions.md` in the repository)");
    assert_eq!(target("troubleshooting.md", "cargo-cors.md#a"), "https://docs.rs/crate/cargo-cors/latest");
}
