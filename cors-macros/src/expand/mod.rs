//! Expand: the output.

mod constant;
mod module;
mod named;
pub(crate) mod rocket;
