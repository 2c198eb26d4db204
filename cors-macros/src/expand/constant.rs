//! The policy as a constant expression: nothing is parsed or built at run time.

use cors_rules::{AllowHeaders, Compiled, ExposeHeaders, Origins, Pattern, Port};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::sources;
use crate::check::EffectivePolicy;
use crate::parse::arguments::Arguments;
use crate::runtime_path::{
    ALLOW_HEADERS_ANY, ALLOW_HEADERS_ANY_AND_AUTHORIZATION, ALLOW_HEADERS_LISTED, ENFORCE_ALL, ENFORCE_NOTHING,
    NAMED_POLICY, NOTHING, ORIGINS_ANY, ORIGINS_LISTED, PATTERN, POLICY, PORT_ANY, PORT_DEFAULT, PORT_NUMBER,
};

/// The statements that the policy needs, and an expression of type `&'static Policy`.
pub(super) fn reference(policy: &EffectivePolicy<'_>) -> (TokenStream, TokenStream) {
    match policy {
        // At the user's path, so that the compiler's own error about it lands there.
        EffectivePolicy::Named(path) => {
            let named_policy = NAMED_POLICY.at(path.span());
            (TokenStream::new(), quote_spanned!(path.span()=> <#path as #named_policy>::POLICY))
        }
        EffectivePolicy::Stated(arguments, compiled) => {
            let policy = stated(arguments, compiled);
            (quote!(static POLICY: #POLICY = #policy;), quote!(&POLICY))
        }
        EffectivePolicy::Nothing => (TokenStream::new(), quote!(&#NOTHING)),
    }
}

/// The policy, with the fields that say something.
pub(super) fn stated(arguments: &Arguments, compiled: &Compiled<'_>) -> TokenStream {
    let release = origins(&compiled.release);
    let origins = if arguments.debug_origins.is_some() {
        let debug = origins(&compiled.debug);
        quote!(if ::core::cfg!(debug_assertions) { #debug } else { #release })
    } else {
        release
    };
    let mut fields = vec![quote!(origins: #origins)];
    fields.extend(sources::fields(arguments));
    if compiled.credentials {
        fields.push(quote!(credentials: true));
    }
    match &compiled.allow_headers {
        AllowHeaders::Any => fields.push(quote!(allow_headers: #ALLOW_HEADERS_ANY)),
        AllowHeaders::AnyAndAuthorization => {
            fields.push(quote!(allow_headers: #ALLOW_HEADERS_ANY_AND_AUTHORIZATION));
        }
        AllowHeaders::Listed(names) if names.is_empty() => {}
        AllowHeaders::Listed(names) => {
            let names = names.join(", ");
            fields.push(quote!(allow_headers: #ALLOW_HEADERS_LISTED(#names)));
        }
    }
    match &compiled.expose_headers {
        ExposeHeaders::Any => fields.push(quote!(expose_headers: "*")),
        ExposeHeaders::Listed(names) if names.is_empty() => {}
        ExposeHeaders::Listed(names) => {
            let names = names.join(", ");
            fields.push(quote!(expose_headers: #names));
        }
    }
    if let Some(seconds) = compiled.max_age {
        let seconds = seconds.to_string();
        fields.push(quote!(max_age: #seconds));
    }
    match arguments.enforce {
        None => {}
        Some(true) => fields.push(quote!(enforce: #ENFORCE_ALL)),
        Some(false) => fields.push(quote!(enforce: #ENFORCE_NOTHING)),
    }
    if !arguments.allow.is_empty() {
        let allow = arguments.allow.iter().map(|name| &name.text);
        fields.push(quote!(allow: &[#(#allow),*]));
    }
    quote!(#POLICY { #(#fields,)* ..#NOTHING })
}

fn origins(origins: &Origins<'_>) -> TokenStream {
    let Origins::Listed { exact, patterns } = origins else {
        return quote!(#ORIGINS_ANY);
    };
    let patterns = patterns.iter().map(|Pattern { scheme, host, subdomains, port }| {
        let port = match port {
            Port::Default => quote!(#PORT_DEFAULT),
            Port::Number(number) => quote!(#PORT_NUMBER(#number)),
            Port::Any => quote!(#PORT_ANY),
        };
        quote!(#PATTERN { scheme: #scheme, host: #host, subdomains: #subdomains, port: #port })
    });
    quote!(#ORIGINS_LISTED { exact: &[#(#exact),*], patterns: &[#(#patterns),*] })
}
