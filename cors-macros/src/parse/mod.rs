//! Parse: from tokens to the arguments of the attribute, and to the item that it stands on.

mod argument;
pub(crate) mod arguments;
mod beside;
pub(crate) mod handler;
mod max_age;
pub(crate) mod module;
pub(crate) mod route;
pub(crate) mod unit_struct;
pub(crate) mod unseen;
pub(crate) mod value;

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Visibility};

use handler::Handler;
use module::Module;
use route::is_route_attribute;
use unit_struct::UnitStruct;

/// What the attribute stands on.
pub(crate) enum Item {
    Handler(Box<Handler>),
    Module(Box<Module>),
    Struct(Box<UnitStruct>),
    /// Something that cannot have a policy.
    Other,
}

impl Item {
    /// Whether there is another attribute of this library on the item. One under a `cfg_attr` can be seen only here: the
    /// compiler expands conditions before it hands an item over.
    pub(crate) fn has_second_attribute(&self) -> bool {
        match self {
            Item::Handler(handler) => !handler.duplicates.is_empty(),
            Item::Module(module) => !module.duplicates.is_empty(),
            Item::Struct(_) | Item::Other => false,
        }
    }

    /// `None` for an item that the compiler will not take either, or Rocket: that error stands alone.
    pub(crate) fn parse(tokens: &TokenStream) -> Option<Self> {
        if let Ok(handler) = syn::parse2::<Handler>(tokens.clone()) {
            return (!handler.is_for_rocket_to_refuse()).then(|| Item::Handler(Box::new(handler)));
        }
        let keyword = |input: ParseStream| {
            let attributes = input.call(Attribute::parse_outer)?;
            input.parse::<Visibility>()?;
            let keyword = if input.peek(syn::Token![mod]) {
                Keyword::Mod
            } else if input.peek(syn::Token![struct]) {
                Keyword::Struct
            } else if is_function(input) || attributes.iter().any(is_route_attribute) {
                Keyword::Function
            } else {
                Keyword::Other
            };
            input.parse::<TokenStream>()?;
            Ok(keyword)
        };
        match keyword.parse2(tokens.clone()) {
            Ok(Keyword::Mod) => syn::parse2(tokens.clone()).ok().map(|module| Item::Module(Box::new(module))),
            Ok(Keyword::Struct) => syn::parse2(tokens.clone()).ok().map(|unit| Item::Struct(Box::new(unit))),
            Ok(Keyword::Function) => None,
            Ok(Keyword::Other) | Err(_) => Some(Item::Other),
        }
    }
}

/// What an item begins with that is not a whole function.
enum Keyword {
    Mod,
    Struct,
    /// A function that does not parse, or something else below a route attribute.
    Function,
    Other,
}

/// Whether a function begins here.
fn is_function(input: ParseStream) -> bool {
    let qualified = input.peek(syn::Token![const]) || input.peek(syn::Token![async]) || input.peek(syn::Token![unsafe]);
    input.peek(syn::Token![fn]) || qualified && (input.peek2(syn::Token![fn]) || input.peek3(syn::Token![fn]))
}
