//! The output: the handler as it was, and beside it what Rocket's macros look for under its name.
//!
//! ```text
//! fn user(…) { … }                     the handler, without its route attribute
//! struct user {}                       what `routes![user]` names
//! impl user { fn into_route() }        what `routes!` calls: Rocket's route with the policy on it
//! #[get("/…")] fn __cross_origin_user  Rocket's own attribute, on a function that calls the handler
//! use rocket_uri_macro_user            what `uri!(user(…))` calls
//! ```
//!
//! With errors the output is the same, so that one mistake never causes a second error at `routes!`.

use cors_rules::attribute::{attribute_order, duplicate_attribute, missing_route_attribute};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Attribute, FnArg, Pat, Signature, Visibility};

use super::constant;
use super::module;
use super::named;
use crate::check::{self, Policy};
use crate::parse::arguments::Arguments;
use crate::parse::handler::{Handler, Other, handles_options, is_named, is_plausible, is_route_attribute};
use crate::report::Report;

pub(crate) fn expand(arguments: &Arguments, item: &TokenStream, mut report: Report) -> TokenStream {
    let Ok(mut handler) = syn::parse2::<Handler>(item.clone()) else {
        return not_a_function(arguments, item, report);
    };
    if let Some(second) = take(&mut handler.attrs, |attribute| is_named(attribute, &["cross_origin"])).first() {
        report.finding(second, &duplicate_attribute());
    }
    if let Some(receiver) = handler.sig.receiver() {
        report.error(
            receiver,
            "a handler is a function of its own: it has no `self`",
            "move it out of the `impl` block",
        );
        take(&mut handler.attrs, is_route_attribute);
        let errors = report.into_tokens();
        return quote!(#handler #errors);
    }
    let mut routes = take(&mut handler.attrs, is_route_attribute);
    for second in routes.drain(1.min(routes.len())..) {
        let help = "write a second handler for the other route, which calls this one";
        report.error(second, "a handler has one route attribute", help);
    }
    let options_route = routes.iter().find(|attribute| handles_options(attribute));
    let policy = check::checked(arguments, options_route.map(|route| route as &dyn ToTokens), &mut report);
    let runtime = runtime(arguments);

    if routes.iter().any(|route| is_plausible(route, &handler.sig)) {
        let has_own_path = runtime_crate(arguments).is_some();
        let output = output(&handler, &routes, &policy, &runtime, has_own_path);
        let errors = report.into_tokens();
        return quote!(#handler #output #errors);
    }
    // Below its route attribute, Rocket has made the struct already; without one it has to be there for `routes!`.
    let name = &handler.sig.ident;
    let vis = &handler.vis;
    let stand_in = quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, unreachable_pub)]
        #vis struct #name {}
        impl #name {
            #[doc(hidden)]
            #[allow(unreachable_pub)]
            pub fn into_route(self) -> #runtime::Route {
                ::core::unreachable!()
            }
        }
    };
    let output = if !routes.is_empty() {
        // Rocket will say what is wrong with the attribute: on a function of another name, so that `routes!` finds
        // the stand-in.
        let shim = Handler {
            attrs: routes,
            vis: Visibility::Inherited,
            sig: Signature { ident: format_ident!("__cross_origin_{}", name.unraw()), ..handler.sig.clone() },
            body: quote!({ ::core::unreachable!() }),
        };
        quote!(#stand_in #shim)
    } else if is_reemitted(item) {
        report.finding(TokenStream::new(), &attribute_order());
        TokenStream::new()
    } else {
        report.finding(TokenStream::new(), &missing_route_attribute());
        stand_in
    };
    let errors = report.into_tokens();
    quote!(#handler #output #errors)
}

/// The one path by which the output reaches the runtime crate.
pub(crate) fn runtime(arguments: &Arguments) -> TokenStream {
    let path = runtime_crate(arguments).unwrap_or_else(|| quote!(::cors_runtime));
    quote!(#path::__private)
}

fn runtime_crate(arguments: &Arguments) -> Option<TokenStream> {
    let outer = || runtime_crate(&arguments.module.as_ref()?.arguments);
    arguments.krate.as_ref().map(ToTokens::to_token_stream).or_else(outer)
}

/// Removes and returns the attributes that fit.
fn take(attributes: &mut Vec<Attribute>, fits: impl Fn(&Attribute) -> bool) -> Vec<Attribute> {
    let (taken, kept) = std::mem::take(attributes).into_iter().partition(fits);
    *attributes = kept;
    taken
}

/// Whether another macro has parsed this function and written it out again, as Rocket's route attributes do:
/// the braces of its body then have one span instead of two.
fn is_reemitted(item: &TokenStream) -> bool {
    match item.clone().into_iter().last() {
        Some(TokenTree::Group(body)) if body.delimiter() == Delimiter::Brace => {
            format!("{:?}", body.span_open()) == format!("{:?}", body.span_close())
        }
        _ => false,
    }
}

fn not_a_function(arguments: &Arguments, item: &TokenStream, mut report: Report) -> TokenStream {
    let output = match Other::of(item) {
        Other::Module => return module::expand(arguments, item, report),
        Other::Struct => return named::expand(arguments, item, report),
        Other::Anything => item,
    };
    report.finding(TokenStream::new(), &missing_route_attribute());
    let errors = report.into_tokens();
    quote!(#output #errors)
}

fn output(
    handler: &Handler,
    routes: &[Attribute],
    policy: &Policy,
    runtime: &TokenStream,
    has_own_path: bool,
) -> TokenStream {
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
    let mut attached = Group::new(Delimiter::Parenthesis, quote!(#runtime::Attached));
    attached.set_span(Span::call_site());
    let attached = if has_own_path { attached.into_token_stream() } else { attached.stream() };
    shim_sig.inputs.push(syn::parse_quote!(__cross_origin_attached: #attached));
    // Hygienic, so that a parameter called like the handler does not hide it.
    let mut callee = name.clone();
    callee.set_span(Span::mixed_site().located_at(name.span()));
    let (statements, policy) = constant::reference(policy);
    let dot_await = sig.asyncness.map(|_| quote!(.await));

    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, unreachable_pub)]
        #deprecated
        #vis struct #name {}

        #[doc(hidden)]
        #[allow(deprecated, unreachable_pub)]
        impl #name {
            pub fn into_route(self) -> #runtime::Route {
                use #runtime as cors;
                #statements
                cors::annotate(#shim {}.into_route(), &cors::handler!(#name), #policy)
            }
        }

        #[doc(hidden)]
        #[allow(deprecated, nonstandard_style, unused, clippy::all, clippy::pedantic, clippy::nursery)]
        #(#routes)*
        #shim_sig {
            #callee(#(#arguments),*) #dot_await
        }

        #[doc(hidden)]
        #[allow(unused_imports, unreachable_pub)]
        pub use #shim_uri as #uri;
    }
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
