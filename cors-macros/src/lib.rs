//! The `#[cross_origin]` attribute of [`cors-runtime`](https://docs.rs/cors-runtime), which re-exports it.
//!
//! | file | phase |
//! |---|---|
//! | `parse/` | tokens to arguments, each with its tokens kept; and the item below |
//! | `inherit` | the arguments in effect, where those of a module count too |
//! | `check` | the item and its policy against `cors-rules`; each finding finds its tokens again |
//! | `expand/` | the output |
//! | `runtime_path` | every path of the runtime crate that the output names |
//! | `report` | errors, collected |
#![forbid(unsafe_code)]

mod check;
mod expand;
mod inherit;
mod parse;
mod report;
mod runtime_path;

#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Ident, Token};

use parse::Item;
use parse::arguments::Arguments;
use report::Report;

#[doc = include_str!("../attribute.md")]
#[proc_macro_attribute]
pub fn cross_origin(arguments: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(arguments.into(), &item.into()).into()
}

/// On the struct with the name of a handler in the output of `#[cross_origin]`: its tokens stand beside that struct, unless
/// the compiler does not take the struct where it is.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn __beside(tokens: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    item.into_iter().chain(tokens).collect()
}

/// Below a route attribute in the output of `#[cross_origin]`, so that it sees what Rocket makes of the function.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn __uri_macro(names: proc_macro::TokenStream, function: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let names = Parser::parse(Punctuated::<Ident, Token![,]>::parse_terminated, names).unwrap_or_default();
    let mut names = names.into_iter();
    match (names.next(), names.next()) {
        (Some(name), Some(shim)) => expand::rocket::uri_macro(&name, &shim, &function.into()).into(),
        _ => function,
    }
}

/// The attribute, on types that tests can make too.
fn expand(arguments: TokenStream, tokens: &TokenStream) -> TokenStream {
    let mut report = Report::default();
    let arguments = Arguments::parse(arguments, &mut report);
    let Some(item) = Item::parse(tokens) else {
        // The compiler itself reports what is wrong with the item.
        report.discard();
        return tokens.clone();
    };
    if arguments.is_below_broken() && !matches!(item, Item::Module(_)) {
        let errors = report.into_tokens();
        return quote!(#tokens #errors);
    }
    if let Some(outer) = arguments.module.as_ref().filter(|_| arguments.from_module && item.has_second_attribute()) {
        report.discard();
        return expand::give_way(outer, tokens.clone());
    }
    let united = inherit::effective(&arguments);
    let policy = check::item(&arguments, &united, &item, &mut report);
    let sound = report.is_empty() && !arguments.is_below_broken();
    let output = expand::expand(&arguments, &united, &item, tokens, &policy, sound);
    let errors = report.into_tokens();
    quote!(#output #errors)
}
