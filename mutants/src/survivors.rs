//! `survivors.tsv`: the mutants that may survive, each with the reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::{Fate, Mutant, Result};

const LISTED: &str = include_str!("../survivors.tsv");

/// The mutants of the list, each with its reason.
fn listed(text: &str) -> Result<BTreeMap<&str, &str>> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| match line.split_once('\t') {
            Some((mutant, reason)) if !reason.trim().is_empty() => Ok((mutant, reason)),
            _ => Err(format!("survivors.tsv: a mutant without a reason: {line}").into()),
        })
        .collect()
}

/// The name without its line and its column, which another change moves.
fn key(name: &str) -> String {
    match name.split_once(": ") {
        Some((place, change)) => format!("{}: {change}", place.split(':').next().unwrap_or(place)),
        None => name.to_owned(),
    }
}

/// What survived and is not listed, and what is listed and did not survive, as far as it was among the mutants.
pub(crate) fn differences(mutants: &[Mutant], fates: &[Fate]) -> Result<String> {
    let listed = listed(LISTED)?;
    let mut survived: BTreeMap<String, bool> = BTreeMap::new();
    for (mutant, fate) in mutants.iter().zip(fates) {
        *survived.entry(key(&mutant.name)).or_default() |= matches!(fate, Fate::Survived(_));
    }
    let mut text = String::new();
    for (name, survived) in &survived {
        match (survived, listed.contains_key(name.as_str())) {
            (true, false) => writeln!(text, "not in survivors.tsv: {name}")?,
            (false, true) => writeln!(text, "caught, and in survivors.tsv: {name}")?,
            (true, true) | (false, false) => {}
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{LISTED, key, listed};

    #[test]
    fn each_listed_mutant_is_of_a_file_that_is_there_and_has_a_reason() {
        let listed = listed(LISTED).expect("reasons");
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for mutant in listed.keys() {
            let (file, _) = mutant.split_once(": ").expect("a file and a change");
            assert!(workspace.join(file).exists(), "{mutant}");
            assert_eq!(key(mutant), *mutant, "a line and a column");
        }
        assert!(super::listed("a: b\t ").is_err());
    }

    #[test]
    fn a_change_is_known_wherever_it_has_moved() {
        assert_eq!(key("a/src/b.rs:1:2: replace x::y -> T with None"), "a/src/b.rs: replace x::y -> T with None");
    }
}
