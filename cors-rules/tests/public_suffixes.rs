//! The table of public suffixes: that it has the form that the search relies on, and how it is made from Mozilla's list.
//!
//! `UPDATE_SUFFIXES=path/to/public_suffix_list.dat cargo test -p cors-rules --test public_suffixes` writes the table. The path
//! is absolute or starts at the folder of this crate.

use std::collections::BTreeSet;
use std::fs;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/public_suffixes.txt");

const HEADER: &str = "\
# This Source Code Form is subject to the terms of the Mozilla Public
# License, v. 2.0. If a copy of the MPL was not distributed with this
# file, You can obtain one at https://mozilla.org/MPL/2.0/.
#
# Made by tests/public_suffixes.rs from Mozilla's Public Suffix List, https://publicsuffix.org/list/public_suffix_list.dat
";

/// The table for a list in Mozilla's layout.
fn table(list: &str) -> Result<String, String> {
    let (mut notes, mut rules) = (Vec::new(), BTreeSet::new());
    for line in list.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix("//") {
            if comment.starts_with(" VERSION:") || comment.starts_with(" COMMIT:") {
                notes.push(format!("#{comment}"));
            }
        } else if let Some(rule) = line.split_whitespace().next() {
            rules.insert(row(rule)?);
        }
    }
    // Without them nobody could tell the age of the table.
    if notes.len() != 2 {
        return Err("the list does not say its version and its commit".to_owned());
    }
    // `#` sorts before every letter and digit, so that the header does not disturb the binary search.
    let lines = HEADER.lines().map(ToOwned::to_owned).chain(notes).chain(rules);
    Ok(lines.flat_map(|line| [line, "\n".to_owned()]).collect())
}

/// One rule in punycode with its labels reversed, so that everything below a name stands together. Exceptions end in `!`.
fn row(rule: &str) -> Result<String, String> {
    let (name, exception) = rule.strip_prefix('!').map_or((rule, ""), |name| (name, "!"));
    let labels: Vec<_> = name
        .split('.')
        .map(|label| match label {
            "*" => Ok("*".to_owned()),
            label => idna::domain_to_ascii(label).map_err(|_| format!("not a host name: {rule}")),
        })
        .collect::<Result<_, _>>()?;
    if labels.iter().skip(1).any(|label| label == "*") {
        return Err(format!("a wildcard that is not the first label: {rule}"));
    }
    let reversed: Vec<_> = labels.into_iter().rev().collect();
    Ok(reversed.join(".") + exception)
}

#[test]
fn the_table_has_the_form_that_the_search_relies_on() {
    if let Some(path) = std::env::var_os("UPDATE_SUFFIXES") {
        let list = fs::read_to_string(&path).expect("a list");
        fs::write(TABLE, table(&list).expect("a list in Mozilla's layout")).expect(TABLE);
    }
    let text = fs::read_to_string(TABLE).expect(TABLE);
    let rest = text.strip_prefix(HEADER).expect("the header");
    let lines: Vec<_> = rest.strip_suffix('\n').expect("a line break at the end").split('\n').collect();
    let (notes, rules) = lines.split_at(2);
    assert!(notes[0].starts_with("# VERSION: 20") && notes[1].starts_with("# COMMIT: "), "{notes:?}");
    assert!(rules.len() > 9_000, "{}", rules.len());
    assert!(text.lines().zip(text.lines().skip(1)).skip(HEADER.lines().count() + 2).all(|(a, b)| a < b), "not sorted");
    for rule in rules {
        let name = rule.strip_suffix('!').unwrap_or(rule);
        let (labels, last) = name.rsplit_once('.').unwrap_or((name, "a"));
        let is_label = |label: &str| {
            !label.is_empty() && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        assert!(labels.split('.').all(is_label) && (last == "*" || is_label(last)), "{rule}");
    }
}

#[test]
fn how_a_list_becomes_a_table() {
    let list = "\
// VERSION: 2026-01-02_03-04-05_UTC
// COMMIT: 0123456789abcdef
// ===BEGIN ICANN DOMAINS===

// ck : https://www.iana.org/domains/root/db/ck.html
*.ck
!www.ck
com
公司.cn
Example.COM  a note
";
    let made = table(list).expect("a list");
    let rules = made.strip_prefix(HEADER).expect("the header");
    assert_eq!(
        rules,
        "# VERSION: 2026-01-02_03-04-05_UTC\n# COMMIT: 0123456789abcdef\nck.*\nck.www!\ncn.xn--55qx5d\ncom\ncom.example\n"
    );
    assert_eq!(table("com\n"), Err("the list does not say its version and its commit".to_owned()));
    for rule in ["a.*.com", "a..com\u{fffd}"] {
        assert!(row(rule).is_err(), "{rule}");
    }
}
