//! The policy as a constant expression: nothing is parsed or built at run time.
//!
//! `cors` is what the output calls the runtime crate's `__private` module.

use cors_rules::{Lowered, LoweredHeaders, LoweredOrigins, Pattern, Port};
use proc_macro2::TokenStream;
use quote::quote;

use crate::arguments::Arguments;

pub(crate) fn policy(lowered: &Lowered, arguments: &Arguments) -> TokenStream {
    let release = origins(&lowered.origins);
    let origins = if arguments.debug_origins.is_some() {
        let debug = origins(&lowered.debug_origins);
        quote!(if ::core::cfg!(debug_assertions) { #debug } else { #release })
    } else {
        release
    };
    let credentials = lowered.credentials;
    let allow_headers = match &lowered.allow_headers {
        LoweredHeaders::Any => quote!(cors::AllowHeaders::Any),
        LoweredHeaders::AnyAndAuthorization => quote!(cors::AllowHeaders::AnyAndAuthorization),
        LoweredHeaders::List(names) => {
            let names = names.join(", ");
            quote!(cors::AllowHeaders::Listed(#names))
        }
    };
    let expose_headers = match &lowered.expose_headers {
        LoweredHeaders::List(names) => names.join(", "),
        LoweredHeaders::Any | LoweredHeaders::AnyAndAuthorization => "*".to_owned(),
    };
    let max_age = lowered.max_age.map_or_else(String::new, |seconds| seconds.to_string());
    let enforce = match arguments.enforce {
        None => quote!(cors::Enforce::Writes),
        Some(true) => quote!(cors::Enforce::All),
        Some(false) => quote!(cors::Enforce::Nothing),
    };
    quote! {
        cors::Policy {
            origins: #origins,
            credentials: #credentials,
            allow_headers: #allow_headers,
            expose_headers: #expose_headers,
            max_age: #max_age,
            enforce: #enforce,
        }
    }
}

fn origins(lowered: &LoweredOrigins) -> TokenStream {
    let LoweredOrigins::List { exact, patterns } = lowered else { return quote!(cors::Origins::Any) };
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
