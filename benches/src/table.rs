//! Tables in Markdown, and the numbers in them.

use std::fmt;

pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(head: Vec<String>) -> Self {
        let mut rule = vec!["---:".to_owned(); head.len()];
        "---".clone_into(&mut rule[0]);
        Self { rows: vec![head, rule] }
    }

    pub(crate) fn row(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.iter().try_for_each(|row| writeln!(f, "| {} |", row.join(" | ")))
    }
}

/// A whole number, with commas between its thousands.
pub(crate) fn count(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number <= -0.5 { format!("− {text}") } else { text }
}

/// By how much more.
pub(crate) fn more(number: f64) -> String {
    if number <= -0.5 { count(number) } else { format!("+ {}", count(number)) }
}

pub(crate) fn times(ratio: f64) -> String {
    format!("{ratio:.2}")
}
