//! Which file of a crate names what another file defines.
//!
//! An arrow leads from file A to file B where A names, in `use` or in a path that begins with `crate`, `super` or `self`,
//! something that B defines. `mod b;` and `pub use` are not arrows: a name that is re-exported counts for the file that
//! defines it. Modules of tests are left out. The code is read as tokens, so that comments and texts do not count.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// The names of a module, from the root of its crate.
pub(crate) type Module = Vec<String>;

/// The modules that each module names.
pub(crate) type Arrows = BTreeMap<Module, BTreeSet<Module>>;

/// A re-export through so many others is a circle of them.
const LONGEST_WAY: usize = 16;

/// What a file names, as paths from the root, and what it re-exports under which name.
#[derive(Default)]
struct Names {
    used: Vec<Module>,
    exported: BTreeMap<String, Module>,
}

/// The arrows between the files of a crate.
pub(crate) fn of(files: &BTreeMap<Module, &str>) -> Arrows {
    let names: BTreeMap<_, _> =
        files.iter().map(|(module, text)| (module.clone(), names(files, module, text))).collect();
    let arrows = names.iter().map(|(module, Names { used, .. })| {
        let owners = used.iter().filter_map(|path| owner(&names, path, LONGEST_WAY));
        (module.clone(), owners.filter(|owner| owner != module).collect())
    });
    arrows.collect()
}

/// The file that defines what a path names.
fn owner(names: &BTreeMap<Module, Names>, path: &[String], steps: usize) -> Option<Module> {
    let (module, rest) =
        (0..=path.len()).rev().map(|length| path.split_at(length)).find(|(m, _)| names.contains_key(*m))?;
    let exported = rest.first().and_then(|name| names[module].exported.get(name));
    match exported {
        Some(exported) if steps > 0 => owner(names, &[exported, &rest[1..]].concat(), steps - 1),
        _ => Some(module.to_vec()),
    }
}

fn names(files: &BTreeMap<Module, &str>, module: &Module, text: &str) -> Names {
    let words = words(text);
    let mut names = Names::default();
    let mut at = 0;
    while at < words.len() {
        let rest = &words[at + 1..];
        match words[at].as_str() {
            // Not the bounds `use<…>` of a type.
            "use" if rest.first().is_some_and(|next| next != "<") => {
                let tree = &rest[..rest.iter().position(|word| word == ";").unwrap_or(rest.len())];
                for (path, name) in leaves(tree) {
                    let Some(path) = absolute(files, module, &path) else { continue };
                    if is_public(&words[..at]) {
                        names.exported.insert(name, path);
                    } else {
                        names.used.push(path);
                    }
                }
                at += tree.len();
            }
            "crate" | "super" | "self" => {
                let mut path = vec![words[at].clone()];
                let steps = rest.chunks_exact(2).take_while(|step| step[0] == "::" && is_name(&step[1]));
                path.extend(steps.map(|step| step[1].clone()));
                at += (path.len() - 1) * 2;
                // A word alone is the receiver of a method, or a visibility.
                if path.len() > 1 {
                    names.used.extend(absolute(files, module, &path));
                }
            }
            _ => {}
        }
        at += 1;
    }
    names
}

/// The words and signs of a source without its comments; of texts those that are a name, such as that of a feature.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    flatten(text.parse().unwrap_or_else(|error| panic!("{error} in:\n{text}")), &mut words);
    words
}

fn flatten(tokens: TokenStream, words: &mut Vec<String>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at..] {
            [
                TokenTree::Punct(hash),
                TokenTree::Group(attribute),
                TokenTree::Ident(module),
                _,
                TokenTree::Group(_),
                ..,
            ] if hash.as_char() == '#' && module == "mod" && is_test(attribute.stream()) => {
                at += 4;
            }
            [TokenTree::Punct(one), TokenTree::Punct(two), ..]
                if one.as_char() == ':' && one.spacing() == Spacing::Joint && two.as_char() == ':' =>
            {
                words.push("::".to_owned());
                at += 1;
            }
            [TokenTree::Group(group), ..] => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::None => ("", ""),
                };
                words.push(open.to_owned());
                flatten(group.stream(), words);
                words.push(close.to_owned());
            }
            [other, ..] => words.push(other.to_string().trim_matches('"').to_owned()),
            [] => {}
        }
        at += 1;
    }
}

/// Whether an attribute is `cfg(test)`.
fn is_test(attribute: TokenStream) -> bool {
    let mut words = Vec::new();
    flatten(attribute, &mut words);
    words == ["cfg", "(", "test", ")"]
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Whether these words end in `pub` or `pub(…)`.
fn is_public(before: &[String]) -> bool {
    let open = before.iter().rposition(|word| word == "(");
    let end = if before.last().is_some_and(|last| last == ")") { open.unwrap_or(0) } else { before.len() };
    before[..end].last().is_some_and(|word| word == "pub")
}

/// The paths that the tree of a `use` names, each with the name that it brings in.
fn leaves(tree: &[String]) -> Vec<(Module, String)> {
    let mut depth = 0;
    let parts = tree.split(|word| {
        depth += i32::from(word == "{") - i32::from(word == "}");
        depth == 0 && word == ","
    });
    let mut leaves = Vec::new();
    for part in parts {
        let open = part.iter().position(|word| word == "{").unwrap_or(part.len());
        let (head, rest) = part.split_at(open);
        let (path, renamed) = head.split_at(head.iter().position(|word| word == "as").unwrap_or(head.len()));
        let path: Module = path.iter().filter(|word| *word != "::").cloned().collect();
        if let [_, inside @ .., _] = rest {
            let below = self::leaves(inside).into_iter();
            leaves.extend(below.map(|(leaf, name)| ([path.clone(), leaf].concat(), name)));
        } else if let Some(name) = renamed.last().or(path.last()).cloned() {
            leaves.push((path, name));
        }
    }
    leaves
}

/// A path from the root of the crate, or `None` for one that leads out of it.
fn absolute(files: &BTreeMap<Module, &str>, module: &Module, path: &[String]) -> Option<Module> {
    let below = path.iter().take_while(|word| *word == "super" || *word == "self");
    let (mut at, steps) = match path.first()?.as_str() {
        "crate" => (Module::new(), 1),
        "super" | "self" => (module.clone(), below.count()),
        // A module below this one.
        first => {
            let below = [module.as_slice(), &[first.to_owned()]].concat();
            return files.contains_key(&below).then(|| [module, path].concat());
        }
    };
    for _ in path[..steps].iter().filter(|word| *word == "super") {
        at.pop();
    }
    at.extend_from_slice(&path[steps..]);
    Some(at)
}
