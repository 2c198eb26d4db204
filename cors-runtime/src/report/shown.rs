//! The lines of a report as text: a report may have been read from a file, in which somebody wrote what a terminal acts on.

use std::fmt::{self, Write};

use cors_rules::is_invisible;

/// Writes text with everything escaped that cannot be seen, and that a terminal acts on: control characters, line ends, and
/// what changes the direction of the text behind it.
pub(super) struct Escaping<'a, 'f>(pub(super) &'a mut fmt::Formatter<'f>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|sign| {
            if is_invisible(sign) { write!(self.0, "{}", sign.escape_unicode()) } else { self.0.write_char(sign) }
        })
    }
}

/// Writes such text on a line.
pub(super) fn line(f: &mut fmt::Formatter<'_>, text: fmt::Arguments<'_>) -> fmt::Result {
    Escaping(f).write_fmt(text)?;
    f.write_char('\n')
}
