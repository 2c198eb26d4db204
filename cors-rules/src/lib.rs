//! Which CORS policies are unsafe, or can never work, and why.
//!
//! A [`Declared`] policy is what somebody wrote down. [`check`] reports every [`Rule`] that it breaks, each with the
//! place, a message and a repair; [`lower`] turns a policy without hard findings into lists that are ready for use, and a
//! [`Pattern`] compares them with what a browser sends. The rules themselves are in [`rules`].
//!
//! The crate knows neither procedural macros nor an HTTP server, so that the same rules hold while compiling and at launch.
//!
//! ```
//! use cors_rules::{Declared, Element, check, rules};
//!
//! let policy = Declared { origins: Some(vec![Element::Text("https://example.com/")]), ..Declared::default() };
//! let findings = check(&policy);
//! assert_eq!(*findings[0].rule, rules::TRAILING_SLASH);
//! assert_eq!(findings[0].help, "remove the trailing slash: `\"https://example.com\"`");
//! ```
#![forbid(unsafe_code)]

mod check;
mod compiled;
mod declared;
pub mod fetch;
mod finding;
mod origin;
mod pattern;
pub mod public_suffix;
mod quote;
mod rule;
pub mod rules;

pub use check::{attribute, check};
pub use compiled::{Lowered, LoweredHeaders, LoweredOrigins, lower};
pub use declared::{Declared, Element, MaxAge};
pub use finding::{Finding, Place};
pub use pattern::{Pattern, Port};
pub use rule::{Class, Rule};
