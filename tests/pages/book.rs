//! The book has every page of docs/, and its links lead somewhere, as do those of the documentation of `cors-runtime`.
//!
//! The HTML is checked where it has been built: `mdbook build`, `cargo doc`, and then
//! `cargo test -p cors-tests --test pages -- --ignored`.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use cors_rules::rules::ALL;

use crate::links::{is_elsewhere, plain};
use crate::lints::SECTIONS;
use crate::markdown::{Page, attributes, files, read, root};

/// The list of the rules in the book's contents, below the titles of their index.
fn rules() -> String {
    let mut list = "- [All rules](lints/README.md)\n".to_owned();
    for rule in ALL {
        if let Some((_, title)) = SECTIONS.iter().find(|(first, _)| first == rule) {
            let _ = writeln!(list, "- [{title}]()");
        }
        let _ = writeln!(list, "  - [`{0}`](lints/{0}.md)", rule.name);
    }
    list
}

#[test]
fn the_book_has_every_page() {
    const MARKS: (&str, &str) = ("<!-- rules -->\n\n", "\n<!-- end -->");
    let docs = root().join("docs");
    let path = docs.join("SUMMARY.md");
    let written = read(&path);
    let (before, rest) = written.split_once(MARKS.0).expect("a mark");
    let (_, after) = rest.split_once(MARKS.1).expect("a mark");
    let expected = format!("{before}{}{}{}{after}", MARKS.0, rules(), MARKS.1);
    if std::env::var_os("UPDATE_DOCS").is_some() && written != expected {
        fs::write(&path, &expected).expect("docs/SUMMARY.md can be written");
    }
    assert!(
        read(&path) == expected,
        "docs/SUMMARY.md: `UPDATE_DOCS=1 cargo test -p cors-tests --test pages` writes it"
    );

    let links = Page::of(&expected).links.into_iter().map(|link| docs.join(link.target)).filter(|link| link.is_file());
    let links: Vec<_> = links.collect();
    let pages: BTreeSet<_> = files(&docs, ".md").into_iter().filter(|page| *page != path).collect();
    assert_eq!(links.iter().cloned().collect::<BTreeSet<_>>(), pages, "left: in docs/SUMMARY.md; right: in docs/");
    assert_eq!(links.len(), pages.len(), "a page is in docs/SUMMARY.md twice");
}

/// How many links the pages of these names below a folder have, and those that lead nowhere. Outside of the folder,
/// `is_known` says which paths are there.
fn dead_links(folder: &Path, names: &[&str], is_known: impl Fn(&Path) -> bool) -> (usize, BTreeSet<String>) {
    let pages: HashMap<_, _> = files(folder, ".html").into_iter().map(|path| (path.clone(), read(&path))).collect();
    let anchors: HashMap<_, HashSet<_>> =
        pages.iter().map(|(path, html)| (path, attributes(html, "id").into_iter().collect())).collect();
    let (mut followed, mut dead) = (0, BTreeSet::new());
    let is_meant = |path: &Path| names.iter().any(|name| path.to_string_lossy().ends_with(name));
    for (path, html) in pages.iter().filter(|(path, _)| is_meant(path)) {
        let here = path.strip_prefix(folder).expect("a file of the folder");
        let targets = attributes(html, "href").into_iter().chain(attributes(html, "src"));
        for target in targets.filter(|target| !is_elsewhere(target) && !target.starts_with("data:")) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = file.split('?').next().unwrap_or_default();
            let below = if file.is_empty() { here.to_owned() } else { here.with_file_name("").join(file) };
            let found = match plain(&below) {
                Some(below) if folder.join(&below).exists() => {
                    let target: PathBuf = folder.join(below);
                    anchor.is_empty() || anchors.get(&target).is_some_and(|anchors| anchors.contains(anchor))
                }
                _ => is_known(&here.with_file_name("").join(file)),
            };
            followed += 1;
            if !found {
                dead.insert(format!("{}: {target}", here.display()));
            }
        }
    }
    (followed, dead)
}

/// A link may lead out of the book, to a file of the repository: `docs/book.js` makes it text, or a link to the sources.
#[test]
#[ignore = "reads what `mdbook build` writes"]
fn links_of_the_book_lead_somewhere() {
    let in_the_repository = |target: &Path| {
        plain(&Path::new("docs").join(target))
            .is_some_and(|path| !path.starts_with("docs") && root().join(path).exists())
    };
    let (followed, dead) = dead_links(&root().join("target/book"), &["html"], in_the_repository);
    assert!(dead.is_empty(), "{dead:#?}");
    assert!(followed > 5_000, "only {followed} links were followed");
}

#[test]
#[ignore = "reads what `cargo doc` writes"]
fn links_of_the_crate_lead_somewhere() {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let docs = target.join("doc");
    // Beside the crate's folder are those of rustdoc itself, of the sources, and of the other crates.
    // The pages of types have blanket implementations, whose links are those of other crates.
    let names = ["index.html", "attr.cross_origin.html"];
    let (followed, dead) = dead_links(&docs.join("cors_runtime"), &names, |path| {
        plain(&Path::new("cors_runtime").join(path)).is_some_and(|path| docs.join(path).exists())
    });
    assert!(dead.is_empty(), "{dead:#?}");
    assert!(followed > 500, "only {followed} links were followed");
}

#[test]
fn dead_links_are_found() {
    let folder = std::env::temp_dir().join(format!("cors-pages-{}", std::process::id()));
    fs::create_dir_all(folder.join("a")).expect("a folder");
    let page = r##"<p id="x"><a href="b.html#y">1</a><a class="c" href="#x">2</a><a href="../c.html">3</a> <a href="#z">4</a>"##;
    fs::write(folder.join("a/a.html"), page).expect("a file");
    fs::write(folder.join("a/b.html"), r#"<p id="z"> <a href="https://example.com/">5</a>"#).expect("a file");
    let (followed, dead) = dead_links(&folder, &["html"], |_| false);
    fs::remove_dir_all(&folder).expect("it was there");
    assert_eq!(followed, 4);
    assert_eq!(dead.into_iter().collect::<Vec<_>>(), ["a/a.html: #z", "a/a.html: ../c.html", "a/a.html: b.html#y"]);
}
