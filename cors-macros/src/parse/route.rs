//! Rocket's route attributes, as far as they have to be read.

use proc_macro2::TokenStream;
use syn::parse::ParseStream;
use syn::{Attribute, Ident};

/// Rocket's route attributes. They are known by the last segment of their path: `get` and `rocket::get`.
const ROUTE_ATTRIBUTES: [&str; 8] = ["get", "put", "post", "delete", "head", "options", "patch", "route"];

pub(crate) fn is_named(attribute: &Attribute, names: &[&str]) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| names.iter().any(|name| segment.ident == name))
}

pub(crate) fn is_route_attribute(attribute: &Attribute) -> bool {
    is_named(attribute, &ROUTE_ATTRIBUTES)
}

/// Whether a route attribute is for OPTIONS: `#[options("/")]` or `#[route(OPTIONS, uri = "/")]`.
pub(crate) fn handles_options(attribute: &Attribute) -> bool {
    let first_word = |input: ParseStream| {
        let word: Ident = input.parse()?;
        input.parse::<TokenStream>()?;
        Ok(word)
    };
    is_named(attribute, &["options"])
        || is_named(attribute, &["route"])
            && attribute.parse_args_with(first_word).is_ok_and(|method| method == "OPTIONS")
}
