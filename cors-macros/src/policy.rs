//! From arguments to `cors-rules` and back: each finding finds its tokens again.

use cors_rules::{Declared, Element, Lowered, Place, check, lower};
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

use crate::arguments::Arguments;
use crate::report::Report;
use crate::value::List;

/// Checks the policy, reports what stands against it, and returns it in the form that requests are decided by.
///
/// `options_route` is the route attribute, if it is for OPTIONS.
pub(crate) fn checked(arguments: &Arguments, options_route: Option<&dyn ToTokens>, report: &mut Report) -> Lowered {
    let allow: Vec<_> = arguments.allow.iter().map(ToString::to_string).collect();
    let declared = Declared {
        origins: arguments.origins.as_ref().map(elements),
        debug_origins: arguments.debug_origins.as_ref().map(elements).unwrap_or_default(),
        credentials: arguments.credentials,
        allow_headers: arguments.allow_headers.as_ref().map(elements).unwrap_or_default(),
        expose_headers: arguments.expose_headers.as_ref().map(elements).unwrap_or_default(),
        max_age: arguments.max_age.as_ref().map(|max_age| max_age.value),
        allow: allow.iter().map(String::as_str).collect(),
        on_options_route: options_route.is_some(),
    };
    // An argument that could not be read leaves a gap, and what is said of a gap is no second mistake.
    let complete = report.is_empty();
    for finding in check(&declared) {
        if complete || !matches!(finding.rule.name, "missing-origins" | "unused-allow") {
            report.finding(tokens(arguments, options_route, finding.place), &finding);
        }
    }
    lower(&declared)
}

fn elements(list: &List) -> Vec<Element<'_>> {
    list.elements.iter().map(|element| element.text.as_deref().map_or(Element::Any, Element::Text)).collect()
}

/// The tokens that an error about this place underlines.
fn tokens(arguments: &Arguments, options_route: Option<&dyn ToTokens>, place: Place) -> TokenStream {
    let whole = |list: &Option<List>| list.as_ref().map(|list| list.tokens.clone());
    let one = |list: &Option<List>, index: usize| Some(list.as_ref()?.elements.get(index)?.tokens.clone());
    let found = match place {
        Place::Policy => None,
        Place::Origins => whole(&arguments.origins),
        Place::Origin(index) => one(&arguments.origins, index),
        Place::DebugOrigin(index) => one(&arguments.debug_origins, index),
        Place::AllowHeaders => whole(&arguments.allow_headers),
        Place::AllowHeader(index) => one(&arguments.allow_headers, index),
        Place::ExposeHeaders => whole(&arguments.expose_headers),
        Place::ExposeHeader(index) => one(&arguments.expose_headers, index),
        Place::MaxAge => arguments.max_age.as_ref().map(|max_age| max_age.tokens.clone()),
        Place::Allow(index) => arguments.allow.get(index).map(ToTokens::to_token_stream),
        Place::Route => options_route.map(ToTokens::to_token_stream),
    };
    // The attribute as a whole.
    found.unwrap_or_else(|| quote::quote_spanned!(Span::call_site()=> cross_origin))
}
