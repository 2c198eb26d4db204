//! The adapter for Rocket 0.5.
//!
//! | file | what it does |
//! |---|---|
//! | `annotated` | wraps the handler of an annotated route: turns requests away before any guard runs |
//! | `attached` | refuses a launch without the fairing |
//! | `routing` | finds the route that a request would be served by, as Rocket's router does |
//! | `launch` | reads the policies of all routes, refuses those that preflights could not tell apart |
//! | `preflight` | the OPTIONS route that answers preflights |
//! | `response` | the headers on a response |

mod annotated;
mod attached;
mod launch;
mod preflight;
mod response;
mod routing;

use std::sync::{Arc, OnceLock};

use rocket::fairing::{self, Fairing, Info, Kind};
use rocket::{Build, Orbit, Request, Response, Rocket};

pub use annotated::annotate;
pub use attached::Attached;

use launch::Table;

/// The fairing that puts the policies of `#[cross_origin]` into effect.
///
/// ```
/// # use rocket::{get, routes};
/// use cors_runtime::{cross_origin, rocket::CrossOrigin};
///
/// #[cross_origin(origins = ["https://app.example.com"])]
/// #[get("/")]
/// fn index() -> &'static str {
///     "hello"
/// }
///
/// let rocket = rocket::build().attach(CrossOrigin::fairing()).mount("/", routes![index]);
/// ```
///
/// It may be attached before or after the routes are mounted, and before or after other fairings that mount
/// some. An application that mounts an annotated route and does not attach it does not launch.
#[derive(Clone, Debug, Default)]
pub struct CrossOrigin {
    /// What is known about the routes: read once, when all of them are mounted.
    table: Arc<OnceLock<Table>>,
}

impl CrossOrigin {
    /// The fairing, to be given to [`Rocket::attach`].
    #[must_use]
    pub fn fairing() -> Self {
        Self::default()
    }
}

// The methods are written as `async_trait` would expand them, so that `on_response` can return a future of
// no size, which costs no allocation on each request.
impl Fairing for CrossOrigin {
    fn info(&self) -> Info {
        Info { name: "CORS", kind: Kind::Ignite | Kind::Liftoff | Kind::Response | Kind::Singleton }
    }

    fn on_ignite<'a, 'f>(&'a self, rocket: Rocket<Build>) -> BoxFuture<'f, fairing::Result>
    where
        'a: 'f,
        Self: 'f,
    {
        let rocket = rocket.manage(self.clone()).mount("/", [preflight::route(self.table.clone())]);
        Box::pin(std::future::ready(Ok(rocket)))
    }

    fn on_liftoff<'a, 'b, 'f>(&'a self, rocket: &'b Rocket<Orbit>) -> BoxFuture<'f, ()>
    where
        'a: 'f,
        'b: 'f,
        Self: 'f,
    {
        let table = self.table.get_or_init(|| Table::read(rocket));
        table.log();
        Box::pin(std::future::ready(()))
    }

    fn on_response<'r, 'a, 'b, 'c, 'f>(
        &'a self,
        request: &'r Request<'b>,
        response: &'c mut Response<'r>,
    ) -> BoxFuture<'f, ()>
    where
        'r: 'f,
        'a: 'f,
        'b: 'f,
        'c: 'f,
        Self: 'f,
    {
        if let Some(table) = self.table.get() {
            response::attach(table, request, response);
        }
        Box::pin(std::future::ready(()))
    }
}

type BoxFuture<'f, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'f>>;
