//! A handler of Rocket, and beside it what Rocket's macros look for under its name. Nothing else in the output knows
//! Rocket.
//!
//! ```text
//! fn user(…) { … }                     the handler, without its route attribute
//! struct user {}                       what `routes![user]` names
//! impl user { fn into_route() }        what `routes!` calls: Rocket's route with the policy on it
//! #[get("/…")] #[uri_macro(user)]      Rocket's own attribute, on a function that calls the handler; below it is one
//! fn __cross_origin_user               that Rocket writes out again if it takes the route
//! use rocket_uri_macro_user            what that attribute adds then: what `uri!(user(…))` calls
//! ```
//!
//! Only Rocket knows what it takes, so nothing here depends on a guess about the route attribute. If Rocket reports an
//! error instead, its error stands alone: the missing items are named in function bodies only, which the compiler does
//! not look into after a failed expansion.

use proc_macro2::{Delimiter, Group, Ident, Literal, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, GenericParam, Meta, Pat, Path, Type};

use super::runtime_origins::{RuntimeOrigins, path_name};
use super::{constant, shown_by_editors};
use crate::check::EffectivePolicy;
use crate::parse::arguments::Arguments;
use crate::parse::handler::Handler;
use crate::parse::route::is_named;
use crate::runtime_path::{
    ANNOTATE, BESIDE, CHECK, CHECK_FUNCTION, HANDLER, INTO_ROUTE, IS_FUNCTION, NAMED_ROUTE_POLICY, NEEDS_NO_POLICY,
    POLICY, READ_LISTS, ROUTE, ROUTE_POLICY, Runtime, SOURCES, TYPE_OF, URI_MACRO,
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
    let shim = shim_name(name, route);
    let deprecated = attrs.iter().find(|attribute| is_named(attribute, &["deprecated"]));

    let at = route.pound_token.span;
    let (inputs, arguments) = parameters(&sig.inputs, at);
    let mut shim_sig = sig.clone();
    shim_sig.ident = shim.clone();
    shim_sig.inputs = inputs;
    // So that the compiler says of the handler that it is unsafe to call.
    shim_sig.safety = syn::Safety::Default;
    if let syn::ReturnType::Type(_, output) = &mut shim_sig.output {
        **output = with_hygiene_of(at, output);
    }
    // A parameter called like the handler would hide it. In a macro of the same name it does not, and editors follow that.
    let hidden = arguments.iter().any(|argument| argument == name).then(|| {
        quote! {
            #[doc(hidden)]
            macro_rules! #shim {
                ($($argument:expr),*) => { #name($($argument),*) };
            }
        }
    });
    let callee = if hidden.is_some() { quote!(#shim!) } else { quote!(#name) };
    let (statements, policy) = route_policy(policy);
    let (import, return_type) = (runtime.import(), runtime.path(&ROUTE));
    let uri_macro = runtime.path(&URI_MACRO);
    let line = written.from_module.then(|| line_of(name.span())).flatten().map(|line| quote!(, #line));
    let dot_await = sig.asyncness.map(|_| quote!(.await));
    let not_taken = sig.generics.where_clause.is_none().then(|| quote!(where));
    let generics = generic_arguments(&sig.generics).filter(|_| hidden.is_none());
    let beside = runtime.path(&BESIDE);
    // Not the whole group, which somebody may forbid.
    let underscores = arguments.iter().any(|argument| argument.to_string().starts_with('_'));
    // What is said of the call is said at the handler's name.
    let call = quote_spanned!(Span::call_site().located_at(name.span())=> (#(#arguments),*));
    let of_clippy = underscores.then(|| quote!(, clippy::used_underscore_binding));
    // By its whole path: where an attribute is unknown, the compiler says more of macros that it finds by an import.
    let handler = runtime.path(&HANDLER);

    let shown = shown_by_editors(written, runtime);
    let rest = quote! {
        #shown
        #hidden

        #[doc(hidden)]
        #[allow(deprecated)]
        impl #name {
            pub fn into_route(self) -> #return_type {
                #import
                #statements
                let of_rocket = #shim {};
                #ANNOTATE(of_rocket.into_info(), &#handler!(#name #line), #policy)
            }
        }

        #[doc(hidden)]
        #[allow(deprecated, nonstandard_style, unreachable_code, unused_parens #of_clippy)]
        #route
        #[#uri_macro(#name, #shim)]
        #shim_sig #not_taken {
            #callee #generics #call #dot_await
        }
    };
    // One item, so that the compiler says only once what may not stand in an `impl` block, where it says it of Rocket.
    quote_spanned! {Span::call_site().located_at(at)=>
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        #deprecated
        #[#beside { #rest }]
        #vis struct #name {}
    }
}

/// The types and constants that a handler is generic over, to call it with: then the compiler misses them once, where
/// Rocket calls.
fn generic_arguments(generics: &syn::Generics) -> Option<TokenStream> {
    let arguments = generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Type(parameter) => Some(&parameter.ident),
        GenericParam::Const(parameter) => Some(&parameter.ident),
        GenericParam::Lifetime(_) => None,
    });
    let arguments: Vec<_> = arguments.collect();
    (!arguments.is_empty()).then(|| quote!(::<#(#arguments),*>))
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

/// The name of the function that Rocket sees, with the method and the path of its route: two handlers of one name are one
/// mistake, and not two.
fn shim_name(handler: &Ident, route: &Attribute) -> Ident {
    let method = route.path().segments.last().map(|segment| segment.ident.to_string());
    let path = match &route.meta {
        Meta::List(list) => list.tokens.clone().into_iter().find_map(|token| match token {
            TokenTree::Literal(path) => Some(path.to_string()),
            _ => None,
        }),
        _ => None,
    };
    let route = [method.unwrap_or_default(), path.unwrap_or_default()].concat();
    let words = route.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<_> = words.collect();
    // What comes after the last two underscores is the route, in which there are never two: so two handlers never share one.
    Ident::new(&format!("__cross_origin_{}__{}", handler.unraw(), words.join("_")), handler.span())
}

/// What the attribute below the route attribute adds to the function `shim`, if Rocket has taken it: the name by which
/// `uri!` looks for the macro of the handler `name`.
pub(crate) fn uri_macro(name: &Ident, shim: &Ident, function: &TokenStream) -> TokenStream {
    if is_not_taken(function) {
        return not_taken(name, shim);
    }
    let function = generated(function.clone());
    let of_shim = format_ident!("rocket_uri_macro_{}", shim);
    let of_handler = format_ident!("rocket_uri_macro_{}", name.unraw());
    quote! {
        #function

        #[doc(hidden)]
        #[allow(unused_imports, clippy::pub_use)]
        pub use #of_shim as #of_handler;
    }
}

/// A function as generated code: lints are about the handler, whose signature is the same. Rocket has read the
/// function with the spans that its errors need. What it has of the handler keeps them: for editors, and so that the
/// compiler says the same of both signatures, which it then says once.
fn generated(function: TokenStream) -> TokenStream {
    let own = |mut token: TokenTree| {
        let is_own = match &token {
            TokenTree::Ident(word) => word == "fn" || word == "async",
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        if is_own {
            token.set_span(Span::call_site().located_at(token.span()));
        }
        token
    };
    function.into_iter().map(own).collect()
}

/// Whether the tokens of a function are as this macro wrote them. Rocket parses a function and writes it out again,
/// without a `where` that nothing follows.
fn is_not_taken(function: &TokenStream) -> bool {
    let tokens: Vec<_> = function.clone().into_iter().collect();
    matches!(&*tokens, [.., TokenTree::Ident(word), TokenTree::Group(_)] if word == "where")
}

/// In place of a function that Rocket has not seen. Mostly because the route attribute was not imported: the compiler says
/// that while it resolves names, and then does not come to what is wrong here.
fn not_taken(name: &Ident, shim: &Ident) -> TokenStream {
    let message =
        format!("the route attribute of `{}` is not Rocket's, so there is no route for its policy", name.unraw());
    quote_spanned! {name.span()=>
        #[allow(non_camel_case_types)]
        struct #shim {}

        impl #shim {
            fn into_info<T>(self) -> T {
                loop {}
            }
        }

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

fn check(path: &Path) -> TokenStream {
    let name = path_name(path);
    // The key of a check is its type, which functions do not share. All constants that hold a pointer to one do.
    let is_function = IS_FUNCTION.at(path.span());
    let proof = quote_spanned!(path.span()=> const _: () = #is_function(&#path););
    let function = CHECK_FUNCTION.at(path.span());
    let ask = quote_spanned!(path.span()=> |origin, request| #function::ask(#path, origin, request));
    quote!(#CHECK { name: #name, key: || { #proof #TYPE_OF(&#path) }, ask: #ask })
}

/// The parameters of the function that calls the handler, and the arguments that it calls it with.
fn parameters(
    inputs: &Punctuated<FnArg, syn::Token![,]>,
    route: Span,
) -> (Punctuated<FnArg, syn::Token![,]>, Vec<Ident>) {
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
            *typed.ty = with_hygiene_of(route, &typed.ty);
            arguments.push(name);
        }
        input
    });
    (parameters.collect(), arguments)
}

/// A type, beginning with a token that is resolved where the route attribute stands, if it is a whole fragment of a
/// macro, as `$t:ty` is.
///
/// Rocket takes the hygiene of the names that it adds from the first token of a type. The compiler passes a
/// fragment on as a group without delimiters, and drops that group when it is written out again. The first token is
/// then one from the macro's caller, where the names of the route attribute are unknown.
fn with_hygiene_of(route: Span, ty: &Type) -> Type {
    match ty {
        Type::Group(group) => Type::Verbatim(own_first_token(group.elem.to_token_stream(), route)),
        ty => ty.clone(),
    }
}

fn own_first_token(tokens: TokenStream, route: Span) -> TokenStream {
    let mut tokens = tokens.into_iter();
    let Some(first) = tokens.next() else { return TokenStream::new() };
    match first {
        // A fragment that went through several macros.
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            own_first_token(group.stream(), route).into_iter().chain(tokens).collect()
        }
        // It means the crate of the macro that wrote it, so it stays as it is. Other types get no parentheses: where
        // `uri!` repeats them, the compiler calls them unnecessary.
        TokenTree::Ident(first) if first == "$crate" => {
            let span = Span::call_site().located_at(first.span());
            let whole = [TokenTree::Ident(first)].into_iter().chain(tokens).collect();
            let mut parentheses = Group::new(Delimiter::Parenthesis, whole);
            parentheses.set_span(span);
            parentheses.into_token_stream()
        }
        _ => {
            // All signs that are one token for the compiler, such as `::`.
            let mut is_first = true;
            let tokens = [first].into_iter().chain(tokens).map(|mut token| {
                if is_first {
                    token.set_span(token.span().resolved_at(route));
                    is_first = matches!(&token, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
                }
                token
            });
            tokens.collect()
        }
    }
}
