//! The macro that `uri!(user(…))` calls, under the name `rocket_uri_macro_user`.
//!
//! Rocket's route attribute stands in a function body, and so does the macro that it generates. This is the same one where
//! `uri!` looks for it. It is not used where Rocket refuses the route, so nothing is checked here.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Attribute, FnArg, Pat, Signature, Type};

use super::unique;
use crate::parse::route::uri;

/// The macro. Nothing where the route attribute has no URI.
pub(super) fn of(sig: &Signature, route: &Attribute) -> Option<TokenStream> {
    let uri = uri(route)?;
    // Rocket writes the URI out again, without a query in which nothing is.
    let uri = uri.split_once('?').and_then(|(path, query)| query.is_empty().then_some(path)).unwrap_or(&uri);
    let parameters = names(uri).filter_map(|name| parameter(sig, name));
    // `uri!` itself forgets the lifetimes of these types.
    let parameters = parameters.map(|(name, ty)| quote!(#name: #ty));
    // Rocket's own is at the root of the crate as well.
    let exported = unique::name("uri", &sig.ident, route);
    let name = format_ident!("rocket_uri_macro_{}", sig.ident.unraw());
    // As Rocket writes it: at the root of the crate for other crates, and in a module for the rest of this one, where the
    // compiler does not let a macro that a macro has exported be named by its path.
    Some(quote! {
        #[doc(hidden)]
        #[allow(nonstandard_style, unused, clippy::pub_use)]
        pub mod #exported {
            #[doc(hidden)]
            #[macro_export]
            macro_rules! #exported {
                ($($token:tt)*) => {{
                    rocket::rocket_internal_uri!(#uri, (#(#parameters),*), $($token)*)
                }};
            }

            pub use #exported as #name;
        }

        #[doc(hidden)]
        #[allow(unused, clippy::pub_use)]
        pub use #exported::#name;
    })
}

/// The names in a URI, in its order: those of segments, and those of the query.
fn names(uri: &str) -> impl Iterator<Item = &str> {
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let parts = path.split('/').chain(query.split('&'));
    let names = parts.filter_map(|part| part.strip_prefix('<')?.strip_suffix('>'));
    names.map(|name| name.strip_suffix("..").unwrap_or(name))
}

/// The parameter that a URI names. Rocket reports it if there is none. `_` is in no parameter's name.
fn parameter<'a>(sig: &'a Signature, name: &str) -> Option<(&'a Ident, &'a Type)> {
    sig.inputs.iter().find_map(|input| match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pat) if pat.ident.unraw() == name => Some((&pat.ident, &*typed.ty)),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    })
}
