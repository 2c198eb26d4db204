//! The attribute on a unit struct: a named policy, in the manner of Rocket's own `#[database("…")] struct Db;`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, Visibility};

use super::constant;
use super::rocket::runtime;
use crate::check;
use crate::parse::arguments::Arguments;
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
        report.error(&generics, "a named policy is one policy, so its struct has no parameters", &help);
    } else if !fields.is_empty() {
        report.error(&fields, "a named policy holds nothing, so its struct has no fields", &help);
    }
    if let Some(path) = &arguments.policy {
        let message = "a named policy states its own arguments";
        report.error(path, message, "write the arguments out, or use the other policy where this one would be used");
    }
    let policy = match check::checked(arguments, None, &mut report) {
        check::Policy::Stated(arguments, lowered) => constant::stated(&arguments, &lowered),
        check::Policy::Named(_) | check::Policy::Nothing => quote!(cors::Policy::NOTHING),
    };
    let (implementing, parameters, bounds) = generics.split_for_impl();
    let runtime = runtime(arguments);
    let errors = report.into_tokens();
    let cover = errors.is_empty().then(|| quote!(#runtime::cover! { #ident }));
    quote! {
        #item

        impl #implementing #runtime::NamedPolicy for #ident #parameters #bounds {
            const POLICY: &'static #runtime::Policy = {
                use #runtime as cors;
                &#policy
            };
        }

        #cover
        #errors
    }
    .into_token_stream()
}
