//! Tests of the attribute as a function on tokens. What the compiler makes of the output is tested in `tests/`.

mod expansions;
mod tables;

use proc_macro2::{TokenStream, TokenTree};

/// The texts of the `compile_error!` invocations in some output.
fn errors(output: TokenStream) -> Vec<String> {
    let mut errors = Vec::new();
    let mut tokens = output.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if matches!(&token, TokenTree::Ident(ident) if ident == "compile_error") {
            let text = tokens.find_map(|token| match token {
                TokenTree::Group(group) => syn::parse2::<syn::LitStr>(group.stream()).ok(),
                _ => None,
            });
            errors.extend(text.map(|text| text.value()));
        }
    }
    errors
}
