//! What every test of this package needs: a server that is really there, a client that says exactly what it is told
//! to, and the reader of the tables in `cases/`.
//!
//! ```text
//! let server = Server::launch(rocket::build().attach(CrossOrigin::fairing()).mount("/", routes![index]))?;
//! let reply = Call::new("GET", "/").header("Origin", "https://app.example.com").send(&server);
//! assert_eq!(reply.one("access-control-allow-origin"), Some("https://app.example.com"));
//! assert_eq!(reply.list("vary"), ["Origin"]);
//! ```

mod client;
mod golden;
pub mod handlers;
#[cfg(doctest)]
#[path = "../pages/lint_pages.rs"]
mod lint_pages;
#[cfg(doctest)]
#[path = "../pages/migration_pages.rs"]
mod migration_pages;
mod nginx;
mod page;
pub mod policies;
mod random;
mod server;
#[path = "../../cors-macros/src/tests/tsv.rs"]
#[allow(clippy::missing_panics_doc, clippy::must_use_candidate, reason = "a private module wherever else it is used")]
pub mod tsv;
pub mod wrong;

/// An answer, by its name of this crate.
#[derive(Debug, Default, rocket::Responder)]
pub struct HandedOver(&'static str);

/// Hands a type over to a macro of another crate, as a whole fragment that begins with `$crate`.
#[macro_export]
macro_rules! hand_over {
    ($to:ident) => {
        $to! { $crate::HandedOver }
    };
}

/// The examples of the pages compile, and do what is said there.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../README.md")]
    mod readme {}
    #[doc = include_str!("../../docs/README.md")]
    mod overview {}
    #[doc = include_str!("../../cors-macros/attribute.md")]
    mod attribute {}
    #[doc = include_str!("../../docs/guide.md")]
    mod guide {}
    #[doc = include_str!("../../docs/guide/arguments.md")]
    mod arguments {}
    #[doc = include_str!("../../docs/guide/lists.md")]
    mod lists {}
    #[doc = include_str!("../../docs/guide/requests.md")]
    mod requests {}
    #[doc = include_str!("../../docs/guide/launch.md")]
    mod launch {}
    #[doc = include_str!("../../docs/guide/axum.md")]
    mod axum {}
    #[doc = include_str!("../../docs/guide/without-rocket.md")]
    mod without_rocket {}
    #[doc = include_str!("../../docs/protect.md")]
    mod protect {}
    #[doc = include_str!("../../docs/troubleshooting.md")]
    mod troubleshooting {}
    #[doc = include_str!("../../cors-runtime/README.md")]
    mod runtime {}
    #[doc = include_str!("../../cors-rules/README.md")]
    mod rules {}
}

pub use client::{Call, Reply, exchange};
pub use golden::{each_case, explained};
pub use nginx::Nginx;
pub use page::{APP, EVIL, call, connects, cors_headers, granted, is_shared, launch, preflight, send, serve, shared};
pub use random::Random;
pub use server::Server;
