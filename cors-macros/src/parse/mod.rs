//! Parse: from tokens to the arguments of the attribute, and to the item that it stands on.

mod argument;
pub(crate) mod arguments;
pub(crate) mod handler;
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

    /// `None` for a module or a struct that the compiler will not take either.
    pub(crate) fn parse(tokens: &TokenStream) -> Option<Self> {
        if let Ok(handler) = syn::parse2(tokens.clone()) {
            return Some(Item::Handler(Box::new(handler)));
        }
        let keyword = |input: ParseStream| {
            input.call(Attribute::parse_outer)?;
            input.parse::<Visibility>()?;
            let keywords = (input.peek(syn::Token![mod]), input.peek(syn::Token![struct]));
            input.parse::<TokenStream>()?;
            Ok(keywords)
        };
        match keyword.parse2(tokens.clone()) {
            Ok((true, _)) => syn::parse2(tokens.clone()).ok().map(|module| Item::Module(Box::new(module))),
            Ok((_, true)) => syn::parse2(tokens.clone()).ok().map(|unit| Item::Struct(Box::new(unit))),
            _ => Some(Item::Other),
        }
    }
}
