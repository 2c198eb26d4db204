//! CORS for [Rocket](https://rocket.rs): an attribute on the handler says who may call it from a browser.
//!
//! ```
//! # #[cfg(feature = "rocket")] mod example {
//! # use rocket::{get, launch, routes};
//! use cors_runtime::{cross_origin, rocket::CrossOrigin};
//!
//! #[cross_origin(origins = ["https://app.example.com"], credentials)]
//! #[get("/users/<id>")]
//! fn user(id: u64) -> String {
//!     format!("user {id}")
//! }
//!
//! #[launch]
//! fn rocket() -> _ {
//!     rocket::build()
//!         .attach(CrossOrigin::fairing()) // the only new line
//!         .mount("/api", routes![user])
//! }
//! # }
//! ```
//!
//! The policy is checked while the handler compiles: one that is unsafe, or that no browser would honour, does
//! not build, and the error shows how to fix it. At launch the fairing reads the policies of all mounted routes and
//! answers their preflights; at request time it attaches the headers to every response that needs them.
//!
//! Without the feature `rocket` the crate decides on the types of the [`http`](::http) crate alone: see [`Decision`].
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// The core is compiled whole with every feature. Parts of it are there for adapters, and may be compiled without any.
#![cfg_attr(not(feature = "rocket"), allow(dead_code, unused_imports))]

// So that the attribute's output finds this crate under its own name in its own tests and documentation.
extern crate self as cors_runtime;

#[doc(hidden)]
pub mod browser;
mod builder;
mod decision;
mod events;
mod flood;
mod http;
mod origin;
mod origin_list;
mod own_origins;
mod policy;
mod question;
mod refusal;
mod report;
mod request;
mod same_origin;
mod site;

#[cfg(feature = "rocket")]
pub mod rocket;

#[cfg(all(doc, not(doctest)))]
pub mod guide;

#[doc(hidden)]
pub mod __private;

pub use builder::{Findings, PolicyBuilder};
pub use cors_macros::cross_origin;
pub use cors_rules::own::Finding as OwnFinding;
pub use cors_rules::{Finding, Kind as RuleKind, Level as RuleLevel, Place, Rule};
pub use http::{Decision, Served};
pub use origin::{Origin, ParseOriginError};
pub use own_origins::{OwnFindings, OwnOrigins};
pub use policy::{Enforce, NamedPolicy, Policy};
pub use question::{Answer, Answers, ParseQuestionError, Question};
pub use refusal::{Compared, Effect, Refusal, RefusalEvent};
pub use report::{
    Change, ConfiguredList, Diff, Protection, Report, SharedFallback, SharedPolicy, SharedRoute, UnsharedRoute,
};
