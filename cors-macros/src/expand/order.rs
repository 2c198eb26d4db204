//! The attribute once more, directly above the route attribute, so that macros in between see the whole handler first.
//!
//! Without the library, an attribute above the route attribute is expanded before it, and may give the handler another
//! guard, as `#[protect]` of `rocket-grants` does. Rocket and this library have to read the signature after that.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::quote;

use crate::parse::Item;
use crate::parse::module::{ItemKind, OuterAttribute, split};
use crate::runtime_path::{DIRECTLY_ABOVE, Runtime};

/// The handler with `attribute` below all others that stand above its route attribute. `None` if only attributes of the
/// language are there. For one that is not known here, such as `#[rustfmt::skip]`, the order changes nothing.
pub(crate) fn below_other_macros(
    arguments: TokenStream,
    runtime: &Runtime,
    item: &Item,
    tokens: &TokenStream,
) -> Option<TokenStream> {
    // A second attribute of this library is reported where the first one stands.
    if !matches!(item, Item::Handler(handler) if handler.routes.len() == 1 && handler.duplicates.is_empty()) {
        return None;
    }
    let mut items = split(tokens.clone()).into_iter();
    let (Some(function), None) = (items.next(), items.next()) else { return None };
    let route = function.attributes.iter().position(OuterAttribute::is_route)?;
    let others = function.attributes.get(..route)?;
    if function.kind != ItemKind::Function || others.iter().all(OuterAttribute::is_plain) {
        return None;
    }
    let path = runtime.path(&DIRECTLY_ABOVE);
    let arguments = Group::new(Delimiter::Parenthesis, arguments);
    let attribute = quote!(#[#path #arguments]);
    let others = others.iter().map(|other| &other.tokens);
    let below = function.attributes.iter().skip(route).map(|other| &other.tokens);
    let rest = function.tokens.iter();
    Some(quote!(#(#others)* #attribute #(#below)* #(#rest)*))
}
