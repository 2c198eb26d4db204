//! The origins that are known at run time only: lists of the configuration, and checks.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use crate::parse::arguments::Arguments;
use crate::parse::value::{ElementKind, ListElement};
use crate::runtime_path::{CHECK, READ_LIST, TYPE_OF};

/// The fields of the policy that name them.
pub(super) fn fields(arguments: &Arguments) -> Vec<TokenStream> {
    let elements: &[ListElement] = arguments.origins.as_ref().map_or(&[], |list| &list.elements);
    let mut fields = Vec::new();
    let lists: Vec<_> = elements
        .iter()
        .filter_map(|element| match &element.kind {
            ElementKind::Config(name) => Some(name),
            _ => None,
        })
        .collect();
    if !lists.is_empty() {
        fields.push(quote!(lists: &[#(#lists),*]));
        fields.push(quote!(read_list: ::core::option::Option::Some(#READ_LIST)));
    }
    let checks: Vec<_> = elements
        .iter()
        .filter_map(|element| match &element.kind {
            ElementKind::Check(path) => Some(check(path)),
            _ => None,
        })
        .collect();
    if !checks.is_empty() {
        fields.push(quote!(checks: &[#(#checks),*]));
    }
    fields
}

fn check(path: &Path) -> TokenStream {
    let name = path.to_token_stream().to_string().replace(' ', "");
    let ask = quote_spanned!(path.span()=> |origin, request| ::std::boxed::Box::pin(#path(origin, request)));
    quote!(#CHECK { name: #name, key: || #TYPE_OF(&#path), ask: #ask })
}
