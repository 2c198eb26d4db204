//! Colours, and text that is safe to print on a terminal.

use std::env;
use std::io::{self, IsTerminal as _};

use cors_rules::is_invisible;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum When {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    Always,
    Never,
}

/// Whether to use colours.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    colours: bool,
}

impl Style {
    pub(crate) fn new(when: When) -> Self {
        let colours = match when {
            When::Auto => io::stdout().is_terminal() && wanted(),
            When::Always => true,
            When::Never => false,
        };
        Style { colours }
    }

    pub(crate) fn of_stderr() -> Self {
        Style { colours: io::stderr().is_terminal() && wanted() }
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colours { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    pub(crate) fn bad(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    pub(crate) fn good(self, text: &str) -> String {
        self.paint("1;32", text)
    }

    pub(crate) fn open(self, text: &str) -> String {
        self.paint("1;33", text)
    }

    pub(crate) fn heading(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(crate) fn aside(self, text: &str) -> String {
        self.paint("2", text)
    }
}

/// <https://no-color.org>
fn wanted() -> bool {
    env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The text with everything escaped that a terminal would act on, except line ends.
#[must_use]
pub(crate) fn safe(text: &str) -> String {
    let acts = |c: char| c != '\n' && is_invisible(c);
    text.chars().map(|c| if acts(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Style, safe};

    #[test]
    fn a_terminal_is_not_told_what_to_do() {
        assert_eq!(safe("a\x1b[31m\u{202e}\tü\n"), "a\\u{1b}[31m\\u{202e}\\u{9}ü\n");
    }

    #[test]
    fn no_colour_unless_it_is_asked_for() {
        assert_eq!(Style::default().bad("x"), "x");
        assert_eq!(Style { colours: true }.bad("x"), "\x1b[1;31mx\x1b[0m");
    }
}
