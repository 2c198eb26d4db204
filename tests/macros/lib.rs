//! Attribute macros as others may write them, to stand between `#[cross_origin]` and a route attribute.

use proc_macro::{Ident, TokenStream, TokenTree};

/// Keeps the route attribute of a handler, and drops the others.
#[proc_macro_attribute]
pub fn keeps_the_route_only(_: TokenStream, item: TokenStream) -> TokenStream {
    let mut tokens = item.into_iter().peekable();
    let mut output = TokenStream::new();
    while let Some(token) = tokens.next() {
        let is_attribute = matches!(&token, TokenTree::Punct(pound) if pound.as_char() == '#');
        let keep = match tokens.peek() {
            Some(TokenTree::Group(attribute)) if is_attribute => {
                let first = attribute.stream().into_iter().next().map(|word| word.to_string());
                matches!(first.as_deref(), Some("get" | "post"))
            }
            _ => true,
        };
        if keep {
            output.extend([token]);
        } else {
            tokens.next();
        }
    }
    output
}

/// Gives the function another name.
#[proc_macro_attribute]
pub fn renames(_: TokenStream, item: TokenStream) -> TokenStream {
    let mut after_fn = false;
    let rename = |token: TokenTree| match token {
        TokenTree::Ident(name) if after_fn => {
            after_fn = false;
            TokenTree::Ident(Ident::new(&format!("renamed_{name}"), name.span()))
        }
        token => {
            after_fn = matches!(&token, TokenTree::Ident(word) if word.to_string() == "fn");
            token
        }
    };
    item.into_iter().map(rename).collect()
}

/// Leaves the function out.
#[proc_macro_attribute]
pub fn removes(_: TokenStream, _: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Puts the function into a module of the name `moved`.
#[proc_macro_attribute]
pub fn moves(_: TokenStream, item: TokenStream) -> TokenStream {
    format!("pub mod moved {{ use super::*; {item} }}").parse().unwrap_or_default()
}
