//! A text that is not a valid header name, in either list, and the names that were meant.

use crate::beside::{Beside, example};
use crate::fetch;
use crate::quote::{code, literal, literals};
use crate::rule::Rule;
use crate::rules;

/// What is wrong with a text.
pub(super) struct Misspelt {
    pub(super) rule: &'static Rule,
    pub(super) message: String,
    /// The names to write instead, and the words before them.
    pub(super) offered: Vec<String>,
    words: &'static str,
    /// The help where no names can be offered.
    otherwise: String,
}

impl Misspelt {
    fn new(rule: &'static Rule, message: String, otherwise: impl Into<String>) -> Self {
        Misspelt { rule, message, offered: Vec::new(), words: "", otherwise: otherwise.into() }
    }

    fn offer(self, words: &'static str, offered: Vec<String>) -> Self {
        Misspelt { offered, words, ..self }
    }

    /// What to write, where these of the offered names are not listed already.
    pub(super) fn help(&self, further: &[String]) -> String {
        match (&*self.offered, further) {
            ([], _) => self.otherwise.clone(),
            ([name], []) => format!("remove it: {} is listed already", code(name)),
            (_, []) => "remove it: these names are listed already".to_owned(),
            ([_], [name]) => format!("{}{}", self.words, literal(name)),
            (_, names) => format!("{}{}", self.words, literals(names)),
        }
    }
}

/// Whether the text is a header name. <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2>
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(fetch::is_token_byte)
}

/// What is wrong with a text of the list `key`. `authorization` tells whether the list names that header, which `any` does
/// not cover.
pub(super) fn misspelt(key: &str, text: &str, beside: Beside, authorization: bool) -> Option<Misspelt> {
    if text.is_empty() {
        let message = "a header name cannot be empty".to_owned();
        return Some(Misspelt::new(&rules::EMPTY_HEADER_NAME, message, "remove the empty string"));
    }
    if text == "*" || text.eq_ignore_ascii_case("any") {
        let message = format!("the string {} is compared literally and does not mean \"any header\"", code(text));
        let help = if authorization && key == "allow_headers" && beside.refuses_any(key).is_none() {
            format!("for every header, write `any` without quotes: `{key} = [any, \"authorization\"]`")
        } else {
            beside.instead_of_everything(key, "for every header, write `any` without quotes: ")
        };
        return Some(Misspelt::new(&rules::PARTIAL_HEADER_WILDCARD, message, help));
    }
    if let Some(found) = list(key, text) {
        return Some(found);
    }
    if let Some(c) = text.chars().find(|&c| !u8::try_from(c).is_ok_and(fetch::is_token_byte)) {
        let message = format!("{} is not a valid header name: {} is not allowed", code(text), code(&c.to_string()));
        return Some(
            Misspelt::new(
                &rules::INVALID_HEADER_NAME,
                message,
                format!("write only the name, such as `\"{}\"`", example(key)),
            )
            .offer("write only the name: ", bare_name(text).into_iter().collect()),
        );
    }
    text.contains('*').then(|| {
        let message = format!("{} matches no header: header names are compared literally", code(text));
        let all = if beside.refuses_any(key).is_none() {
            format!(", or write `{key} = any` for all of them")
        } else {
            String::new()
        };
        Misspelt::new(&rules::PARTIAL_HEADER_WILDCARD, message, format!("list the names{all}"))
    })
}

fn list(key: &str, text: &str) -> Option<Misspelt> {
    let parts: Vec<_> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() < 2 || !parts.iter().all(|part| is_name(part)) {
        return None;
    }
    // `any` in a list is no name, as a star is none.
    let is_plain = |part: &&str| !part.contains('*') && !part.eq_ignore_ascii_case("any");
    let fits = text.len() < 400 && parts.iter().all(is_plain);
    let offered = if fits { parts.iter().map(|&part| part.to_owned()).collect() } else { Vec::new() };
    let message = format!("{} contains several header names in one string", code(text));
    let help = format!("write one element per name, as in `[\"{}\", \"x-request-id\"]`", example(key));
    Some(Misspelt::new(&rules::HEADER_LIST_IN_ONE_STRING, message, help).offer("write one element per name: ", offered))
}

/// The name alone, if there is no doubt about the text around it.
fn bare_name(text: &str) -> Option<String> {
    let outer = text.trim_matches(|c: char| c.is_whitespace() || "\"'[](),;".contains(c));
    let name = outer.split([':', ';', '=', '\r', '\n']).next().unwrap_or("").trim_end();
    let fits = is_name(name) && !name.contains('*') && !name.eq_ignore_ascii_case("any") && name.len() < 100;
    fits.then(|| name.to_owned())
}
