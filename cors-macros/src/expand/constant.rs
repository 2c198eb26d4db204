//! The policy as a constant expression: nothing is parsed or built at run time.
//!
//! `cors` is what the output calls the runtime crate's `__private` module.

use cors_rules::{Lowered, LoweredHeaders, LoweredOrigins, Pattern, Port};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use crate::check::Policy;
use crate::parse::arguments::Arguments;
use crate::parse::value::{Element, Kind};

/// The statements that the policy needs, and an expression of type `&'static Policy`.
pub(crate) fn reference(policy: &Policy) -> (TokenStream, TokenStream) {
    match policy {
        // At the user's path, so that the compiler's own error about it lands there.
        Policy::Named(path) => (TokenStream::new(), quote_spanned!(path.span()=> <#path as cors::NamedPolicy>::POLICY)),
        Policy::Stated(arguments, lowered) => {
            let policy = stated(arguments, lowered);
            (quote!(static POLICY: cors::Policy = #policy;), quote!(&POLICY))
        }
        Policy::Nothing => (TokenStream::new(), quote!(&cors::Policy::NOTHING)),
    }
}

/// The policy, with the fields that say something.
pub(crate) fn stated(arguments: &Arguments, lowered: &Lowered) -> TokenStream {
    let release = origins(&lowered.origins);
    let origins = if arguments.debug_origins.is_some() {
        let debug = origins(&lowered.debug_origins);
        quote!(if ::core::cfg!(debug_assertions) { #debug } else { #release })
    } else {
        release
    };
    let mut fields = vec![quote!(origins: #origins)];
    fields.extend(dynamic(arguments));
    if lowered.credentials {
        fields.push(quote!(credentials: true));
    }
    match &lowered.allow_headers {
        LoweredHeaders::Any => fields.push(quote!(allow_headers: cors::AllowHeaders::Any)),
        LoweredHeaders::AnyAndAuthorization => {
            fields.push(quote!(allow_headers: cors::AllowHeaders::AnyAndAuthorization));
        }
        LoweredHeaders::List(names) if names.is_empty() => {}
        LoweredHeaders::List(names) => {
            let names = names.join(", ");
            fields.push(quote!(allow_headers: cors::AllowHeaders::Listed(#names)));
        }
    }
    match &lowered.expose_headers {
        LoweredHeaders::List(names) if names.is_empty() => {}
        LoweredHeaders::List(names) => {
            let names = names.join(", ");
            fields.push(quote!(expose_headers: #names));
        }
        LoweredHeaders::Any | LoweredHeaders::AnyAndAuthorization => fields.push(quote!(expose_headers: "*")),
    }
    if let Some(seconds) = lowered.max_age {
        let seconds = seconds.to_string();
        fields.push(quote!(max_age: #seconds));
    }
    match arguments.enforce {
        None => {}
        Some(true) => fields.push(quote!(enforce: cors::Enforce::All)),
        Some(false) => fields.push(quote!(enforce: cors::Enforce::Nothing)),
    }
    if !arguments.allow.is_empty() {
        let allow = arguments.allow.iter().map(ToString::to_string);
        fields.push(quote!(allow: &[#(#allow),*]));
    }
    quote!(cors::Policy { #(#fields,)* ..cors::Policy::NOTHING })
}

fn origins(lowered: &LoweredOrigins) -> TokenStream {
    let LoweredOrigins::List { exact, patterns } = lowered else {
        return quote!(cors::Origins::Any);
    };
    let patterns = patterns.iter().filter_map(|text| Pattern::parse(text).ok()).map(|parsed| {
        let Pattern { scheme, host, subdomains, .. } = parsed;
        let port = match parsed.port {
            Port::Default => quote!(cors::Port::Default),
            Port::Number(number) => quote!(cors::Port::Number(#number)),
            Port::Any => quote!(cors::Port::Any),
        };
        quote!(cors::Pattern { scheme: #scheme, host: #host, subdomains: #subdomains, port: #port })
    });
    quote!(cors::Origins::Listed { exact: &[#(#exact),*], patterns: &[#(#patterns),*] })
}

/// The origins that are known at run time only: lists of the configuration, and checks.
fn dynamic(arguments: &Arguments) -> Vec<TokenStream> {
    let elements: &[Element] = arguments.origins.as_ref().map_or(&[], |list| &list.elements);
    let mut fields = Vec::new();
    let lists: Vec<_> = elements
        .iter()
        .filter_map(|element| match &element.kind {
            Kind::Config(name) => Some(name),
            _ => None,
        })
        .collect();
    if !lists.is_empty() {
        fields.push(quote!(lists: &[#(#lists),*]));
        fields.push(quote!(read_list: ::core::option::Option::Some(cors::ReadList::BY_THE_RULES)));
    }
    let checks: Vec<_> = elements
        .iter()
        .filter_map(|element| match &element.kind {
            Kind::Check(path) => Some(check(path)),
            _ => None,
        })
        .collect();
    if !checks.is_empty() {
        fields.push(quote!(checks: &[#(#checks),*]));
    }
    fields
}

fn check(path: &Path) -> TokenStream {
    let name = path.to_token_stream().to_string().replace(' ', "");
    let ask = quote_spanned!(path.span()=> |origin, request| ::std::boxed::Box::pin(#path(origin, request)));
    quote!(cors::Check { name: #name, key: || cors::type_of(&#path), ask: #ask })
}
