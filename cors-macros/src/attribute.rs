//! The phases, one after the other: parse, inherit, check, expand.

use proc_macro2::TokenStream;
use quote::quote;

use crate::parse::Item;
use crate::parse::arguments::Arguments;
use crate::report::Report;
use crate::runtime_path::Runtime;
use crate::{check, expand, inherit};

/// Where the attribute stands among those of a handler.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    /// There may be others between it and the route attribute.
    Anywhere,
    /// Those have been expanded.
    DirectlyAbove,
}

/// The attribute, on types that tests can make too.
pub(crate) fn expand_at(place: Place, written: TokenStream, tokens: &TokenStream) -> TokenStream {
    let mut report = Report::default();
    let arguments = Arguments::parse(written.clone(), &mut report);
    let Some(item) = Item::parse(tokens) else {
        // The compiler itself reports what is wrong with the item.
        report.discard();
        return tokens.clone();
    };
    if arguments.is_below_broken() && !matches!(item, Item::Module(_)) {
        let errors = report.into_tokens();
        return quote!(#tokens #errors);
    }
    if let Some(outer) = arguments.module.as_ref().filter(|_| arguments.from_module && item.has_second_attribute()) {
        report.discard();
        return expand::give_way(outer, tokens.clone());
    }
    if place == Place::Anywhere
        && let Some(output) = expand::below_other_macros(written, &Runtime::of(&arguments), &item, tokens)
    {
        // It reports the same there.
        report.discard();
        return output;
    }
    let united = inherit::effective(&arguments);
    let policy = check::item(&arguments, &united, &item, &mut report);
    let sound = report.is_empty() && !arguments.is_below_broken();
    let output = expand::expand(&arguments, &united, &item, tokens, &policy, sound);
    let errors = report.into_tokens();
    quote!(#output #errors)
}
