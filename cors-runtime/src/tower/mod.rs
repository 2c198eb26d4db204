//! The adapter for services of [tower](https://docs.rs/tower), and so for axum, hyper, tonic and others.
//!
//! | item | who needs it |
//! |---|---|
//! | [`CrossOriginLayer`] | every application: the policy of a unit struct, as a layer |
//! | [`ApplicationLayer`] | applications that name their own origins, or protect what has no policy |
//! | [`OriginLists`] | policies with `config("name")` |
//! | [`testing`] | tests: they call a service as a page in a browser does |
//! | [`CrossOrigin`], [`Application`], [`ResponseFuture`] | code that names the types of services |
// Read from top to bottom:
//
// | file | what it does |
// |---|---|
// | `testing/` | for tests of applications: what a page gets |
// | `cargo_cors` | answers `cargo cors` |
// | `explain`, `report` | what a layer would answer to one request; the policies of layers in one place |
// | `layer` | the layer of a policy: what users give to it |
// | `application` | the layer around a whole application |
// | `service` | decides on a request, before the service inside is called |
// | `future` | waits for the response |
// | `answer` | decides on the response |
// | `shared`, `protection` | what the services of a layer share; what layers inside of an application know of it |
// | `refusals` | what becomes of a refusal |
// | `decided` | what layers say to each other |
// | `lists`, `checks` | `config("name")` and `check(path)` |

mod answer;
mod application;
#[cfg(feature = "json")]
mod cargo_cors;
pub(crate) mod checks;
mod decided;
mod explain;
mod future;
pub(crate) mod layer;
mod lists;
mod protection;
mod refusals;
mod report;
mod service;
mod shared;
pub mod testing;

pub use crate::list_errors::{ListError, ListErrors};
pub use application::{Application, ApplicationLayer};
pub use future::ResponseFuture;
pub use layer::CrossOriginLayer;
pub use lists::OriginLists;
pub use service::CrossOrigin;
