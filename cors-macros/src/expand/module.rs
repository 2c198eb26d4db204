//! A module: the arguments that its handlers and modules get.
//!
//! The policy has been checked where it stands. The arguments are passed on by an attribute on each handler and on each
//! module inside: the handlers expand by themselves.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Path};

use crate::parse::arguments::{Arguments, BROKEN, FROM_MODULE, MODULE, OuterModule, is_absolute};
use crate::parse::module::{ItemKind, Module, ModuleItem, OuterAttribute, split};
use crate::parse::value::{Check, ElementKind, List, ListElement};
use crate::runtime_path::{CROSS_ORIGIN, Runtime};

/// The module, with its arguments on its items. `sound` tells that nothing is wrong with them: each handler checks what it
/// gets, and would report the same mistakes again.
pub(super) fn expand(
    arguments: &Arguments,
    module: &Module,
    items: &Group,
    runtime: &Runtime,
    sound: bool,
) -> TokenStream {
    let (passed, aliases) = if sound {
        for_below(arguments, &module.ident, 0)
    } else {
        (format_ident!("{BROKEN}").into_token_stream(), TokenStream::new())
    };
    let Module { attrs, vis, unsafety, token, ident: name, .. } = module;
    let (beside, alone) = (format_ident!("{MODULE}"), format_ident!("{FROM_MODULE}"));
    let attribute = runtime.path(&CROSS_ORIGIN);
    let passed_on = pass_on(
        items.stream(),
        &PassedOn { beside_own: quote!(#beside(#name, #passed)), alone: quote!(#[#attribute(#alone(#name, #passed))]) },
    );
    let mut body = Group::new(Delimiter::Brace, passed_on);
    body.set_span(items.span());
    quote!(#(#attrs)* #vis #unsafety #token #name #body #aliases)
}

/// An item whose own attribute stood under a condition, which the module around could not decide: its own attribute
/// replaces the one that the module put on it.
pub(crate) fn give_way(outer: &OuterModule, item: TokenStream) -> TokenStream {
    let (beside, passed) = (format_ident!("{MODULE}"), &outer.tokens);
    pass_on(item, &PassedOn { beside_own: quote!(#beside(#passed)), alone: TokenStream::new() })
}

/// What goes onto the handlers and modules among the items.
struct PassedOn {
    /// A further argument for items that have the attribute themselves.
    beside_own: TokenStream,
    /// An attribute for items that have none.
    alone: TokenStream,
}

/// The items, with the attributes that are passed on to them.
fn pass_on(items: TokenStream, further: &PassedOn) -> TokenStream {
    let mut output = TokenStream::new();
    for ModuleItem { attributes, tokens, kind } in split(items) {
        // A function is concerned if an attribute may make a handler of it. Whether one does is seen when the function is
        // expanded: then the conditions of `cfg_attr` have been decided.
        let concerned = match kind {
            ItemKind::Module => true,
            ItemKind::Function => !attributes.iter().all(OuterAttribute::is_plain),
            ItemKind::Macro | ItemKind::Other => false,
        };
        let own = concerned && attributes.iter().any(OuterAttribute::is_own);
        if concerned && !own {
            output.extend(further.alone.clone());
        }
        for attribute in attributes {
            match &attribute.parsed {
                Some(parsed) if own && attribute.is_own() => output.extend(with_argument(parsed, &further.beside_own)),
                _ => output.extend(attribute.tokens),
            }
        }
        output.extend(tokens);
    }
    output
}

/// The attribute with a further argument.
fn with_argument(attribute: &Attribute, argument: &TokenStream) -> TokenStream {
    let path = attribute.path();
    let arguments = match &attribute.meta {
        syn::Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let comma = (!arguments.is_empty() && !ends_in_comma(&arguments)).then(|| quote!(,));
    let mut group = Group::new(Delimiter::Bracket, quote!(#path(#arguments #comma #argument)));
    group.set_span(attribute.bracket_token.span.join());
    let pound = &attribute.pound_token;
    quote!(#pound #group)
}

fn ends_in_comma(tokens: &TokenStream) -> bool {
    matches!(tokens.clone().into_iter().last(), Some(TokenTree::Punct(punct)) if punct.as_char() == ',')
}

/// The arguments as the handlers in the module get them, and the imports by which their paths are found there.
///
/// A path of a policy or of a check means something where it was written, which is outside the module: it gets a name
/// there, and the handlers use that.
///
/// `depth` counts the attributes around that the arguments come from, which may be on modules of one name.
fn for_below(arguments: &Arguments, module: &Ident, depth: u32) -> (TokenStream, TokenStream) {
    let mut aliases = TokenStream::new();
    let mut count = 0_u32;
    let mut alias = |path: &Path| {
        if is_absolute(path) {
            return path.to_token_stream();
        }
        // An error about what it names underlines what was written, from the first token to the last.
        let (first, last) = (path.span(), path.segments.last().span());
        let name = format_ident!("__cross_origin_{}_{}_{}", module, depth, count, span = last);
        count += 1;
        aliases.extend(quote! {
            #[doc(hidden)]
            #[allow(unused_imports)]
            use #path as #name;
        });
        quote_spanned!(first=> super::#name)
    };
    let mut passed = TokenStream::new();
    let mut list = |key: &str, list: &Option<List>| {
        let Some(list) = list else { return TokenStream::new() };
        let key = format_ident!("{key}");
        let elements = list.elements.iter().map(|ListElement { kind, tokens, .. }| match kind {
            ElementKind::Check(Check { path, name }) => {
                let path = alias(path);
                quote!(check(#path, #name))
            }
            _ => tokens.clone(),
        });
        quote!(#key = [#(#elements),*],)
    };
    passed.extend(list("origins", &arguments.origins));
    passed.extend(list("debug_origins", &arguments.debug_origins));
    passed.extend(list("allow_headers", &arguments.allow_headers));
    passed.extend(list("expose_headers", &arguments.expose_headers));
    if let Some(path) = &arguments.policy {
        let path = alias(path);
        passed.extend(quote!(policy = #path,));
    }
    if let Some(none) = &arguments.none {
        passed.extend(quote!(#none,));
    }
    if let Some(credentials) = arguments.credentials {
        passed.extend(quote!(credentials = #credentials,));
    }
    if let Some(enforce) = arguments.enforce {
        passed.extend(quote!(enforce = #enforce,));
    }
    if let Some(max_age) = &arguments.max_age {
        let tokens = &max_age.tokens;
        passed.extend(quote!(max_age = #tokens,));
    }
    let allow = arguments.allow.iter().map(|name| &name.ident);
    if !arguments.allow.is_empty() {
        passed.extend(quote!(allow(#(#allow),*),));
    }
    if let Some(krate) = &arguments.krate {
        passed.extend(quote!(crate = #krate,));
    }
    // What this module itself has from the one around.
    let around = arguments.module.as_ref().filter(|_| arguments.from_module || arguments.inherit.is_some());
    if let Some(around) = around {
        let (outer, more) = for_below(&around.arguments, &around.name, depth + 1);
        aliases.extend(more);
        let (key, name) = (format_ident!("{MODULE}"), &around.name);
        let key = if arguments.from_module { format_ident!("{FROM_MODULE}") } else { key };
        let inherit = arguments.inherit.as_ref().map(|inherit| quote!(#inherit,));
        passed.extend(quote!(#inherit #key(#name, #outer)));
    }
    (passed, aliases)
}
