//! How a layer of tower asks the checks of a policy.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::runtime_origins::RuntimeOrigins;
use crate::check::EffectivePolicy;
use crate::parse::value::Check;
use crate::runtime_path::{CHECK_FUNCTION, TOWER_CHECK, TOWER_FITS};

/// The checks, if the policy is stated here.
pub(super) fn checks(policy: &EffectivePolicy<'_>) -> Option<TokenStream> {
    let EffectivePolicy::Stated(arguments, _) = policy else { return None };
    let checks = RuntimeOrigins::of(arguments).checks.into_iter().map(check);
    Some(quote!(&[#(#checks),*]))
}

fn check(Check { path, name }: &Check) -> TokenStream {
    // At the user's path, so that the compiler's own error about it lands there.
    let (function, fits) = (CHECK_FUNCTION.at(path.span()), TOWER_FITS.at(path.span()));
    let ask = quote_spanned!(path.span()=> |origin, request| #function::ask(#path, origin, request));
    let fits = quote_spanned!(path.span()=> || #fits(&#path));
    quote!(#TOWER_CHECK { name: #name, ask: #ask, fits: #fits })
}
