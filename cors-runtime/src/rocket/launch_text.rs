//! The lines of the launch log: no longer than a terminal is wide, as far as what they say allows it.

use std::cmp::Ordering;

/// The longest line, in characters: Rocket's mark before it makes 120 of them.
const WIDTH: usize = 114;

/// Puts items in order by a comparison that keeps equal ones as they are. What sorts is places, so that it is compiled once and
/// not for each kind of item, which takes 7 KB of the binary.
pub(super) fn sorted<T>(items: Vec<T>, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
        let mut places: Vec<_> = (0..count).collect();
        places.sort_by(|a, b| compare(*a, *b));
        places
    }
    let places = order(items.len(), &|a, b| compare(&items[a], &items[b]));
    let mut items: Vec<_> = items.into_iter().map(Some).collect();
    places.into_iter().filter_map(|place| items.get_mut(place)?.take()).collect()
}

/// How many names a note has before the others are counted.
const NAMES: usize = 3;

/// Something that is worth a look, and what to do about it.
pub(super) struct Note {
    pub(super) fact: String,
    pub(super) help: String,
}

impl Note {
    /// About some routes: as many names as fit into a line after this start, and how many more there are.
    pub(super) fn about(start: &str, names: &[String], help: String) -> Self {
        let items = each(names.iter().cloned());
        let fact = |count| format!("{start} {}", some(&items, count));
        let count = most(items.len().min(NAMES), |count| format!("note: {}", fact(count)));
        Note { fact: fact(count), help }
    }

    /// One line, or two if one would be too long.
    pub(super) fn lines(self) -> Vec<String> {
        let Note { fact, help } = self;
        let one = format!("note: {fact}; help: {help}");
        if fits(&one) { vec![one] } else { vec![format!("note: {fact}"), format!("help: {help}")] }
    }
}

/// Part of a list that may be too long for a line: a text, and how many things it stands for.
pub(super) type Item = (usize, String);

/// Items that stand for themselves.
pub(super) fn each(texts: impl IntoIterator<Item = String>) -> Vec<Item> {
    texts.into_iter().map(|text| (1, text)).collect()
}

/// So many of the items, and how many things the others stand for.
fn some(items: &[Item], count: usize) -> String {
    let (shown, others) = items.split_at(count);
    let shown: Vec<_> = shown.iter().map(|(_, text)| &**text).collect();
    let more: usize = others.iter().map(|(count, _)| count).sum();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{more}", shown.join(", "))
}

/// A list that starts so: in one line, or in up to two lines below the start, and what does not fit there is counted. Whether
/// the list is whole.
pub(super) fn listed(start: &str, items: &[Item]) -> (Vec<String>, bool) {
    const INDENT: &str = "  ";
    let one = format!("{start} {}", some(items, items.len()));
    if fits(&one) {
        return (vec![one], true);
    }
    let mut lines = vec![start.to_owned()];
    let (first, rest) = items.split_at(most(items.len(), |count| format!("{INDENT}{},", some(&items[..count], count))));
    if rest.is_empty() {
        lines.push(format!("{INDENT}{}", some(first, first.len())));
        return (lines, true);
    }
    lines.push(format!("{INDENT}{},", some(first, first.len())));
    let count = most(rest.len(), |count| format!("{INDENT}{}", some(rest, count)));
    lines.push(format!("{INDENT}{}", some(rest, count)));
    (lines, count == rest.len())
}

/// The most things that fit into this line, of so many. One is always there.
fn most(all: usize, line: impl Fn(usize) -> String) -> usize {
    // Each takes a character at least, so no more than these can fit.
    (1..=all.min(WIDTH)).rev().find(|count| fits(&line(*count))).unwrap_or(all.min(1))
}

fn fits(line: &str) -> bool {
    line.chars().count() <= WIDTH
}

/// How many there are of something: `1 route`, `2 routes`.
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
