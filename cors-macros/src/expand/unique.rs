//! Names that are generated for one handler only.

use std::hash::{DefaultHasher, Hash, Hasher};

use proc_macro2::{Ident, Span};
use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;

/// A name that is generated for no other handler, in no module and no crate.
///
/// Handlers in two modules may have one name and one route, also where one macro writes both. So the name depends on where
/// the handler is and where it comes from, as that of Rocket's macro for `uri!` does.
pub(super) fn name(what: &str, handler: &Ident, tokens: &impl ToTokens) -> Ident {
    let mut hasher = DefaultHasher::new();
    format!("{:?} {:?}", handler.span(), Span::call_site()).hash(&mut hasher);
    tokens.to_token_stream().to_string().hash(&mut hasher);
    let span = Span::call_site().located_at(handler.span());
    format_ident!("__cross_origin_{what}_{}_{:x}", handler.unraw(), hasher.finish(), span = span)
}
