//! The attribute on the items of a source as the compiler expands them: from the outside inwards, and each attribute before
//! what stands below it.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta};

use crate::attribute::{Place, expand_at};
use crate::parse::module::{ItemKind, ModuleItem, parse_attribute, split};

/// What the attribute writes for each item that it stands on.
pub(super) fn outputs(source: TokenStream) -> Vec<TokenStream> {
    split(source).into_iter().flat_map(of_item).collect()
}

fn of_item(ModuleItem { attributes, tokens, kind }: ModuleItem) -> Vec<TokenStream> {
    let attributes: Vec<_> = attributes.into_iter().flat_map(|attribute| decided(attribute.tokens)).collect();
    let ours = |attribute: &TokenStream| ours(&parse_attribute(attribute)?);
    let Some((index, (place, arguments))) =
        attributes.iter().enumerate().find_map(|(index, attribute)| Some((index, ours(attribute)?)))
    else {
        return match tokens.last() {
            Some(TokenTree::Group(items)) if kind == ItemKind::Module => outputs(items.stream()),
            _ => Vec::new(),
        };
    };
    let others = attributes.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, attribute)| attribute.clone());
    let item = others.chain(tokens.into_iter().map(TokenStream::from)).collect();
    let output = expand_at(place, arguments, &item);
    [output.clone()].into_iter().chain(outputs(output)).collect()
}

/// The attribute, or those that stand in it under a condition that holds.
fn decided(attribute: TokenStream) -> Vec<TokenStream> {
    let parsed = parse_attribute(&attribute).filter(|attribute| attribute.path().is_ident("cfg_attr"));
    let Some(parsed) = parsed else { return vec![attribute] };
    let parts = parsed.parse_args_with(Punctuated::<Meta, syn::Token![,]>::parse_terminated).unwrap_or_default();
    if !parts.first().is_some_and(holds) {
        return Vec::new();
    }
    parts.iter().skip(1).flat_map(|meta| decided(quote!(#[#meta]))).collect()
}

/// Whether a condition holds: `test`, `all()` and `not(…)` of another one do, `any()` does not.
fn holds(condition: &Meta) -> bool {
    match condition {
        Meta::List(list) if list.path.is_ident("not") => !list.parse_args().is_ok_and(|condition| holds(&condition)),
        condition => !condition.path().is_ident("any"),
    }
}

/// The arguments, and where the attribute stands, if it is ours: as users write it, or as it hands on to itself.
fn ours(attribute: &Attribute) -> Option<(Place, TokenStream)> {
    let place = match attribute.path().segments.last()?.ident.to_string().as_str() {
        "cross_origin" => Place::Anywhere,
        "directly_above" => Place::DirectlyAbove,
        _ => return None,
    };
    Some(match &attribute.meta {
        Meta::List(list) => (place, list.tokens.clone()),
        _ => (place, TokenStream::new()),
    })
}

/// An error in some output.
pub(super) struct Said {
    pub(super) text: String,
    /// The source that the compiler underlines; nothing where that is the attribute as a whole.
    pub(super) at: Option<String>,
}

/// The `compile_error!` invocations in some output.
pub(super) fn errors(output: TokenStream) -> Vec<Said> {
    let mut errors = Vec::new();
    let mut tokens = output.into_iter();
    while let Some(token) = tokens.next() {
        if !matches!(&token, TokenTree::Ident(ident) if ident == "compile_error") {
            continue;
        }
        let (Some(mark), Some(TokenTree::Group(group))) = (tokens.next(), tokens.next()) else { continue };
        if let Ok(text) = syn::parse2::<syn::LitStr>(group.stream()) {
            let at = token.span().join(mark.span()).and_then(|span| span.source_text());
            errors.push(Said { text: text.value(), at });
        }
    }
    errors
}
