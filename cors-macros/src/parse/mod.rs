//! Parse: from tokens to the arguments of the attribute, and to the item that it stands on.

pub(crate) mod arguments;
pub(crate) mod handler;
pub(crate) mod module;
pub(crate) mod value;
