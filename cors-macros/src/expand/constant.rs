//! The policy as a constant expression: nothing is parsed or built at run time.

use cors_rules::{AllowHeaders, Compiled, ExposeHeaders, Origins, Pattern, Port};
use proc_macro2::TokenStream;
use quote::quote;

use super::runtime_origins::RuntimeOrigins;
use crate::check::EffectivePolicy;
use crate::parse::arguments::Arguments;
use crate::parse::value::ElementKind;
use crate::runtime_path::{
    ALLOW_HEADERS_ANY, ALLOW_HEADERS_ANY_AND_AUTHORIZATION, ALLOW_HEADERS_LISTED, ENFORCE_ALL, ENFORCE_NOTHING,
    NO_PARTS, ORIGINS_ANY, ORIGINS_LISTED, PATTERN, POLICY_OF_PARTS, POLICY_PARTS, PORT_ANY, PORT_DEFAULT, PORT_NUMBER,
};

/// The policy, wherever it stands.
pub(super) fn policy(policy: &EffectivePolicy<'_>) -> TokenStream {
    match policy {
        EffectivePolicy::Stated(arguments, compiled) => stated(arguments, compiled),
        EffectivePolicy::Nothing(enforce) => {
            let fields = self::enforce(*enforce)
                .map_or_else(|| quote!(#NO_PARTS), |field| quote!(#POLICY_PARTS { #field, ..#NO_PARTS }));
            quote!(#POLICY_OF_PARTS(#fields))
        }
        EffectivePolicy::Named(_) => quote!(#POLICY_OF_PARTS(#NO_PARTS)),
    }
}

/// The policy, with the fields that say something.
fn stated(arguments: &Arguments, compiled: &Compiled<'_>) -> TokenStream {
    let by_build = |debug: TokenStream, release: TokenStream| {
        let differs = arguments.debug_origins.is_some();
        if differs { quote!(if ::core::cfg!(debug_assertions) { #debug } else { #release }) } else { release }
    };
    let origins = by_build(origins(&compiled.debug), origins(&compiled.release));
    let mut fields = vec![quote!(origins: #origins)];
    // Something is in them if there are many origins.
    let (debug, release) = (compiled.debug.table(), compiled.release.table());
    if !(debug.is_empty() && release.is_empty()) {
        let table = by_build(quote!(&[#(#debug),*]), quote!(&[#(#release),*]));
        fields.push(quote!(table: #table));
    }
    if let Some(list) = &arguments.debug_origins {
        let names = list.elements.iter().map(|element| match &element.kind {
            ElementKind::Text(text) => text.as_str(),
            _ => "any",
        });
        fields.push(quote!(debug_origins: if ::core::cfg!(debug_assertions) { &[#(#names),*] } else { &[] }));
    }
    let RuntimeOrigins { lists, checks } = RuntimeOrigins::of(arguments);
    if !lists.is_empty() {
        fields.push(quote!(lists: &[#(#lists),*]));
    }
    if !checks.is_empty() {
        let names = checks.into_iter().map(|check| &check.name);
        fields.push(quote!(checks: &[#(#names),*]));
    }
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
    fields.extend(enforce(arguments.enforce));
    if !arguments.allow.is_empty() {
        let allow = arguments.allow.iter().map(|name| &name.text);
        fields.push(quote!(allow: &[#(#allow),*]));
    }
    quote!(#POLICY_OF_PARTS(#POLICY_PARTS { #(#fields,)* ..#NO_PARTS }))
}

/// The field for `enforce`, where it is given.
fn enforce(enforce: Option<bool>) -> Option<TokenStream> {
    enforce.map(|all| if all { quote!(enforce: #ENFORCE_ALL) } else { quote!(enforce: #ENFORCE_NOTHING) })
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
