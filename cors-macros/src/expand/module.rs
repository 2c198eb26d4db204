//! The attribute on an inline module: every handler in it gets the module's policy.
//!
//! The policy is checked once, here. Then the arguments are passed on, by an attribute on each handler and on each
//! module inside: the handlers expand by themselves.

use proc_macro2::{Group, Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Path, Visibility};

use super::rocket::runtime;
use crate::check::{self, Policy};
use crate::parse::arguments::{Arguments, DISTRIBUTED, MODULE};
use crate::parse::module::{Passing, options_route, pass_on};
use crate::parse::value::{Element, Kind, List};
use crate::report::Report;

/// A module.
struct Module {
    attrs: Vec<Attribute>,
    vis: Visibility,
    unsafety: Option<syn::Token![unsafe]>,
    token: syn::Token![mod],
    ident: Ident,
    /// `None` for `mod name;`, whose items are in another file.
    items: Option<Group>,
}

impl Parse for Module {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        Ok(Module {
            attrs: input.call(Attribute::parse_outer)?,
            vis: input.parse()?,
            unsafety: input.parse()?,
            token: input.parse()?,
            ident: input.parse()?,
            items: if input.peek(syn::Token![;]) {
                input.parse::<syn::Token![;]>()?;
                None
            } else {
                Some(input.parse()?)
            },
        })
    }
}

pub(crate) fn expand(arguments: &Arguments, item: &TokenStream, mut report: Report) -> TokenStream {
    let Ok(module) = syn::parse2::<Module>(item.clone()) else {
        // Not a module that the compiler would take: it says so itself.
        report.discard();
        return item.clone();
    };
    let Some(items) = &module.items else {
        let name = &module.ident;
        report.error(
            TokenStream::new(),
            "the `cross_origin` attribute cannot see into a module that is in another file",
            &format!("put `use cors_runtime::cross_origin;` and a named policy in `{name}`, and `#[cross_origin(policy = …)]` on its handlers; or write the module inline: `mod {name} {{ … }}`"),
        );
        let errors = report.into_tokens();
        return quote!(#item #errors);
    };
    let options = options_route(items.stream());
    let policy = if arguments.distributed {
        // The module around has checked it.
        None
    } else {
        Some(check::checked(arguments, options.as_ref().map(|route| route as &dyn ToTokens), &mut report))
    };
    let (passing, aliases) = if matches!(policy, Some(Policy::Nothing)) {
        (None, TokenStream::new())
    } else {
        let (arguments, aliases) = for_below(arguments, &module.ident, 0);
        (Some(arguments), aliases)
    };
    let name = &module.ident;
    let (own, none) = (format_ident!("{MODULE}"), format_ident!("{DISTRIBUTED}"));
    let runtime = runtime(arguments);
    let items = pass_on(
        items.stream(),
        &Passing {
            beside_own: passing.as_ref().map_or_else(|| quote!(#own(#name)), |passed| quote!(#own(#name, #passed))),
            alone: passing.map(|passed| quote!(#[#runtime::cross_origin(#none(#name, #passed))])),
        },
    );
    let mut body = Group::new(proc_macro2::Delimiter::Brace, items);
    if let Some(group) = &module.items {
        body.set_span(group.span());
    }
    let Module { attrs, vis, unsafety, token, .. } = &module;
    let errors = report.into_tokens();
    quote!(#(#attrs)* #vis #unsafety #token #name #body #aliases #errors)
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
        let absolute = path.leading_colon.is_some()
            || path.segments.first().is_some_and(|first| first.ident == "crate" || first.ident == "$crate");
        if absolute {
            return path.to_token_stream();
        }
        let name =
            format_ident!("__cross_origin_{}_{}_{}", module, depth, count, span = syn::spanned::Spanned::span(path));
        count += 1;
        aliases.extend(quote! {
            #[doc(hidden)]
            #[allow(unused_imports)]
            use #path as #name;
        });
        quote!(super::#name)
    };
    let mut passed = TokenStream::new();
    let mut list = |key: &str, list: &Option<List>| {
        let Some(list) = list else { return TokenStream::new() };
        let key = format_ident!("{key}");
        let elements = list.elements.iter().map(|Element { kind, tokens, .. }| match kind {
            Kind::Check(path) => {
                let path = alias(path);
                quote!(check(#path))
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
    let allow = &arguments.allow;
    if !allow.is_empty() {
        passed.extend(quote!(allow(#(#allow),*),));
    }
    if let Some(krate) = &arguments.krate {
        passed.extend(quote!(crate = #krate,));
    }
    // What this module itself has from the one around.
    let around = arguments.module.as_ref().filter(|_| arguments.distributed || arguments.inherit.is_some());
    if let Some(around) = around {
        let (outer, more) = for_below(&around.arguments, &around.name, depth + 1);
        aliases.extend(more);
        let (key, name) = (format_ident!("{MODULE}"), &around.name);
        let key = if arguments.distributed { format_ident!("{DISTRIBUTED}") } else { key };
        let inherit = arguments.inherit.as_ref().map(|inherit| quote!(#inherit,));
        passed.extend(quote!(#inherit #key(#name, #outer)));
    }
    (passed, aliases)
}
