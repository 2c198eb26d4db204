//! What the attribute writes: `written.txt`, without what is the same each time. Names end in a number that depends on where
//! the handler stands; it is left out.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::cases;
use crate::parse::module::{ItemKind, ModuleItem, split};

#[test]
fn each_case_writes_what_it_should() {
    cases::each_comes_out_as_written("written.txt", |outputs| outputs.into_iter().flat_map(lines).collect());
}

/// A line for each item, and for what depends on the policy and the signature in those of a handler.
fn lines(output: TokenStream) -> Vec<String> {
    split(output).into_iter().flat_map(of_item).collect()
}

fn of_item(item: ModuleItem) -> Vec<String> {
    let attributes: TokenStream = item.attributes.iter().map(|attribute| attribute.tokens.clone()).collect();
    if let Some(beside) = group_after(&attributes, "beside") {
        return lines(beside);
    }
    let tokens: TokenStream = item.tokens.into_iter().collect();
    let whole = [attributes, tokens.clone()].into_iter().collect();
    let is_first =
        |word: &str| matches!(tokens.clone().into_iter().next(), Some(TokenTree::Ident(first)) if first == word);
    match item.kind {
        // The macro for `uri!`, and its import.
        _ if text(&whole).contains("__cross_origin_uri") => Vec::new(),
        ItemKind::Module => {
            let items = tokens.clone().into_iter().last().and_then(|token| match token {
                TokenTree::Group(items) => Some(items.stream()),
                _ => None,
            });
            let inside = items.into_iter().flat_map(split).flat_map(|item| {
                let attributes = item.attributes.into_iter().flat_map(|attribute| attribute.tokens);
                let whole: TokenStream = attributes.chain(item.tokens).collect();
                let at = underlined(whole.clone()).map(|at| format!("    underlines {at}"));
                [text(&without_body(whole))].into_iter().chain(at)
            });
            [text(&without_body(whole))].into_iter().chain(inside.map(|line| format!("    {line}"))).collect()
        }
        _ if is_first("impl") => {
            let signature = signature(&tokens).map(|signature| format!("reads {}", text(&signature)));
            let named = group_after(&tokens, "annotate").map(|arguments| text(&arguments));
            let policy = group_after(&tokens, "PolicyParts").map(|parts| text(&parts)).or(named);
            let asks = group_after(&tokens, "Sources").map(|sources| format!("asks {}", text(&sources)));
            signature.into_iter().chain(policy.map(|policy| format!("policy {policy}"))).chain(asks).collect()
        }
        ItemKind::Function => vec![text(&without_body(whole))],
        _ => {
            let at = underlined(tokens).map(|at| format!("    underlines {at}"));
            [text(&whole)].into_iter().chain(at).collect()
        }
    }
}

/// The group behind a word, wherever that is.
fn group_after(tokens: &TokenStream, word: &str) -> Option<TokenStream> {
    let mut is_next = false;
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) if is_next => return Some(group.stream()),
            TokenTree::Group(group) => {
                if let Some(found) = group_after(&group.stream(), word) {
                    return Some(found);
                }
            }
            token => is_next = matches!(token, TokenTree::Ident(ident) if ident == word),
        }
    }
    None
}

/// The function whose signature Rocket reads.
fn signature(tokens: &TokenStream) -> Option<TokenStream> {
    let tokens: Vec<_> = tokens.clone().into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        if group.delimiter() == Delimiter::Bracket && group.stream().to_string().ends_with("signature_only") {
            let function = tokens.iter().skip(index + 1).take_while(|token| !is_in_braces(token));
            return Some(function.cloned().collect());
        }
        if let Some(found) = signature(&group.stream()) {
            return Some(found);
        }
    }
    None
}

fn is_in_braces(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

fn without_body(item: TokenStream) -> TokenStream {
    let tokens: Vec<_> = item.into_iter().collect();
    let body = tokens.last().is_some_and(is_in_braces);
    tokens.iter().take(tokens.len() - usize::from(body)).cloned().collect()
}

/// The source that an error about the type of a handler underlines.
fn underlined(tokens: TokenStream) -> Option<String> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => underlined(group.stream()),
        TokenTree::Ident(ident) if ident == "into_info" || ident == "into_route" => ident.span().source_text(),
        _ => None,
    })
}

/// The text of tokens, with `…` for the numbers of names.
fn text(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    let words = text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_').map(|word| {
        let (name, end) = word.split_at(word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_').len());
        let is_number = |end: &str| end.len() > 8 && end.chars().all(|c| c.is_ascii_hexdigit());
        let numbers = name.split('_').find(|part| name.starts_with("__cross_origin") && is_number(part));
        name.replace(numbers.unwrap_or("…"), "…") + end
    });
    let text = words.collect::<String>().replace(":: cors_runtime :: __private :: ", "");
    text.replace(" , .. __cors :: PolicyParts :: EMPTY", "")
}
