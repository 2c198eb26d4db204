//! The lines of the launch log: no longer than a terminal is wide, as far as what they say allows it.

/// The longest line, in characters: Rocket's mark before it makes 120 of them.
const WIDTH: usize = 114;

/// Something that is worth a look, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) fact: String,
    pub(super) help: String,
}

impl Note {
    /// One line, or two if one would be too long.
    pub(super) fn lines(self) -> Vec<String> {
        let Note { fact, help } = self;
        let one = format!("note: {fact}; help: {help}");
        if fits(&one) { vec![one] } else { vec![format!("note: {fact}"), format!("help: {help}")] }
    }
}

/// Part of a list that may be too long for a line: a text, and how many things it stands for.
pub(super) type Item = (usize, String);

/// A list that starts so: in one line, or in a line of its own below the start, and what does not fit there is counted. Whether
/// the list is whole.
pub(super) fn listed(start: &str, items: &[Item]) -> (Vec<String>, bool) {
    const INDENT: &str = "  ";
    let with = |before: &str, count: usize| {
        let (shown, others) = items.split_at(count);
        let shown: Vec<_> = shown.iter().map(|(_, text)| &**text).collect();
        let more: usize = others.iter().map(|(count, _)| count).sum();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        format!("{before}{}{more}", shown.join(", "))
    };
    let one = with(&format!("{start} "), items.len());
    if fits(&one) {
        return (vec![one], true);
    }
    // Each takes a character at least, so no more than these can fit. One is always there.
    let fitting = (1..=items.len().min(WIDTH)).rev().find(|count| fits(&with(INDENT, *count)));
    let count = fitting.unwrap_or_else(|| items.len().min(1));
    (vec![start.to_owned(), with(INDENT, count)], count == items.len())
}

fn fits(line: &str) -> bool {
    line.chars().count() <= WIDTH
}

/// How many there are of something: `1 route`, `2 routes`.
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
