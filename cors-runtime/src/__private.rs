//! What the output of `#[cross_origin]` names. Not part of the public interface.

pub use cors_rules::{Pattern, Port};

pub use crate::policy::{AllowHeaders, Enforce, Origins, Policy};
#[cfg(feature = "rocket")]
pub use crate::rocket::{Attached, annotate};
#[cfg(feature = "rocket")]
pub use ::rocket::Route;
