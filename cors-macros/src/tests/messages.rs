//! What the compiler is made to say: each source in `tests/compile/fail`, with the errors that stand beside it. That the
//! compiler prints them there, and so, is tested in `tests/compile`; this is the same in a second, for whoever changes a rule.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::in_workspace;
use super::outputs::{errors, outputs};

const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests");

/// The sources of which only the compiler knows the errors: they are Rocket's, or in what a macro expands to, or in an `impl`, or
/// made by an attribute that stands below Rocket's.
const BY_THE_COMPILER: [&str; 9] = [
    "another-macro-between",
    "associated-function",
    "attribute-order",
    "attribute-order--catcher",
    "method",
    "missing-route-attribute--below-a-catcher",
    "route-attribute",
    "trailing-slash--macro-rules",
    "trailing-slash--macro-rules-fragment",
];

/// The errors about all items.
fn errors_in(source: TokenStream) -> Vec<String> {
    outputs(source).into_iter().flat_map(errors).map(|error| error.text).collect()
}

/// The errors in what the compiler has printed that are the attribute's: those with a help right below.
fn printed(stderr: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut lines = stderr.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(first) = line.strip_prefix("error: ") else { continue };
        if !lines.peek().is_some_and(|next| next.trim_start().starts_with("= help: ")) {
            continue;
        }
        let mut text = first.to_owned();
        while let Some(more) = lines.next_if(|next| next.starts_with("       = ")) {
            text += "\n";
            text += more.trim_start();
        }
        found.push(text);
    }
    found
}

/// The sources in a folder of `tests`, and in those inside it.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let files = files.into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    files.chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn each_source_has_the_errors_that_stand_beside_it() {
    if !in_workspace("messages::each_source_has_the_errors_that_stand_beside_it") {
        return;
    }
    let mut compared = 0;
    for path in sources(&Path::new(TESTS).join("compile/fail")) {
        let beside = path.with_extension("stderr");
        let by_the_compiler = path.file_stem().is_some_and(|stem| BY_THE_COMPILER.iter().any(|known| *known == stem));
        let Some(file) = syn::parse_file(&read(&path)).ok().filter(|_| beside.exists() && !by_the_compiler) else {
            continue;
        };
        let (mut ours, mut theirs) = (errors_in(file.into_token_stream()), printed(&read(&beside)));
        ours.sort();
        theirs.sort();
        compared += theirs.len();
        // The compiler prints one error of several that are the same.
        ours.dedup();
        theirs.dedup();
        assert_eq!(ours, theirs, "{}", path.display());
    }
    assert!(compared > 200, "only {compared} errors");
}

#[test]
fn what_must_compile_has_no_errors() {
    if !in_workspace("messages::what_must_compile_has_no_errors") {
        return;
    }
    let folders = ["compile/pass", "compile/fixed", "attribute", "http", "says", "tower", "../examples"];
    for path in folders.iter().flat_map(|folder| sources(&Path::new(TESTS).join(folder))) {
        // The example of errors, and what the attribute has written.
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_wrong = name == "unsafe_policy.rs" || name.ends_with(".expanded.rs");
        let Some(file) = syn::parse_file(&read(&path)).ok().filter(|_| !is_wrong) else { continue };
        assert_eq!(errors_in(file.into_token_stream()), [""; 0], "{}", path.display());
    }
}
