//! Expand: the item as it was, and what stands beside it. Nothing is found or reported here.
//!
//! With errors the output is the same, so that one mistake never causes a second error at `routes!`.

mod constant;
mod module;
mod named;
pub(crate) mod rocket;
mod runtime_origins;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::check::EffectivePolicy;
use crate::parse::Item;
use crate::parse::arguments::Arguments;
use crate::runtime_path::Runtime;

/// The output, by what the attribute stands on. `tokens` are those of the item; `sound` tells that nothing is wrong.
pub(crate) fn expand(
    arguments: &Arguments,
    item: &Item,
    tokens: &TokenStream,
    policy: &EffectivePolicy<'_>,
    sound: bool,
) -> TokenStream {
    let runtime = Runtime::of(arguments);
    match item {
        Item::Handler(handler) => {
            let beside = rocket::expand(handler, policy, &runtime);
            quote!(#handler #beside)
        }
        Item::Module(module) => match &module.items {
            Some(items) => module::expand(arguments, module, items, &runtime, sound),
            None => tokens.to_token_stream(),
        },
        Item::Struct(unit) => {
            let beside = named::expand(unit, policy, &runtime, sound);
            quote!(#tokens #beside)
        }
        Item::Other => tokens.to_token_stream(),
    }
}
