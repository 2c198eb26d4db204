//! A handler of Rocket, and beside it what Rocket's macros look for under its name. Nothing else in the output knows Rocket.
//!
//! ```text
//! fn user(…) { … }                     the handler, without its route attribute
//! struct user {}                       what `routes![user]` names
//! impl user { fn into_route() }        what `routes!` calls: Rocket's route with the policy on it
//! #[get("/…")] fn __cross_origin_user  Rocket's own attribute, on a function that calls the handler
//! use rocket_uri_macro_user            what `uri!(user(…))` calls
//! ```

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, Pat, Path, Signature};

use super::constant;
use super::runtime_origins::{RuntimeOrigins, path_name};
use crate::check::EffectivePolicy;
use crate::parse::handler::Handler;
use crate::parse::route::{is_named, is_plausible};
use crate::runtime_path::{
    ANNOTATE, ATTACHED, CHECK, HANDLER, NAMED_ROUTE_POLICY, POLICY, READ_LISTS, ROUTE, ROUTE_POLICY, Runtime, SOURCES,
    TYPE_OF,
};

/// What stands beside the handler.
pub(super) fn expand(handler: &Handler, policy: &EffectivePolicy<'_>, runtime: &Runtime) -> TokenStream {
    if handler.sig.receiver().is_some() {
        return TokenStream::new();
    }
    match handler.route() {
        Some(route) if is_plausible(route, &handler.sig) => annotated(handler, route, policy, runtime),
        // Rocket will say what is wrong with the attribute: on a function of another name, so that `routes!` finds
        // the stand-in.
        Some(route) => {
            let stand_in = stand_in(handler, runtime);
            let ident = format_ident!("__cross_origin_{}", handler.sig.ident.unraw());
            let shim = Signature { ident, ..handler.sig.clone() };
            quote!(#stand_in #route #shim { ::core::unreachable!() })
        }
        // Below its route attribute, Rocket has made the struct already.
        None if handler.is_reemitted() => TokenStream::new(),
        None => stand_in(handler, runtime),
    }
}

/// What `routes!` finds under the name of a handler that has no route.
fn stand_in(handler: &Handler, runtime: &Runtime) -> TokenStream {
    let (vis, name, route) = (&handler.vis, &handler.sig.ident, runtime.path(&ROUTE));
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, unreachable_pub)]
        #vis struct #name {}
        impl #name {
            #[doc(hidden)]
            #[allow(unreachable_pub)]
            pub fn into_route(self) -> #route {
                ::core::unreachable!()
            }
        }
    }
}

/// The route with the policy on it.
fn annotated(handler: &Handler, route: &Attribute, policy: &EffectivePolicy<'_>, runtime: &Runtime) -> TokenStream {
    let Handler { attrs, vis, sig, .. } = handler;
    let name = &sig.ident;
    let plain = name.unraw();
    let shim = Ident::new(&format!("__cross_origin_{plain}"), name.span());
    let (uri, shim_uri) = (format_ident!("rocket_uri_macro_{plain}"), format_ident!("rocket_uri_macro_{shim}"));
    let deprecated = attrs.iter().find(|attribute| is_named(attribute, &["deprecated"]));

    let (inputs, arguments) = parameters(&sig.inputs);
    let mut shim_sig = sig.clone();
    shim_sig.ident = shim.clone();
    shim_sig.inputs = inputs;
    // Rocket takes the hygiene of its own names from the first token of a type. That of a path which a macro's caller
    // wrote after `crate =` may be another than that of the route attribute, so parentheses go before it.
    let mut attached = Group::new(Delimiter::Parenthesis, runtime.path(&ATTACHED));
    attached.set_span(Span::call_site());
    let attached = if runtime.has_own_path { attached.into_token_stream() } else { attached.stream() };
    shim_sig.inputs.push(syn::parse_quote!(__cross_origin_attached: #attached));
    // Hygienic, so that a parameter called like the handler does not hide it.
    let mut callee = name.clone();
    callee.set_span(Span::mixed_site().located_at(name.span()));
    let (statements, policy) = route_policy(policy);
    let (import, return_type) = (runtime.import(), runtime.path(&ROUTE));
    let dot_await = sig.asyncness.map(|_| quote!(.await));

    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, unreachable_pub)]
        #deprecated
        #vis struct #name {}

        #[doc(hidden)]
        #[allow(deprecated, unreachable_pub)]
        impl #name {
            pub fn into_route(self) -> #return_type {
                #import
                #statements
                #ANNOTATE(#shim {}.into_route(), &#HANDLER!(#name), #policy)
            }
        }

        #[doc(hidden)]
        #[allow(deprecated, nonstandard_style, unused, clippy::all, clippy::pedantic, clippy::nursery)]
        #route
        #shim_sig {
            #callee(#(#arguments),*) #dot_await
        }

        #[doc(hidden)]
        #[allow(unused_imports, unreachable_pub)]
        pub use #shim_uri as #uri;
    }
}

/// The statements that the policy needs, and an expression of type `RoutePolicy`.
fn route_policy(policy: &EffectivePolicy<'_>) -> (TokenStream, TokenStream) {
    if let EffectivePolicy::Named(path) = policy {
        // At the user's path, so that the compiler's own error about it lands there.
        let named = NAMED_ROUTE_POLICY.at(path.span());
        return (TokenStream::new(), quote_spanned!(path.span()=> <#path as #named>::ROUTE_POLICY));
    }
    let constant = constant::policy(policy);
    let statement = quote!(static POLICY: #POLICY = #constant;);
    match sources(policy) {
        None => (statement, quote!(#ROUTE_POLICY::of(&POLICY))),
        Some(sources) => (
            quote! {
                #statement
                static SOURCES: #SOURCES = #sources;
            },
            quote!(#ROUTE_POLICY { policy: &POLICY, sources: &SOURCES }),
        ),
    }
}

/// How Rocket asks the lists and checks of a policy, if it has some.
pub(super) fn sources(policy: &EffectivePolicy<'_>) -> Option<TokenStream> {
    let EffectivePolicy::Stated(arguments, _) = policy else { return None };
    let RuntimeOrigins { lists, checks } = RuntimeOrigins::of(arguments);
    if lists.is_empty() && checks.is_empty() {
        return None;
    }
    let read = if lists.is_empty() {
        quote!(::core::option::Option::None)
    } else {
        quote!(::core::option::Option::Some(#READ_LISTS))
    };
    let checks = checks.into_iter().map(check);
    Some(quote!(#SOURCES { lists: #read, checks: &[#(#checks),*] }))
}

fn check(path: &Path) -> TokenStream {
    let name = path_name(path);
    let ask = quote_spanned!(path.span()=> |origin, request| ::std::boxed::Box::pin(#path(origin, request)));
    quote!(#CHECK { name: #name, key: || #TYPE_OF(&#path), ask: #ask })
}

/// The parameters of the function that calls the handler, and the arguments that it calls it with.
fn parameters(inputs: &Punctuated<FnArg, syn::Token![,]>) -> (Punctuated<FnArg, syn::Token![,]>, Vec<TokenStream>) {
    let mut arguments = Vec::new();
    let parameters = inputs.iter().enumerate().map(|(index, input)| {
        let mut input = input.clone();
        if let FnArg::Typed(typed) = &mut input {
            let name = match &*typed.pat {
                Pat::Ident(pat) => pat.ident.clone(),
                // `_: Guard`: Rocket wants a name, and the handler need not have one.
                _ => format_ident!("__cross_origin_{index}"),
            };
            // Without `mut`, which belongs to the handler's own binding.
            typed.pat = syn::parse_quote!(#name);
            arguments.push(name.into_token_stream());
        } else {
            arguments.push(input.to_token_stream());
        }
        input
    });
    (parameters.collect(), arguments)
}
