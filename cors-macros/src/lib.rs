//! The `#[cross_origin]` attribute of [`cors-runtime`](https://docs.rs/cors-runtime), which re-exports it.
//!
//! | file | phase |
//! |---|---|
//! | `arguments` | parse: tokens to arguments, each with its tokens kept |
//! | `value` | parse: the value of one argument |
//! | `item` | parse: the handler below |
//! | `items` | parse: the items of a module |
//! | `module`, `named` | the attribute on a module, and on a unit struct |
//! | `policy` | lower to `cors-rules`, check, and find the place of each finding again |
//! | `constant` | the policy as a constant expression |
//! | `expand` | the output |
//! | `report` | errors, collected |
#![forbid(unsafe_code)]

mod check;
mod expand;
mod parse;
mod report;

#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

/// See [`cors_runtime::cross_origin`](https://docs.rs/cors-runtime/latest/cors_runtime/attr.cross_origin.html).
#[proc_macro_attribute]
pub fn cross_origin(arguments: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(arguments.into(), &item.into()).into()
}

/// The attribute, on types that tests can make too.
fn expand(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut report = report::Report::default();
    let arguments = parse::arguments::Arguments::parse(arguments, &mut report);
    expand::rocket::expand(&arguments, item, report)
}
