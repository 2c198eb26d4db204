//! CORS for [Rocket](https://rocket.rs): an attribute on the handler says who may call it from a browser. For
//! [axum](#with-axum-and-tower) and every other service of tower, the attribute is on a struct, whose layer stands around
//! them.
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
//! # With Rocket
//!
//! Most applications name two items:
//!
//! | item | what it is for |
//! |---|---|
//! | [`cross_origin`] | the policy of a handler, of a module or of a whole mount: all arguments, and five recipes |
//! | [`rocket::CrossOrigin`] | the fairing, with what applies to the whole application: `protect_all`, `own_origins`, `fallback` |
//!
//! Some applications need one of these too:
//!
//! | item | what it is for |
//! |---|---|
//! | [`Origin`] | the argument of a function that decides on origins, `check(path)` |
//! | [`rocket::OriginLists`] | reads the lists of the configuration, `config("name")`, again while the application runs |
//! | [`RefusalEvent`], [`Refusal`], [`Effect`] | what the function gets that is given to `on_refusal` |
//!
//! The [guide] has an example for each of them. It begins with local development, and has pages about [each
//! argument](crate::guide::arguments), [requests](crate::guide::requests), [the launch and the log](crate::guide::launch),
//! [the protection of the whole application](crate::guide::protect), [messages of
//! browsers](crate::guide::troubleshooting), [limits](crate::guide::limits) and [each rule that an error
//! names](crate::guide::rules).
//!
//! # In tests and tools
//!
//! | item | what it is for |
//! |---|---|
//! | [`rocket::testing::Page`] | a test calls the application as a page in a browser does |
//! | [`Report`] | all policies of an application; a test can keep a snapshot of it |
//! | [`Diff`], [`Change`] | what was opened and what was closed between two reports |
//! | [`Question`], [`Answers`], [`Answer`] | what an application answers to one request: only for tools, such as `cargo cors explain` |
//!
//! A report consists of [`SharedRoute`], [`UnsharedRoute`], [`SharedFallback`], [`SharedPolicy`], [`ConfiguredList`] and
//! [`Protection`].
//!
//! # With axum and tower
//!
//! With `default-features = false, features = ["tower"]` the policy of a unit struct is a layer, and Rocket is not in the build.
//! [A page of the guide](crate::guide::axum) has the rest.
//!
//! ```
//! # #[cfg(feature = "tower")] mod example {
//! use axum::{Router, routing::get};
//! use cors_runtime::cross_origin;
//!
//! #[cross_origin(origins = ["https://app.example.com"], credentials)]
//! struct App;
//!
//! fn application() -> Router {
//!     let routes = Router::new().route("/users", get(|| async { "users" }));
//!     Router::new().fallback_service(App.layer().around(routes))
//! }
//! # }
//! ```
//!
//! | item | what it is for |
//! |---|---|
//! | [`cross_origin`] | the policy of a unit struct, whose `layer` puts it on a router, a path or any other service |
//! | [`tower::CrossOriginLayer`] | that layer: the methods of a service that does not tell them, and a function for its refusals |
//! | [`tower::ApplicationLayer`] | what applies to the whole application: `protect_all`, `own_origins`, `report_only` |
//! | [`tower::OriginLists`] | the lists of policies with `config("name")`, which can be replaced while the application runs |
//! | [`tower::testing::Page`] | a test calls a service as a page in a browser does |
//! | [`Report::of_layers`] | the policies of layers in one place; a test can keep a snapshot of it |
//! | [`Origin`] | the argument of a function that decides on origins, `check(path)` |
//!
//! # Without an adapter
//!
//! With `default-features = false` the crate contains only the decision, on the types of the
//! [`http`](https://docs.rs/http) crate. [A page of the guide](crate::guide::without_rocket) shows a server.
//!
//! | item | what it is for |
//! |---|---|
//! | [`Policy`], [`PolicyBuilder`], [`Enforce`] | a policy that is made at run time, by the same rules as that of the attribute |
//! | [`Decision`], [`Served`] | what to do with one request, and which headers its response gets |
//! | [`OwnOrigins`] | the application's own origins, for writes and against DNS rebinding |
//! | [`NamedPolicy`] | the policy of a unit struct with the attribute |
//! | [`Finding`], [`Findings`], [`Rule`], [`RuleKind`], [`RuleLevel`], [`Place`] | what the rules find in a policy |
//! | [`OwnFinding`], [`OwnFindings`] | what they find in own origins |
//! | [`ParseOriginError`], [`ParseQuestionError`], [`Compared`] | errors, and a part of a reason |
//!
//! # Features
//!
//! | feature | on by default | what it adds |
//! |---|---|---|
//! | `rocket` | yes | the adapter for Rocket 0.5 |
//! | `tower` | no | the adapter for services of tower, and so for axum, hyper and tonic; it brings `tracing` |
//! | `json` | yes | a report can be written and read by serde, and `cargo cors` can ask debug builds |
//! | `cargo-cors` | no | `cargo cors` can ask release builds too |
//! | `tracing` | no | what is logged, as events of `tracing` as well |
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// The core is compiled whole with every feature. Parts of it are there for adapters, and may be compiled without any.
#![cfg_attr(not(all(feature = "rocket", feature = "tower")), allow(dead_code, unused_imports))]

// So that the attribute's output finds this crate under its own name in its own tests and documentation.
extern crate self as cors_runtime;

#[cfg(any(feature = "rocket", feature = "tower"))]
mod answers;
#[doc(hidden)]
pub mod arguments;
#[doc(hidden)]
pub mod browser;
mod builder;
#[cfg(all(feature = "json", any(debug_assertions, feature = "cargo-cors")))]
mod cargo_cors;
mod caught;
mod check_function;
mod decision;
mod events;
mod flood;
mod header_lines;
mod header_text;
mod http;
mod list_errors;
mod origin;
mod origin_list;
mod own_origins;
mod policy;
mod question;
mod refusal;
mod refusal_log;
mod report;
mod request;
mod same_origin;
mod site;
#[cfg(any(feature = "rocket", feature = "tower"))]
mod testing;

#[cfg(feature = "rocket")]
pub mod rocket;
#[cfg(feature = "tower")]
pub mod tower;

#[cfg(all(doc, not(doctest)))]
pub mod guide;

#[doc(hidden)]
pub mod __private;

// With Rocket.
pub use cors_macros::cross_origin;
pub use origin::{Origin, ParseOriginError};
pub use refusal::{Compared, Effect, Refusal, RefusalEvent};

// In tests and tools.
pub use question::{Answer, Answers, ParseQuestionError, Question};
pub use report::{
    Change, ConfiguredList, Diff, Protection, Report, SharedFallback, SharedPolicy, SharedRoute, UnsharedRoute,
};

// Without Rocket.
pub use builder::{Findings, PolicyBuilder};
pub use cors_rules::own::Finding as OwnFinding;
pub use cors_rules::{Finding, Kind as RuleKind, Level as RuleLevel, Place, Rule};
pub use http::{Decision, Served};
pub use own_origins::{OwnFindings, OwnOrigins};
pub use policy::{Enforce, NamedPolicy, Policy};
