//! Rocket's route attributes, as far as they have to be read.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, FnArg, Ident, LitStr, Pat, Signature};

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

/// Whether Rocket will take this route attribute for a function with these parameters, as far as can be seen at a
/// glance. Where it will not, it says so, and leaves out what the output would refer to.
pub(crate) fn is_plausible(route: &Attribute, sig: &Signature) -> bool {
    let texts = |input: ParseStream| {
        let tokens = input.parse::<TokenStream>()?;
        let texts = tokens.into_iter().filter_map(|token| syn::parse2::<LitStr>(token.into()).ok());
        Ok(texts.map(|text| text.value()).collect::<Vec<_>>())
    };
    let texts = route.parse_args_with(texts).unwrap_or_default();
    // A literal that a `macro_rules!` fragment holds is not seen, and Rocket sees it.
    let uri_is_right = texts.first().is_none_or(|uri| uri.starts_with('/') && !uri.contains("//"));
    let names: Vec<_> = sig.inputs.iter().filter_map(name_of).collect();
    let is_there = |parameter: &str| {
        let name = parameter.strip_suffix("..").unwrap_or(parameter);
        name == "_" || names.iter().any(|known| known == name)
    };
    let parameters = texts.iter().flat_map(|text| text.split('<').skip(1)).filter_map(|rest| rest.split('>').next());
    uri_is_right && parameters.into_iter().all(is_there)
}

fn name_of(input: &FnArg) -> Option<String> {
    match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pat) => Some(pat.ident.unraw().to_string()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}
