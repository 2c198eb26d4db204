//! A unit struct: a named policy, in the manner of Rocket's own `#[database("…")] struct Db;`.

use proc_macro2::TokenStream;
use quote::quote;

use super::constant;
use crate::check::EffectivePolicy;
use crate::parse::unit_struct::UnitStruct;
use crate::runtime_path::{COVER, NAMED_POLICY, NOTHING, POLICY, Runtime};

/// What stands beside the struct. `sound` tells that nothing is wrong with it.
pub(super) fn expand(
    UnitStruct { ident, generics, .. }: &UnitStruct,
    policy: &EffectivePolicy<'_>,
    runtime: &Runtime,
    sound: bool,
) -> TokenStream {
    let constant = match policy {
        EffectivePolicy::Stated(arguments, compiled) => constant::stated(arguments, compiled),
        EffectivePolicy::Named(_) | EffectivePolicy::Nothing => quote!(#NOTHING),
    };
    let (implementing, parameters, bounds) = generics.split_for_impl();
    let (named_policy, policy, import) = (runtime.path(&NAMED_POLICY), runtime.path(&POLICY), runtime.import());
    let cover = runtime.path(&COVER);
    let cover = sound.then(|| quote!(#cover! { #ident }));
    quote! {
        impl #implementing #named_policy for #ident #parameters #bounds {
            const POLICY: &'static #policy = {
                #import
                &#constant
            };
        }

        #cover
    }
}
