//! Every link of every page in the repository leads to a file that is there, and to a heading that this file has.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use crate::markdown::{Page, files, read, root};

/// Copies whose links are for rustdoc, which checks them.
const FOR_RUSTDOC: &str = "cors-runtime/src/guide";

/// A path without `..`, or `None` if it leads out of the repository.
pub(crate) fn plain(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if plain.pop() => {}
            Component::ParentDir => return None,
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    Some(plain)
}

pub(crate) fn is_elsewhere(target: &str) -> bool {
    target.starts_with("https://") || target.starts_with("http://") || target.starts_with("mailto:")
}

#[test]
fn links_lead_somewhere() {
    let root = root();
    let paths = files(&root, ".md").into_iter().filter(|path| !path.starts_with(root.join(FOR_RUSTDOC)));
    let pages: HashMap<_, _> = paths.map(|path| (path.clone(), Page::of(&read(&path)))).collect();
    let (mut followed, mut dead) = (0, Vec::new());
    for (path, page) in &pages {
        for link in page.links.iter().filter(|link| !is_elsewhere(&link.target)) {
            let (file, anchor) = link.target.split_once('#').unwrap_or((&link.target, ""));
            let target = if file.is_empty() { Some(path.clone()) } else { plain(&path.with_file_name("").join(file)) };
            let found = target.is_some_and(|target| {
                let has_anchor = || pages.get(&target).is_some_and(|page| page.has(anchor));
                target.starts_with(&root) && target.exists() && (anchor.is_empty() || has_anchor())
            });
            followed += 1;
            if !found {
                dead.push(format!("{}: {}", path.strip_prefix(&root).unwrap_or(path).display(), link.target));
            }
        }
    }
    dead.sort();
    assert!(dead.is_empty(), "{dead:#?}");
    assert!(followed > 800, "only {followed} links were followed");
}
