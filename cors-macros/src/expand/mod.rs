//! Expand: the item as it was, and what stands beside it. Nothing is found or reported here.
//!
//! With errors the output is the same, so that one mistake never causes a second error at `routes!`.

mod constant;
mod module;
mod named;
mod order;
pub(crate) mod rocket;
mod runtime_origins;
mod signature;
mod tower;
mod unique;
mod uri_macro;

use cors_rules::rules;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

pub(crate) use module::give_way;
pub(crate) use order::below_other_macros;

use crate::check::EffectivePolicy;
use crate::parse::Item;
use crate::parse::arguments::Arguments;
use crate::runtime_path::{ARGUMENTS, Runtime};

/// The output, by what the attribute stands on. `united` are the arguments in effect, `tokens` those of the item; `sound`
/// tells that nothing is wrong.
pub(crate) fn expand(
    arguments: &Arguments,
    united: &Arguments,
    item: &Item,
    tokens: &TokenStream,
    policy: &EffectivePolicy<'_>,
    sound: bool,
) -> TokenStream {
    let runtime = Runtime::of(arguments);
    match item {
        // The module around could not tell whether this is a handler.
        Item::Handler(handler) if arguments.from_module && handler.routes.is_empty() => {
            let beside = if united.allows(&rules::UNSEEN_ITEMS) {
                TokenStream::new()
            } else {
                rocket::unless_handler(handler, &runtime)
            };
            quote!(#tokens #beside)
        }
        Item::Handler(handler) => {
            let beside = rocket::expand(handler, policy, &runtime, arguments);
            quote!(#handler #beside)
        }
        Item::Module(module) => match &module.items {
            Some(items) => {
                let module = module::expand(arguments, module, items, &runtime, sound);
                let shown = shown_by_editors(arguments, &runtime);
                quote!(#module #shown)
            }
            None => tokens.to_token_stream(),
        },
        Item::Struct(unit) => {
            let beside = named::expand(unit, policy, &runtime);
            let shown = shown_by_editors(arguments, &runtime);
            quote!(#tokens #beside #shown)
        }
        Item::Other => tokens.to_token_stream(),
    }
}

/// The written keys once more, as names of what editors show for them.
fn shown_by_editors(arguments: &Arguments, runtime: &Runtime) -> Option<TokenStream> {
    let Arguments { keys, from_module, .. } = arguments;
    let documentation = runtime.path(&ARGUMENTS);
    (!keys.is_empty() && !from_module).then(|| {
        quote! {
            const _: () = {
                #[allow(unused_imports)]
                use #documentation::{#(#keys as _),*};
            };
        }
    })
}
