//! The tokens of one argument, before anything is known of its value.

use std::fmt::Display;

use cors_rules::Beside;
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;

use super::module::is_punct;
use crate::report::Report;

/// One argument: `key`, `key = value` or `key(value)`.
pub(crate) struct Argument {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    None,
    Assigned(TokenStream),
    Parenthesized(TokenStream),
}

impl Argument {
    /// All tokens of the value, or the key if there is none: what an error about the value underlines.
    pub(crate) fn value_tokens(&self) -> TokenStream {
        match &self.value {
            Value::Assigned(tokens) if !tokens.is_empty() => tokens.clone(),
            _ => self.key.to_token_stream(),
        }
    }
}

pub(super) fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}

/// The arguments between the top-level commas. A comma at the end is allowed.
pub(super) fn split_at_commas(tokens: TokenStream, report: &mut Report) -> Vec<Vec<TokenTree>> {
    let mut arguments = Vec::new();
    let mut current = Vec::new();
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if is_comma(&token) => {
                if current.is_empty() {
                    report.error(punct, "expected an argument before this comma", "remove the comma");
                } else {
                    arguments.push(std::mem::take(&mut current));
                }
            }
            _ => current.push(token),
        }
    }
    if !current.is_empty() {
        arguments.push(current);
    }
    arguments
}

/// Reads one argument. `keys` are those of all arguments, and `beside` is what they leave possible.
pub(super) fn read(tokens: Vec<TokenTree>, keys: &[String], beside: Beside, report: &mut Report) -> Option<Argument> {
    let all: TokenStream = tokens.iter().cloned().collect();
    let negated = match &*tokens {
        [not, TokenTree::Ident(flag)] if is_punct(not, '!') => Some(flag.to_string()),
        _ => None,
    };
    let mut tokens = tokens.into_iter();
    let Some(TokenTree::Ident(key)) = tokens.next() else {
        let help = match negated {
            Some(flag) if matches!(&*flag, "credentials" | "enforce") && keys.contains(&flag) => "remove it".to_owned(),
            Some(flag) if flag == "credentials" => "remove it, or write `credentials = false`".to_owned(),
            Some(flag) if flag == "enforce" => "write `enforce = false`".to_owned(),
            _ => unnamed(&shown(&all), keys, beside),
        };
        report.error(&all, "the arguments of the `cross_origin` attribute need names", &help);
        return None;
    };
    let value = match tokens.next() {
        None => Value::None,
        Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => Value::Assigned(tokens.by_ref().collect()),
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            Value::Parenthesized(group.stream())
        }
        Some(TokenTree::Punct(punct)) if punct.as_char() == '-' => {
            let rest = tokens.take_while(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == '='));
            let words = rest.filter(|token| !matches!(token, TokenTree::Punct(_))).map(|token| token.to_string());
            let name = words.fold(key.to_string(), |name, word| name + "_" + &word);
            report.error(&all, "argument names are written with underscores, not hyphens", &format!("write `{name}`"));
            return None;
        }
        Some(TokenTree::Ident(next)) => {
            report.error(&next, &format!("expected a comma before `{next}`"), &format!("write `{key}, {next}`"));
            return None;
        }
        Some(_) => {
            report.error(&all, &format!("expected `=` or a comma after `{key}`"), &format!("write `{key} = …`"));
            return None;
        }
    };
    if let Some(rest) = tokens.next() {
        report.error(rest, "expected a comma here", "separate the arguments with commas");
    }
    Some(Argument { key, value })
}

/// What to write instead of a value without a name.
fn unnamed(value: &str, keys: &[String], beside: Beside) -> String {
    let inside = value.strip_prefix('[').and_then(|value| value.strip_suffix(']')).unwrap_or(value).trim();
    if keys.iter().any(|key| key == "origins") {
        return if inside.starts_with('"') {
            "write it as an element of `origins`".to_owned()
        } else {
            "remove it, or write a name and `=` before it".to_owned()
        };
    }
    match inside {
        "*" | "\"*\"" | "\"any\"" | "any" => beside.instead_of_everything("origins", "write "),
        inside if inside.starts_with('"') => format!("write `origins = [{inside}]`"),
        _ => "write `origins = […]`".to_owned(),
    }
}

/// Tokens as one would type them.
pub(super) fn shown(tokens: &TokenStream) -> String {
    let spaced = [
        (" :: ", "::"),
        (":: ", "::"),
        (" ! ", "!"),
        ("! ", "!"),
        (" (", "("),
        (" [", "["),
        (" , ", ", "),
        ("& ", "&"),
        (" . ", "."),
    ];
    spaced.iter().fold(tokens.to_string(), |text, (apart, together)| text.replace(apart, together))
}

/// Whether a token stands in the source text, and was not made by the attribute on a module.
pub(super) fn is_written(token: &(impl Display + Spanned)) -> bool {
    token.span().source_text().is_some_and(|text| token.to_string() == text)
}
