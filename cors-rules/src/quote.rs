//! How messages quote foreign text: in backticks, with nothing invisible in it, and not too long.

/// The longest quotation, in characters.
const LONGEST: usize = 80;

/// The longest list, in elements, that is spelled out for a message.
pub(crate) const LONGEST_LIST: usize = 6;

/// The text in backticks, escaped and shortened.
pub(crate) fn code(text: &str) -> String {
    format!("`{}`", shown(text))
}

/// The text as a string literal in backticks, to be pasted. Only for text that this crate has repaired.
pub(crate) fn literal(text: &str) -> String {
    format!("`\"{text}\"`")
}

/// String literals in one pair of brackets and backticks, to be pasted.
pub(crate) fn literals(texts: &[String]) -> String {
    let quoted: Vec<_> = texts.iter().map(|text| format!("\"{text}\"")).collect();
    format!("`[{}]`", quoted.join(", "))
}

/// The text with invisible characters, backticks and backslashes of escapes made visible, shortened to one line.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == LONGEST {
            out.push('…');
            break;
        }
        match c {
            // A backtick would end the quotation.
            '`' => out.push_str("\\u{60}"),
            '\n' | '\r' | '\t' => out.extend(c.escape_default()),
            ' ' => out.push(c),
            c if is_invisible(c) || c.is_whitespace() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Whether a character cannot be seen, or changes how its neighbours are shown: controls, format characters,
/// fillers, variation selectors. Unicode: general categories Cc and Cf, and `Default_Ignorable_Code_Point`.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
            | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_short_and_visible() {
        assert_eq!(code("a\u{200b}b`\r\n"), "`a\\u{200b}b\\u{60}\\r\\n`");
        assert_eq!(shown(&"é".repeat(100)).chars().count(), 81);
    }
}
