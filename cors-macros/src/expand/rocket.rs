//! A handler of Rocket, and beside it what Rocket's macros look for under its name. Nothing else in the output knows
//! Rocket.
//!
//! ```text
//! fn user(…) { … }                     the handler, without its route attribute
//! struct user {}                       what `routes![user]` names
//! impl user {
//!     fn into_route() {                what `routes!` calls: Rocket's route with the policy on it
//!         #[get("/…")]                 Rocket's own attribute. What it generates calls `user`: the function outside,
//!         #[signature_only]            because the one here is dropped when Rocket has read it
//!         fn user(…) {}
//!     }
//! }
//! mod … { macro_rules! … }             what `uri!(user(…))` calls: see `uri_macro`
//! ```
//!
//! So the compiler checks one signature, as it does without the library. Only Rocket knows what it takes, so no route
//! depends on a guess about the route attribute. If Rocket reports an error instead, its error stands alone: a trait has
//! what is missing then.

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::Attribute;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::runtime_origins::RuntimeOrigins;
use super::signature::AsRocketReadsIt;
use super::{constant, shown_by_editors, uri_macro};
use crate::check::EffectivePolicy;
use crate::parse::arguments::Arguments;
use crate::parse::handler::Handler;
use crate::parse::route::is_named;
use crate::parse::value::Check;
use crate::runtime_path::{
    ANNOTATE, BESIDE, CHECK, CHECK_FUNCTION, FITS, HANDLER, INTO_INFO, INTO_ROUTE, IS_FUNCTION, NAMED_ROUTE_POLICY,
    NEEDS_NO_POLICY, POLICY, READ_LISTS, ROUTE, ROUTE_POLICY, Runtime, SIGNATURE_ONLY, SOURCES, TYPE_OF,
};

/// What stands beside the handler.
pub(super) fn expand(
    handler: &Handler,
    policy: &EffectivePolicy<'_>,
    runtime: &Runtime,
    arguments: &Arguments,
) -> TokenStream {
    match handler.route() {
        Some(route) => annotated(handler, route, policy, runtime, arguments),
        None => TokenStream::new(),
    }
}

/// The route with the policy on it.
fn annotated(
    handler: &Handler,
    route: &Attribute,
    policy: &EffectivePolicy<'_>,
    runtime: &Runtime,
    written: &Arguments,
) -> TokenStream {
    let Handler { attrs, vis, sig, .. } = handler;
    let name = &sig.ident;
    let deprecated = attrs.iter().find(|attribute| is_named(attribute, &["deprecated"]));
    // Somebody may forbid that, and no other code here names what is deprecated.
    let allowed = deprecated.map(|_| quote!(#[allow(deprecated)]));
    let AsRocketReadsIt { signature, alias } = AsRocketReadsIt::of(sig, route);
    let not_taken = sig.generics.where_clause.is_none().then(|| quote!(where));
    let (statements, policy) = route_policy(policy);
    let (import, return_type) = (runtime.import(), runtime.path(&ROUTE));
    let line = written.from_module.then(|| line_of(name.span())).flatten().map(|line| quote!(, #line));
    // By its whole path: where an attribute is unknown, the compiler says more of macros that it finds by an import.
    let (handler_macro, signature_only) = (runtime.path(&HANDLER), runtime.path(&SIGNATURE_ONLY));
    let beside = runtime.path(&BESIDE);
    let shown = shown_by_editors(written, runtime);
    let uri_macro = uri_macro::of(sig, route);
    // Rocket 0.5.1 exports its macro for `uri!` out of this function, which the compiler warns of.
    let rest = quote! {
        #shown
        #alias

        #[doc(hidden)]
        #allowed
        impl #name {
            #[allow(non_local_definitions)]
            pub fn into_route(self) -> #return_type {
                #route
                #[#signature_only]
                #signature #not_taken {}
                let of_rocket = #name {};
                {
                    #import
                    use #INTO_INFO as _;
                    #statements
                    #ANNOTATE(of_rocket.into_info(), &#handler_macro!(#name #line), #policy)
                }
            }
        }

        #uri_macro
    };
    // One item, so that the compiler says only once what may not stand in an `impl` block, where it says it of Rocket.
    quote_spanned! {Span::call_site().located_at(route.pound_token.span)=>
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        #deprecated
        #[#beside { #rest }]
        #vis struct #name {}
    }
}

/// A function of an annotated module, on which no known route attribute stands: beside it, a proof that no other
/// attribute has made a handler of it.
///
/// Rocket makes a type with the name of each handler. The compiler looks for that type in the block, into which all
/// names of the module are imported, and then in the module around the block, where there is a type that is not a
/// route.
pub(super) fn unless_handler(handler: &Handler, runtime: &Runtime) -> TokenStream {
    let name = &handler.sig.ident;
    let module = format_ident!("__cross_origin_unseen_{}", name.unraw());
    let (into_route, needs_no_policy) = (runtime.path(&INTO_ROUTE), runtime.path(&NEEDS_NO_POLICY));
    let route = quote_spanned!(Span::call_site().located_at(name.span())=> handler.into_route());
    quote! {
        #[doc(hidden)]
        #[allow(dead_code, unused_imports, non_camel_case_types, non_snake_case)]
        mod #module {
            pub struct #name {}
            const _: () = {
                use super::*;
                use #into_route as _;
                fn check(handler: #name) {
                    #needs_no_policy(#route)
                }
            };
        }
    }
}

/// The line of a handler in an annotated module: `line!()` would be that of the attribute on the module.
fn line_of(span: Span) -> Option<Literal> {
    // Outside of the compiler, in unit tests, there are no lines.
    let line = proc_macro::is_available().then(|| span.unwrap().line())?;
    Some(Literal::usize_unsuffixed(line))
}

/// What the attribute below the route attribute makes of the function: nothing, if Rocket has taken it.
pub(crate) fn signature_only(function: &TokenStream) -> TokenStream {
    match is_not_taken(function) {
        Some(name) => not_taken(&name),
        None => TokenStream::new(),
    }
}

/// The name of a function whose tokens are as this macro wrote them. Rocket parses a function and writes it out again,
/// without a `where` that nothing follows.
fn is_not_taken(function: &TokenStream) -> Option<Ident> {
    let tokens: Vec<_> = function.clone().into_iter().collect();
    let [.., TokenTree::Ident(word), TokenTree::Group(_)] = &*tokens else { return None };
    let is_name = |pair: &[TokenTree]| matches!(&pair[0], TokenTree::Ident(word) if word == "fn");
    let name = tokens.windows(2).find(|pair| is_name(pair)).map(|pair| &pair[1]);
    match name {
        Some(TokenTree::Ident(name)) if word == "where" => Some(name.clone()),
        _ => None,
    }
}

/// In place of what Rocket generates for a function that it has not seen. Mostly because the route attribute was not
/// imported: the compiler says that while it resolves names, and then does not come to what is wrong here.
fn not_taken(name: &Ident) -> TokenStream {
    let message =
        format!("the route attribute of `{}` is not Rocket's, so there is no route for its policy", name.unraw());
    quote_spanned! {name.span()=>
        const _: () = ::core::panic!(#message);
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

fn check(Check { path, name }: &Check) -> TokenStream {
    // The key of a check is its type, which functions do not share. All constants that hold a pointer to one do.
    let is_function = IS_FUNCTION.at(path.span());
    let proof = quote_spanned!(path.span()=> const _: () = #is_function(&#path););
    let function = CHECK_FUNCTION.at(path.span());
    let ask = quote_spanned!(path.span()=> |origin, request| #function::ask(#path, origin, request));
    let fits = FITS.at(path.span());
    let fits = quote_spanned!(path.span()=> || #fits(&#path));
    quote!(#CHECK { name: #name, key: || { #proof #TYPE_OF(&#path) }, ask: #ask, fits: #fits })
}
