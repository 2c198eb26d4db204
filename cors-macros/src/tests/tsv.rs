//! Reads the tables of `tests/cases`. The escapes are explained at the top of each table.
//!
//! It is in this crate because the published package has to compile with its tests. The package of `tests` reads it here.

// Each test that includes this file uses another part of it.
#![allow(dead_code, unreachable_pub)]

use std::collections::HashMap;

/// One row of a table.
pub struct Row {
    cells: HashMap<String, String>,
}

impl Row {
    /// The cell as it stands in the table, macros and escapes included.
    pub fn raw(&self, column: &str) -> &str {
        self.cells.get(column).unwrap_or_else(|| panic!("no column {column}"))
    }

    /// The cell with its macros and escapes undone.
    pub fn bytes(&self, column: &str) -> Vec<u8> {
        unescape(&expand_macros(self.raw(column)))
    }

    /// The cell with its macros and escapes undone, if it is text.
    pub fn text(&self, column: &str) -> Option<String> {
        String::from_utf8(self.bytes(column)).ok()
    }

    /// The elements of a list: those between `\&`, and none for `\[]`.
    pub fn list(&self, column: &str) -> Vec<Vec<u8>> {
        let cell = expand_macros(self.raw(column));
        if cell == "\\[]" { Vec::new() } else { split_unescape(&cell, "\\&") }
    }
}

/// A table: its columns, and its rows.
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows, without comments and the line of names.
    pub rows: Vec<Row>,
}

impl Table {
    /// Reads the text of a table.
    pub fn parse(text: &str) -> Self {
        let mut lines = text.split('\n').filter(|line| !line.is_empty() && !line.starts_with('#'));
        let columns: Vec<_> = lines.next().expect("a line of column names").split('\t').map(str::to_owned).collect();
        let rows = lines.map(|line| {
            let cells: Vec<_> = line.split('\t').map(str::to_owned).collect();
            assert_eq!(cells.len(), columns.len(), "{line}");
            Row { cells: columns.iter().cloned().zip(cells).collect() }
        });
        let rows = rows.collect();
        Self { columns, rows }
    }
}

/// The rows of the table in the file.
pub fn read(path: &str) -> Vec<Row> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    Table::parse(&text).rows
}

/// Repeats what `\{text*N\}` asks to be repeated. Comes before splitting and unescaping.
pub fn expand_macros(cell: &str) -> String {
    let mut out = String::new();
    let mut rest = cell;
    while let Some(at) = find_escape(rest, "\\{") {
        let inner = &rest[at + 2..];
        let end = inner.find("\\}").expect("a macro ends in \\}");
        // The text runs to the last star, so that it may hold stars and escapes itself.
        let (text, count) = inner[..end].rsplit_once('*').expect("a macro has a count");
        out.push_str(&rest[..at]);
        out.push_str(&text.repeat(count.parse().expect("a count")));
        rest = &inner[end + 2..];
    }
    out + rest
}

/// The pieces between the separators, unescaped. A separator that starts with a backslash is not found inside `\\`, and any
/// other is not found behind a backslash.
pub fn split_unescape(cell: &str, separator: &str) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    let mut rest = cell;
    while let Some(at) = find_escape(rest, separator) {
        pieces.push(unescape(&rest[..at]));
        rest = &rest[at + separator.len()..];
    }
    pieces.push(unescape(rest));
    pieces
}

/// Where the needle stands, other than as part of an escape.
fn find_escape(text: &str, needle: &str) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with(needle) {
            return Some(at);
        }
        let mut chars = text[at..].chars();
        at += match (chars.next(), chars.next()) {
            // An escape is read past as a whole: at least its backslash and one character.
            (Some('\\'), Some(escaped)) => 1 + escaped.len_utf8(),
            (Some(c), _) => c.len_utf8(),
            (None, _) => break,
        };
    }
    None
}

/// Undoes the escapes.
pub fn unescape(cell: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = cell;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c != '\\' {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        let escape = rest.chars().next().expect("an escape");
        rest = &rest[escape.len_utf8()..];
        match escape {
            't' => out.push(b'\t'),
            'n' => out.push(b'\n'),
            'r' => out.push(b'\r'),
            'x' => {
                out.push(u8::from_str_radix(&rest[..2], 16).expect("two hexadecimal digits"));
                rest = &rest[2..];
            }
            'u' => {
                let (hex, after) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).expect("\\u{…}");
                let c = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32).expect("a code point");
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                rest = after;
            }
            // `\\`, `\;` and any other sign stand for themselves.
            c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out
}
