//! Files of a crate do not import each other in a circle, and the core of the runtime does not name a framework.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::arrows::{self, Arrows, Module};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

const CRATES: [&str; 4] = ["cors-rules", "cors-macros", "cors-runtime", "cargo-cors"];

/// How many circles there are.
const CIRCLES: usize = 0;

/// The files of the core that name Rocket.
const NAME_ROCKET: [&str; 0] = [];

/// The sources in a folder, by their paths in it. Files and folders of tests are left out.
fn sources(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut sources = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let entries = fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display()));
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.file_stem().is_some_and(|stem| stem == "tests") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                sources.insert(path.strip_prefix(folder).unwrap_or(&path).to_owned(), text);
            }
        }
    }
    sources
}

/// The module that a file is. A program is a crate beside the library of its name and defines nothing that others import.
fn module(path: &Path) -> Module {
    let mut names: Module = path.with_extension("").iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|last| last == "mod" || (names.len() == 1 && last == "lib")) {
        names.pop();
    }
    names
}

/// Everything that can be reached from a module.
fn reached(arrows: &Arrows, from: &Module) -> BTreeSet<Module> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from];
    while let Some(module) = next.pop() {
        next.extend(arrows[module].iter().filter(|target| reached.insert((*target).clone())));
    }
    reached
}

/// The groups of modules each of which reaches all others of its group.
fn circles(arrows: &Arrows) -> BTreeSet<Vec<Module>> {
    let reached: BTreeMap<_, _> = arrows.keys().map(|module| (module, reached(arrows, module))).collect();
    let circle = |module| reached[module].iter().filter(|other| reached[*other].contains(module)).cloned().collect();
    arrows.keys().map(circle).filter(|circle: &Vec<_>| !circle.is_empty()).collect()
}

/// The circles of a crate, each as its arrows.
fn drawn(sources: &BTreeMap<PathBuf, String>) -> Vec<String> {
    let files: BTreeMap<_, _> = sources.iter().map(|(path, text)| (module(path), (path, text.as_str()))).collect();
    let arrows = arrows::of(&files.iter().map(|(module, (_, text))| (module.clone(), *text)).collect());
    let draw = |circle: Vec<Module>| {
        let within = |from| arrows[from].iter().filter(|to| circle.contains(to)).map(move |to| (from, to));
        let arrows = circle.iter().flat_map(within);
        let lines = arrows.map(|(from, to)| format!("{} -> {}", files[from].0.display(), files[to].0.display()));
        lines.collect::<Vec<_>>().join("\n")
    };
    circles(&arrows).into_iter().map(draw).collect()
}

#[test]
fn files_do_not_import_each_other_in_a_circle() {
    let mut found = Vec::new();
    for name in CRATES {
        let sources = sources(&Path::new(ROOT).join(name).join("src"));
        found.extend(drawn(&sources).into_iter().map(|circle| format!("{name}:\n{circle}\n")));
    }
    assert_eq!(found.len(), CIRCLES, "\n{}\n", found.join("\n"));
}

#[test]
fn only_the_adapter_names_rocket() {
    let sources = sources(&Path::new(ROOT).join("cors-runtime/src"));
    let is_core = |path: &Path| {
        let name = path.to_string_lossy();
        !path.starts_with("rocket") && name != "lib.rs" && !name.starts_with("__private")
    };
    let core: Vec<_> = sources.iter().filter(|(path, _)| is_core(path)).collect();
    assert!(core.len() >= 5, "the core is not there: {core:?}");
    let named = core.iter().filter(|(_, text)| arrows::words(text).iter().any(|word| word == "rocket"));
    let named: Vec<_> = named.map(|(path, _)| path.to_string_lossy()).collect();
    assert_eq!(named, NAME_ROCKET, "the files of the core that name Rocket in their code");
}

#[test]
fn a_circle_is_found() {
    let sources = [
        ("lib.rs", "mod a; mod b; mod c; mod d; mod e; pub use a::First; pub use d::Later as Last;"),
        // By way of what lib.rs re-exports.
        ("a.rs", "use crate::{Last, c::{self, Third as Other}}; pub struct First;"),
        ("b/mod.rs", "mod inner; pub use inner::Inner; fn f(_: super::First) {}"),
        ("b/inner.rs", "pub struct Inner; impl Inner { fn g() { crate::e::h() } }"),
        // Neither comments and texts nor tests are arrows.
        ("c.rs", "// crate::a\nconst T: &str = \"crate::a\"; #[cfg(test)] mod tests { use crate::First; }"),
        ("d.rs", "pub(crate) struct Later; macro_rules! inner { () => { $crate::b::Inner } }"),
        ("e.rs", "use std::fmt; pub fn h() { let _ = |it: super::c::Third| it; }"),
        // The folder's own file imports from a file in it.
        ("folder.rs", "mod below; use below::Below; pub struct Above;"),
        ("folder/below.rs", "use super::Above; pub struct Below;"),
    ];
    let mut sources: BTreeMap<_, _> = sources.map(|(path, text)| (PathBuf::from(path), text.to_owned())).into();
    let folder = "folder.rs -> folder/below.rs\nfolder/below.rs -> folder.rs";
    assert_eq!(drawn(&sources), [folder]);

    sources.insert("b/mod.rs".into(), "mod inner; pub use inner::Inner; use super::First;".to_owned());
    sources.insert("b/inner.rs".into(), "pub struct Inner; fn g() { super::super::First; }".to_owned());
    let by_way_of_lib = "a.rs -> d.rs\nb/inner.rs -> a.rs\nd.rs -> b/inner.rs";
    assert_eq!(drawn(&sources), [by_way_of_lib, folder]);
}

#[test]
fn rocket_is_found_in_code_alone() {
    let names = |text: &str| arrows::words(text).iter().any(|word| word == "rocket");
    assert!(names("use rocket::Route;") && names("fn f(_: &crate::rocket::Check) {}"));
    assert!(names("#[cfg(feature = \"rocket\")] fn f() {}"));
    assert!(!names("//! As rocket does.\n/// For [rocket].\nfn f() -> &'static str { \"a rocket\" }"));
    assert!(!names("fn f() {} #[cfg(test)] mod tests { use rocket::Route; }"));
}
