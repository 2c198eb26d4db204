//! What is said about a text that is not an origin, or a doubtful one: `said.txt`, one text after the other.
//!
//! A case is the text, and indented what is found: the rule, the message, the help. `with credentials` in front of the text
//! means that, and `in a list` a list of the configuration. `UPDATE_SAID=1 cargo test -p cors-rules` writes what is found; it
//! has to be read then, since it may be wrong.

use std::fs;

use cors_rules::{Declared, Element, Scope, check};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/said.txt");

fn said(case: &str) -> String {
    let (text, credentials) = case.strip_prefix("with credentials ").map_or((case, false), |text| (text, true));
    let (text, scope) =
        text.strip_prefix("in a list ").map_or((text, Scope::default()), |text| (text, Scope::ConfiguredList));
    // Characters that cannot stand in the file.
    let mut text = text.replace("\\t", "\t").replace("\\n", "\n").replace("\\0", "\0").replace("{63}", &"a".repeat(63));
    for (written, sign) in [("{ZWJ}", "\u{200d}"), ("{ZWNJ}", "\u{200c}"), ("{RLO}", "\u{202e}"), ("{RLI}", "\u{2067}")]
    {
        text = text.replace(written, sign);
    }
    let policy = Declared { origins: Some(vec![Element::Text(&text)]), credentials, ..Declared::default() };
    let findings = check(&policy, scope).findings.into_iter();
    let lines =
        findings.map(|found| format!("    {}\n      {}\n      {}\n", found.rule.name, found.message, found.help));
    lines.collect()
}

#[test]
fn each_text_has_its_findings() {
    let written = fs::read_to_string(FILE).expect("the cases");
    let right = written.split("\n\n").map(|paragraph| {
        let case = paragraph.lines().next().unwrap_or_default();
        let is_case = !case.starts_with("# ");
        if is_case { format!("{case}\n{}", said(case)) } else { paragraph.trim_end().to_owned() + "\n" }
    });
    let right = right.collect::<Vec<_>>().join("\n");
    if std::env::var_os("UPDATE_SAID").is_some() {
        fs::write(FILE, &right).expect("written");
    }
    for (written, right) in written.split("\n\n").zip(right.split("\n\n")) {
        assert_eq!(written.trim_end(), right.trim_end());
    }
}
