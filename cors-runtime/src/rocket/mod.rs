//! The adapter for Rocket 0.5: the fairing, and what some applications and their tests need besides.
//!
//! | item | who needs it |
//! |---|---|
//! | [`CrossOrigin`] | every application: the fairing |
//! | [`testing`] | tests: they call the application as a page in a browser does |
//! | [`OriginLists`], [`ListErrors`], [`ListError`] | applications that read the lists of their configuration again while they run |
//! | [`NamedRoutePolicy`] | nobody has to name it: the attribute implements it for a unit struct |
//! | [`ExplainError`] | tools, such as `cargo cors explain` |

// Its files, from top to bottom; each imports only files that stand below it, and the core:
//
// | file | what it does |
// |---|---|
// | `testing/` | for tests of applications: what a page gets |
// | `fairing` | `CrossOrigin`: what it does at ignition |
// | `place` | puts the response fairing behind all others |
// | `response` | the response fairing: the headers on every response that needs them |
// | `preflight` | the OPTIONS route that answers preflights |
// | `annotated` | the handler of an annotated route: turns requests away before any guard runs |
// | `gate` | turns requests away before they are routed |
// | `cargo_cors` | answers `cargo cors` |
// | `explain`, `report` | what the application would answer to one request; all its policies in one place |
// | `cover` | puts policies on routes, with the sentinel that refuses a launch without the fairing |
// | `sentinels` | launches that are refused |
// | `launch_log`, `launch_notes` | the log of the launch: what is shared, and what is worth a look |
// | `state` | what one running application keeps |
// | `settings` | `CrossOrigin`: what users give to it |
// | `foreign` | CORS headers that something else has set |
// | `table`, `index`, `routing` | the routes and their policies; which of them would serve a request |
// | `annotation` | the policy of a route: put on it, and found again |
// | `refusals` | what becomes of a refusal: the log, and the application's hook |
// | `sources` | how the lists and the checks of a policy are asked |
// | `config`, `checks` | `config("name")` and `check(path)` |
// | `protection` | `own_origins`, `protect_all`, `report_only` |
// | `order` | the order of the fairings |
// | `message`, `own` | reads requests and writes responses; the routes that this library mounts itself |
// | `launch_text` | lines that fit a terminal, and what sorts them |
// | `version` | what Rocket 0.6 spells differently |

mod annotated;
pub(crate) mod annotation;
mod by_address;
#[cfg(all(feature = "json", any(debug_assertions, feature = "cargo-cors")))]
mod cargo_cors;
pub(crate) mod checks;
pub(crate) mod config;
pub(crate) mod cover;
mod explain;
mod fairing;
mod foreign;
mod gate;
mod index;
mod launch_log;
mod launch_notes;
mod launch_text;
pub(crate) mod message;
mod order;
mod own;
mod place;
mod preflight;
mod protection;
mod refusals;
mod report;
mod response;
mod routing;
pub(crate) mod sentinels;
mod settings;
pub(crate) mod sources;
mod state;
mod table;
pub mod testing;
mod version;

pub use crate::list_errors::{ListError, ListErrors};
pub use config::OriginLists;
pub use explain::ExplainError;
pub use settings::CrossOrigin;
pub use sources::NamedRoutePolicy;
