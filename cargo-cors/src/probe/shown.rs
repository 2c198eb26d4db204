//! The text for people.

use std::fmt::Write as _;

use super::{Difference, Exchange, Finding, Probe};
use crate::output::{Style, safe};

/// How many requests are shown for each finding.
const SHOWN: usize = 2;

impl Probe {
    /// What was found, for people.
    #[must_use]
    pub fn shown(&self, style: Style) -> String {
        let mut text = String::new();
        for Finding { what, detail, fix, exchanges, .. } in &self.findings {
            add(&mut text, &format!("{} {what}", style.bad("differs:")));
            if let Some(detail) = detail {
                add(&mut text, &format!("  {}", safe(detail)));
            }
            add(&mut text, &format!("  {} {fix}", style.heading("fix:")));
            for exchange in exchanges.iter().take(SHOWN) {
                exchange.lines(&mut text);
            }
            if let Some(more @ 1..) = exchanges.len().checked_sub(SHOWN) {
                add(&mut text, &format!("  {}", style.aside(&format!("and {more} more: `--json` shows all"))));
            }
            add(&mut text, "");
        }
        if self.findings.len() > 1 {
            let more = "one mistake may hide another: ask again when these are corrected";
            add(&mut text, &format!("{} {more}", style.open("note:")));
        }
        for note in &self.notes {
            add(&mut text, &format!("{} {}", style.open("note:"), safe(note)));
        }
        let count = self.exchanges.iter().filter(|exchange| exchange.not_compared.is_none()).count();
        let different = self.exchanges.iter().filter(|exchange| !exchange.differences.is_empty()).count();
        let url = safe(&self.url);
        if self.is_equal() {
            let word = style.good("equal:");
            add(&mut text, &format!("{word} {count} answers of {url} are what the application says"));
        } else {
            let word = style.bad("different:");
            add(
                &mut text,
                &format!("{word} {different} of {count} answers of {url} are not what the application says"),
            );
        }
        text
    }
}

impl Exchange {
    fn lines(&self, text: &mut String) {
        let mut line = |line: String| add(text, &format!("    {}", safe(&line)));
        line(format!("> {} {}", self.sent.method, self.sent.path));
        for (name, value) in &self.sent.headers {
            line(format!("> {name}: {value}"));
        }
        if self.expected.is_none() {
            line(format!("< {}", self.arrived.status));
        }
        for Difference { what, expected, arrived } in &self.differences {
            let list = |values: &[String]| match values {
                [] => "nothing".to_owned(),
                values => values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(" and "),
            };
            let (expected, arrived) = (list(expected), list(arrived));
            line(match &**what {
                "vary" => format!("`vary` is without {expected}; it is {arrived}"),
                what => format!("`{what}`: the application says {expected}, and {arrived} arrives"),
            });
        }
        if let Some(reason) = self.arrived.reason() {
            line(format!("the server says: {reason}"));
        }
    }
}

fn add(text: &mut String, line: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{line}");
}
