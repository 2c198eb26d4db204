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
//! not build, and the error shows the mend. At launch the fairing reads the policies of all mounted routes and
//! answers their preflights; at request time it attaches the headers to every response that needs them.
//!
//! Without the feature `rocket` the crate decides on the types of the [`http`] crate alone: see [`Decision`].
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

// So that the attribute's output finds this crate under its own name in its own tests and documentation.
extern crate self as cors_runtime;

mod decision;
mod explain;
mod headers;
#[cfg(all(feature = "rocket", any(debug_assertions, feature = "cargo-cors")))]
mod json;
mod origin;
mod policy;
mod refusal;
mod report;
mod same_origin;

#[cfg(feature = "rocket")]
pub mod rocket;

#[doc(hidden)]
pub mod __private;

pub use cors_macros::cross_origin;
pub use cors_rules::{Declared, Element, Finding, MaxAge, Rule};
pub use decision::{Actual, ECHO_LIMIT, OriginHeader, Preflight, RequestHeaders};
pub use explain::{Answer, Answers, NoQuestion, Question};
pub use headers::Decision;
pub use origin::Origin;
pub use policy::{Enforce, NamedPolicy, Policy};
pub use refusal::Refusal;
pub use report::{Change, Diff, Report, Shared};
pub use same_origin::is_same_origin;
