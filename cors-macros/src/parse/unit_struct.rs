//! A struct, as far as it is of interest: a named policy is a unit struct.

use proc_macro2::{Ident, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, Visibility};

/// A struct that should be a unit struct.
pub(crate) struct UnitStruct {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    /// What stands between the name and the semicolon: nothing, for a unit struct.
    pub(crate) fields: TokenStream,
}

impl Parse for UnitStruct {
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
        Ok(UnitStruct { ident, generics, fields })
    }
}
