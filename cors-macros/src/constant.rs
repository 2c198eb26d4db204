//! The policy as a constant expression: nothing is parsed or built at run time.
//!
//! `cors` is what the output calls the runtime crate's `__private` module.

use cors_rules::{Lowered, LoweredHeaders, LoweredOrigins, Pattern, Port};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use crate::arguments::Arguments;
use crate::policy::Policy;
use crate::value::{Element, Kind};

/// The statements that the policy needs, and an expression of type `RoutePolicy`.
pub(crate) fn reference(policy: &Policy) -> (TokenStream, TokenStream) {
    match policy {
        // At the user's path, so that the compiler's own error about it lands there.
        Policy::Named(path) => {
            (TokenStream::new(), quote_spanned!(path.span()=> cors::rocket::RoutePolicy::named::<#path>()))
        }
        Policy::Stated(arguments, lowered) => {
            let policy = stated(arguments, lowered);
            let statement = quote!(static POLICY: cors::Policy = #policy;);
            match sources(arguments) {
                None => (statement, quote!(cors::rocket::RoutePolicy::of(&POLICY))),
                Some(sources) => (
                    quote! {
                        #statement
                        static SOURCES: cors::rocket::Sources = #sources;
                    },
                    quote!(cors::rocket::RoutePolicy { policy: &POLICY, sources: &SOURCES }),
                ),
            }
        }
        Policy::Nothing => {
            let policy = nothing();
            (quote!(static POLICY: cors::Policy = #policy;), quote!(cors::rocket::RoutePolicy::of(&POLICY)))
        }
    }
}

/// The policy that names nobody.
pub(crate) fn nothing() -> TokenStream {
    quote!(cors::policy(cors::PolicyParts::EMPTY))
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
    let (lists, checks) = dynamic(arguments);
    if !lists.is_empty() {
        fields.push(quote!(lists: &[#(#lists),*]));
    }
    if !checks.is_empty() {
        let names = checks.iter().map(|path| name(path));
        fields.push(quote!(checks: &[#(#names),*]));
    }
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
    quote!(cors::policy(cors::PolicyParts { #(#fields,)* ..cors::PolicyParts::EMPTY }))
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
fn dynamic(arguments: &Arguments) -> (Vec<&String>, Vec<&Path>) {
    let elements: &[Element] = arguments.origins.as_ref().map_or(&[], |list| &list.elements);
    let (mut lists, mut checks) = (Vec::new(), Vec::new());
    for element in elements {
        match &element.kind {
            Kind::Config(name) => lists.push(name),
            Kind::Check(path) => checks.push(path),
            Kind::Any | Kind::Text(_) => {}
        }
    }
    (lists, checks)
}

/// How Rocket asks the lists and checks of a policy, if it has some.
pub(crate) fn sources(arguments: &Arguments) -> Option<TokenStream> {
    let (lists, checks) = dynamic(arguments);
    if lists.is_empty() && checks.is_empty() {
        return None;
    }
    let read = if lists.is_empty() {
        quote!(::core::option::Option::None)
    } else {
        quote!(::core::option::Option::Some(cors::rocket::ReadLists::BY_THE_RULES))
    };
    let checks = checks.iter().map(|path| check(path));
    Some(quote!(cors::rocket::Sources { lists: #read, checks: &[#(#checks),*] }))
}

/// A path as it is written.
fn name(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

fn check(path: &Path) -> TokenStream {
    let name = name(path);
    let ask = quote_spanned!(path.span()=> |origin, request| ::std::boxed::Box::pin(#path(origin, request)));
    quote!(cors::rocket::Check { name: #name, key: || cors::rocket::type_of(&#path), ask: #ask })
}
