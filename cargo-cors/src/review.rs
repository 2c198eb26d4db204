//! A difference where people review a change.

use std::fmt::Write as _;

use cors_runtime::{Change, Diff};

use crate::output::safe;

/// Annotations of a pull request: what was opened is an error at the handler's line, what was closed is a notice
/// ([workflow commands](https://docs.github.com/actions/reference/workflow-commands-for-github-actions)).
pub(crate) fn annotations(diff: &Diff) -> String {
    let mut text = String::new();
    for (command, title, changes) in [("error", "CORS: opened", &diff.opened), ("notice", "CORS: closed", &diff.closed)]
    {
        for Change { route, what, source, .. } in changes {
            let place = source.as_deref().map(place);
            let message = data(&format!("{route}: {what}"));
            // Writing to a string does not fail.
            let _ = writeln!(text, "::{command} {}title={}::{message}", place.unwrap_or_default(), property(title));
        }
    }
    text
}

/// Where a handler stands. A report may have been saved without lines.
fn place(source: &str) -> String {
    match source.rsplit_once(':') {
        Some((file, line)) if line.parse::<u32>().is_ok() => format!("file={},line={line},", property(file)),
        _ => format!("file={},", property(source)),
    }
}

/// The text of a message, as the runner decodes it.
fn data(text: &str) -> String {
    safe(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value before the message, as the runner decodes it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A comment in Markdown.
pub(crate) fn comment(diff: &Diff) -> String {
    if diff.is_empty() {
        return "**CORS**: nothing was opened, and nothing was closed\n".to_owned();
    }
    let mut text = format!("**CORS**: {} opened, {} closed\n", diff.opened.len(), diff.closed.len());
    for (word, changes) in [("opened", &diff.opened), ("closed", &diff.closed)] {
        if changes.is_empty() {
            continue;
        }
        let _ = write!(text, "\n| {word} | what | where |\n|---|---|---|\n");
        for Change { route, what, source, .. } in changes {
            let place = source.as_deref().map(code).unwrap_or_default();
            let _ = writeln!(text, "| {} | {} | {place} |", code(route), code(what));
        }
    }
    text
}

/// A code span in a cell of a table: nothing in it is markup.
fn code(text: &str) -> String {
    let text = safe(text).replace('\n', " ").replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

#[cfg(test)]
mod tests {
    use super::{code, data, place, property};

    #[test]
    fn a_place_may_be_without_a_line() {
        assert_eq!(place("src/a,b.rs:12"), "file=src/a%2Cb.rs,line=12,");
        assert_eq!(place("src/main.rs"), "file=src/main.rs,");
    }

    #[test]
    fn nothing_ends_a_message_or_a_cell_early() {
        assert_eq!(data("100 %\n::error::x"), "100 %25%0A::error::x");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a"), "`` `a ``");
    }
}
