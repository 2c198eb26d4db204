//! A unit struct: a named policy, in the manner of Rocket's own `#[database("…")] struct Db;`.

use proc_macro2::TokenStream;
use quote::quote;

use super::runtime_origins::RuntimeOrigins;
use super::{constant, rocket, tower};
use crate::check::EffectivePolicy;
use crate::parse::unit_struct::UnitStruct;
use crate::runtime_path::{ADAPTERS, NAMED_POLICY, POLICY, Runtime};

/// What stands beside the struct. With mistakes it is the same, so that one is not a second one where the policy is used.
pub(super) fn expand(
    UnitStruct { ident, generics, .. }: &UnitStruct,
    policy: &EffectivePolicy<'_>,
    runtime: &Runtime,
) -> TokenStream {
    let import = runtime.import();
    let sources = rocket::sources(policy).zip(tower::checks(policy)).map(|(sources, checks)| {
        let with_lists = match policy {
            EffectivePolicy::Stated(arguments, _) => !RuntimeOrigins::of(arguments).lists.is_empty(),
            _ => false,
        };
        quote!(, lists: #with_lists, rocket: { #import #sources }, tower: { #import #checks })
    });
    let constant = constant::policy(policy);
    let (implementing, parameters, bounds) = generics.split_for_impl();
    let (named_policy, policy, adapters) =
        (runtime.path(&NAMED_POLICY), runtime.path(&POLICY), runtime.path(&ADAPTERS));
    // A policy with parameters is one of the mistakes.
    let adapters = generics.params.is_empty().then(|| quote!(#adapters! { #ident #sources }));
    quote! {
        impl #implementing #named_policy for #ident #parameters #bounds {
            const POLICY: &'static #policy = {
                #import
                &#constant
            };
        }

        #adapters
    }
}
