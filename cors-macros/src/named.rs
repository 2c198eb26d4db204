//! The attribute on a unit struct: a named policy, in the manner of Rocket's own `#[database("…")] struct Db;`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, Visibility};

use crate::arguments::Arguments;
use crate::constant;
use crate::expand::runtime;
use crate::policy;
use crate::report::Report;

/// A struct, as far as it is of interest.
struct Struct {
    ident: Ident,
    generics: Generics,
    /// What stands between the name and the semicolon: nothing, for a unit struct.
    fields: TokenStream,
}

impl Parse for Struct {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        input.parse::<syn::Token![struct]>()?;
        let (ident, generics) = (input.parse()?, input.parse()?);
        let mut fields = TokenStream::new();
        while !input.is_empty() && !input.peek(syn::Token![;]) {
            fields.extend(input.parse::<proc_macro2::TokenTree>());
        }
        input.parse::<Option<syn::Token![;]>>()?;
        Ok(Struct { ident, generics, fields })
    }
}

pub(crate) fn expand(arguments: &Arguments, item: &TokenStream, mut report: Report) -> TokenStream {
    let Ok(Struct { ident, generics, fields }) = syn::parse2(item.clone()) else {
        // Not a struct that the compiler would take: it says so itself.
        report.discard();
        return item.clone();
    };
    let help = format!("write `struct {ident};`");
    if !generics.params.is_empty() {
        report.error(&generics, "the struct of a named policy cannot have generic parameters", &help);
    } else if !fields.is_empty() {
        report.error(&fields, "the struct of a named policy cannot have fields", &help);
    }
    if let Some(path) = &arguments.policy {
        let message = "a named policy cannot be defined by another named policy";
        report.error(path, message, "write the arguments here, or use the other policy instead of this one");
    }
    let runtime = runtime(arguments);
    let mut sources = None;
    let policy = match policy::checked(arguments, None, &mut report) {
        policy::Policy::Stated(arguments, lowered) => {
            sources = constant::sources(&arguments).map(|sources| quote!(, { use #runtime as cors; #sources }));
            constant::stated(&arguments, &lowered)
        }
        policy::Policy::Named(_) | policy::Policy::Nothing => constant::nothing(),
    };
    let (implementing, parameters, bounds) = generics.split_for_impl();
    let errors = report.into_tokens();
    let adapters = errors.is_empty().then(|| quote!(#runtime::adapters! { #ident #sources }));
    quote! {
        #item

        impl #implementing #runtime::NamedPolicy for #ident #parameters #bounds {
            const POLICY: &'static #runtime::Policy = {
                use #runtime as cors;
                &#policy
            };
        }

        #adapters
        #errors
    }
    .into_token_stream()
}
