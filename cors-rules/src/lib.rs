//! Which CORS policies are unsafe, or can never work, and why.
//!
//! A [`Declared`] policy is one as it was written. [`check`](check()) reports every [`Rule`] that it breaks, each with
//! the place, a message and a repair, and makes its valid part ready for use: a [`Compiled`] policy, whose [`Pattern`]s
//! compare themselves with what a browser sends. The rules themselves are in [`rules`].
//!
//! | file | what is in it |
//! |---|---|
//! | `check/` | every rule over a policy: parse once, collect the findings, compile the valid part |
//! | `compiled`, `declared`, `finding` | a policy ready for use; a policy as written; what is found |
//! | `beside` | what the arguments of a policy leave possible for the others |
//! | `own` | the origins and the hosts of an application itself |
//! | `origin/`, `pattern` | reading one origin or pattern, with the repair of a fault; the comparison at request time |
//! | `rules/`, `rule` | the rules, and what a rule is |
//! | `table` | finding an origin among many |
//! | `public_suffix`, `fetch`, `ip`, `quote` | Mozilla's list; facts of the standards; addresses; hostile text in messages |
//!
//! The crate knows neither procedural macros nor an HTTP server, so that the same rules hold while compiling and at
//! launch.
//!
//! ```
//! use cors_rules::{Declared, Element, Scope, check, rules};
//!
//! let policy = Declared { origins: Some(vec![Element::Text("https://example.com/")]), ..Declared::default() };
//! let findings = check(&policy, Scope::default()).findings;
//! assert_eq!(*findings[0].rule, rules::TRAILING_SLASH);
//! assert_eq!(findings[0].help, "remove the trailing slash: `\"https://example.com\"`");
//! ```
#![forbid(unsafe_code)]

mod beside;
mod check;
mod compiled;
mod declared;
pub mod fetch;
mod finding;
mod ip;
mod origin;
pub mod own;
mod pattern;
pub mod public_suffix;
mod quote;
mod rule;
pub mod rules;
pub mod table;

pub use beside::{Beside, example};
pub use check::{Checked, ContentType, Scope, attribute, check, nearest, nearest_rule};
pub use compiled::{AllowHeaders, Compiled, ExposeHeaders, Origins};
pub use declared::{Declared, Element, MaxAge, Unread, UnseenItem};
pub use finding::{Finding, Place};
pub use origin::is_loopback;
pub use pattern::{Pattern, Port};
pub use quote::is_invisible;
pub use rule::{Kind, Level, Rule};
