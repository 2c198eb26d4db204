//! The handler below the attribute: its attributes, its signature, and a body that stays unparsed.
//!
//! The compiler reports a body that does not compile, and half-written ones must not confuse an editor.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Signature, Visibility};

use super::route::{is_named, is_route_attribute};

/// A function.
pub(crate) struct Handler {
    /// Those that stay on the function.
    pub(crate) attrs: Vec<Attribute>,
    /// Further `#[cross_origin(…)]`.
    pub(crate) duplicates: Vec<Attribute>,
    /// The route attributes. A handler has one.
    pub(crate) routes: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    body: TokenStream,
}

impl Handler {
    pub(crate) fn route(&self) -> Option<&Attribute> {
        self.routes.first()
    }

    /// Whether Rocket will refuse this whatever its route attribute says: it has no body, or it takes `self`.
    pub(crate) fn is_for_rocket_to_refuse(&self) -> bool {
        let has_body = matches!(self.body.clone().into_iter().last(), Some(TokenTree::Group(_)));
        !self.routes.is_empty() && (!has_body || self.sig.receiver().is_some())
    }

    /// Whether another macro has parsed this function and written it out again, as Rocket's route attributes do:
    /// the braces of its body then have one span instead of two.
    pub(crate) fn is_reemitted(&self) -> bool {
        match self.body.clone().into_iter().last() {
            Some(TokenTree::Group(body)) if body.delimiter() == Delimiter::Brace => {
                format!("{:?}", body.span_open()) == format!("{:?}", body.span_close())
            }
            _ => false,
        }
    }
}

impl Parse for Handler {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let (duplicates, attrs) = attrs.into_iter().partition(|attribute| is_named(attribute, &["cross_origin"]));
        let (routes, attrs) = Vec::into_iter(attrs).partition(is_route_attribute);
        Ok(Handler { attrs, duplicates, routes, vis: input.parse()?, sig: input.parse()?, body: input.parse()? })
    }
}

/// The function as it is without the attributes that this macro takes.
impl ToTokens for Handler {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.attrs.iter().map(ToTokens::to_token_stream));
        self.vis.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}
