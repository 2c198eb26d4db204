//! What the compiler is made to say: each source in `tests/compile/fail`, with the errors that stand beside it. That the
//! compiler prints them there, and so, is tested in `tests/compile`; this is the same in a second, for whoever changes a rule.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, File, Item, Meta};

use super::{attributes, errors, in_workspace};
use crate::attribute::{Place, expand_at};

const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests");

/// The sources of which only the compiler knows the errors: they are Rocket's, or in what a macro expands to, or in an `impl`, or
/// made by an attribute that stands below Rocket's.
const BY_THE_COMPILER: [&str; 7] = [
    "another-macro-between",
    "associated-function",
    "attribute-order",
    "method",
    "route-attribute",
    "trailing-slash--macro-rules",
    "trailing-slash--macro-rules-fragment",
];

/// The arguments, and where the attribute stands, if it is ours: as users write it, or as it hands on to itself.
fn ours(attribute: &Attribute) -> Option<(Place, TokenStream)> {
    let place = match attribute.path().segments.last()?.ident.to_string().as_str() {
        "cross_origin" => Place::Anywhere,
        "__directly_above" => Place::DirectlyAbove,
        _ => return None,
    };
    Some(match &attribute.meta {
        Meta::List(list) => (place, list.tokens.clone()),
        _ => (place, TokenStream::new()),
    })
}

/// The errors about all items, as the compiler expands them: from the outside inwards, and each attribute before what stands
/// below it.
fn errors_in(items: Vec<Item>) -> Vec<String> {
    let mut found = Vec::new();
    for mut item in items {
        let Some(attributes) = attributes(&mut item) else { continue };
        let index = attributes.iter().position(|attribute| ours(attribute).is_some());
        if let Some((place, written)) = index.and_then(|index| ours(&attributes.remove(index))) {
            let output = expand_at(place, written, &item.into_token_stream());
            found.extend(errors(output.clone()));
            // What is not Rust is what the compiler itself complains about.
            found.extend(syn::parse2::<File>(output).map(|file| errors_in(file.items)).unwrap_or_default());
        } else if let Item::Mod(module) = item {
            found.extend(errors_in(module.content.map(|(_, items)| items).unwrap_or_default()));
        }
    }
    found
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
        let (mut ours, mut theirs) = (errors_in(file.items), printed(&read(&beside)));
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
        assert_eq!(errors_in(file.items), [""; 0], "{}", path.display());
    }
}
