//! The attribute once more, directly above the route attribute, so that macros in between see the whole handler first.
//!
//! Without the library, an attribute above the route attribute is expanded before it, and may give the handler another
//! guard, as `#[protect]` of `rocket-grants` does. Rocket and this library have to read the signature after that.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::unique;
use crate::parse::Item;
use crate::parse::handler::Handler;
use crate::parse::module::{ItemKind, OuterAttribute, split};
use crate::parse::route::is_named;
use crate::runtime_path::{BESIDE, DIRECTLY_ABOVE, DROPPED_INTO_INFO, HAS_POLICY, Runtime};

/// The handler with `attribute` below all others that stand above its route attribute. `None` if only attributes of the
/// language are there. For one that is not known here, such as `#[rustfmt::skip]`, the order changes nothing.
pub(crate) fn below_other_macros(
    arguments: TokenStream,
    runtime: &Runtime,
    item: &Item,
    tokens: &TokenStream,
) -> Option<TokenStream> {
    // A second attribute of this library is reported where the first one stands.
    let Item::Handler(handler) = item else { return None };
    let route = handler.route().filter(|_| handler.routes.len() == 1 && handler.duplicates.is_empty())?;
    let mut items = split(tokens.clone()).into_iter();
    let (Some(function), None) = (items.next(), items.next()) else { return None };
    let above = function.attributes.iter().position(OuterAttribute::is_route)?;
    let others = function.attributes.get(..above)?;
    if function.kind != ItemKind::Function || others.iter().all(OuterAttribute::is_plain) {
        return None;
    }
    let path = runtime.path(&DIRECTLY_ABOVE);
    let arguments = Group::new(Delimiter::Parenthesis, arguments);
    let attribute = quote!(#[#path #arguments]);
    let unknown: Vec<_> = others.iter().filter(|other| !other.is_plain()).collect();
    // Which of several it was is not known.
    let suspect = match unknown[..] {
        [OuterAttribute { parsed: Some(other), .. }] => other.path().span(),
        _ => handler.sig.ident.span(),
    };
    let unless_dropped = unless_dropped(handler, route.pound_token.span, suspect, runtime);
    let others = others.iter().map(|other| &other.tokens);
    let below = function.attributes.iter().skip(above).map(|other| &other.tokens);
    let rest = function.tokens.iter();
    Some(quote!(#unless_dropped #(#others)* #attribute #(#below)* #(#rest)*))
}

/// A proof that none of the attributes in between has dropped this one and kept the route attribute.
///
/// There is a type with the name of the handler then, and Rocket has made it. If one of them has removed the function, or
/// given it another name, the type here is found instead: items of a scope hide what is imported with `*`.
fn unless_dropped(handler: &Handler, route: Span, suspect: Span, runtime: &Runtime) -> TokenStream {
    let name = &handler.sig.ident;
    let proof = unique::name("kept", name, &handler.sig);
    let module = format_ident!("{proof}_or_not");
    let (beside, into_info, has_policy) =
        (runtime.path(&BESIDE), runtime.path(&DROPPED_INTO_INFO), runtime.path(&HAS_POLICY));
    let info = quote_spanned!(Span::call_site().located_at(suspect)=> handler.into_info());
    let allowed =
        handler.attrs.iter().any(|attribute| is_named(attribute, &["deprecated"])).then(|| quote!(deprecated));
    // One item, and before the handler, so that the compiler stops at it where no handler can be, as it does at Rocket's.
    quote_spanned! {Span::call_site().located_at(route)=>
        #[doc(hidden)]
        #[allow(dead_code, non_camel_case_types)]
        #[#beside {
            #[allow(dead_code, non_camel_case_types, unreachable_pub)]
            mod #module {
                pub struct #name {}
            }
            #[allow(unused_imports)]
            use #module::*;
            #[allow(dead_code, #allowed)]
            const _: () = {
                use #into_info as _;
                fn check(handler: #name) {
                    #has_policy(#info)
                }
            };
        }]
        struct #proof {}
    }
}
