//! The adapter for Rocket 0.5.
//!
//! | file | what it does |
//! |---|---|
//! | `annotated` | wraps the handler of an annotated route: turns requests away before any guard runs |
//! | `asked` | what `cargo cors` asks of an application, in debug builds |
//! | `attached` | refuses a launch without the fairing |
//! | `checks` | `check(path)`: asks the application's own functions |
//! | `cover` | puts a named policy on routes that no attribute can be written on |
//! | `events` | what is logged, as events of `tracing` |
//! | `explain` | what an application answers to one request, without the request |
//! | `lists` | `config("name")`: lists of origins in the configuration |
//! | `routing` | finds the route that a request would be served by, as Rocket's router does |
//! | `launch` | reads the policies of all routes, refuses those that preflights could not tell apart |
//! | `lines` | what the launch says of it |
//! | `preflight` | the OPTIONS route that answers preflights |
//! | `refusals` | what becomes of a refusal: the log, and the application's hook |
//! | `report` | the policies of an application in one place, and what changed between two of them |
//! | `response` | the headers on a response |

mod annotated;
#[cfg(any(debug_assertions, feature = "cargo-cors"))]
mod asked;
mod attached;
mod checks;
mod cover;
mod events;
mod explain;
mod launch;
mod lines;
mod lists;
mod preflight;
mod refusals;
mod report;
mod response;
mod routing;

use std::sync::{Arc, OnceLock};

use rocket::fairing::{self, Fairing, Info, Kind};
use rocket::{Build, Orbit, Request, Response, Rocket};

pub use crate::report::{Change, Diff, Report, Shared};
#[doc(hidden)]
pub use annotated::{HandlerPlace, annotate};
pub use attached::Attached;
pub use checks::{Check, type_of};
#[doc(hidden)]
pub use cover::cover;
pub use lists::{ListError, ListErrors, OriginLists, ReadList};
pub use refusals::{Effect, Refused};

use launch::Table;
use refusals::Refusals;

use crate::policy::{NamedPolicy, Policy};

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
    lists: OriginLists,
    /// The policies of errors below a base that no route is responsible for.
    fallbacks: Vec<Fallback>,
    refusals: Refusals,
}

/// The policy of errors below a base that no route is responsible for.
#[derive(Clone, Copy, Debug)]
struct Fallback {
    base: &'static str,
    policy: &'static Policy,
}

impl CrossOrigin {
    /// The fairing, to be given to [`Rocket::attach`].
    #[must_use]
    pub fn fairing() -> Self {
        Self::default()
    }

    /// Gives the error responses to requests below `base` that matched no route the headers of this policy, so that a
    /// page can read the 404. Preflights for what has no handler stay refused.
    ///
    /// Of several bases the longest decides. `base` is a path as in [`Rocket::mount`]: `/api` covers `/api` and
    /// `/api/users`, and not `/apis`.
    ///
    /// ```
    /// use cors_runtime::{cross_origin, rocket::CrossOrigin};
    ///
    /// #[cross_origin(origins = ["https://app.example.com"])]
    /// struct Pages;
    ///
    /// let rocket = rocket::build().attach(CrossOrigin::fairing().fallback("/api", Pages));
    /// ```
    #[must_use]
    pub fn fallback<P: NamedPolicy>(mut self, base: &'static str, _policy: P) -> Self {
        self.fallbacks.push(Fallback { base, policy: P::POLICY });
        // The longest base first.
        self.fallbacks.sort_by_key(|fallback| std::cmp::Reverse(fallback.base.len()));
        self
    }

    /// Calls this function for each request that a page does not get what it asked for with: to count them, for
    /// instance. The log sums floods up; this misses none.
    ///
    /// It is called while the request is answered, so it should be quick. A panic in it is logged, and changes nothing.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use cors_runtime::rocket::CrossOrigin;
    ///
    /// static REFUSED: AtomicU64 = AtomicU64::new(0);
    ///
    /// let fairing = CrossOrigin::fairing().on_refusal(|refused| {
    ///     REFUSED.fetch_add(1, Ordering::Relaxed);
    ///     println!("{} {}", refused.refusal.kind(), refused.path);
    /// });
    /// ```
    #[must_use]
    pub fn on_refusal(mut self, hook: impl Fn(&Refused<'_>) + Send + Sync + 'static) -> Self {
        self.refusals.set_hook(hook);
        self
    }

    /// The policy of a request that no route is responsible for.
    fn fallback_policy(&self, request: &Request<'_>) -> Option<&'static Policy> {
        self.fallback_of(request.uri().path())
    }

    /// The policy of requests to this path that no route is responsible for.
    fn fallback_of(&self, path: rocket::http::uri::Path<'_>) -> Option<&'static Policy> {
        let covers = |fallback: &&Fallback| {
            let mut segments = path.segments();
            let mut base = fallback.base.split('/').filter(|segment| !segment.is_empty());
            base.all(|segment| segments.next() == Some(segment))
        };
        self.fallbacks.iter().find(covers).map(|fallback| fallback.policy)
    }
}

// The methods are written as `async_trait` would expand them, so that `on_response` can return a future of
// no size, which costs no allocation on each request.
impl Fairing for CrossOrigin {
    fn info(&self) -> Info {
        Info { name: "CORS", kind: Kind::Ignite | Kind::Liftoff | Kind::Response | Kind::Shutdown | Kind::Singleton }
    }

    fn on_ignite<'a, 'f>(&'a self, rocket: Rocket<Build>) -> BoxFuture<'f, fairing::Result>
    where
        'a: 'f,
        Self: 'f,
    {
        #[cfg(any(debug_assertions, feature = "cargo-cors"))]
        let rocket = asked::prepare(rocket);
        let route = preflight::route(self.clone());
        let rocket = rocket.manage(self.clone()).manage(self.lists.clone()).mount("/", [route]);
        Box::pin(std::future::ready(Ok(rocket)))
    }

    fn on_liftoff<'a, 'b, 'f>(&'a self, rocket: &'b Rocket<Orbit>) -> BoxFuture<'f, ()>
    where
        'a: 'f,
        'b: 'f,
        Self: 'f,
    {
        let table = self.table.get_or_init(|| Table::read(rocket));
        #[cfg(any(debug_assertions, feature = "cargo-cors"))]
        asked::answer(rocket);
        lines::log(table, &self.lists, rocket.figment());
        Box::pin(std::future::ready(()))
    }

    fn on_shutdown<'a, 'b, 'f>(&'a self, _: &'b Rocket<Orbit>) -> BoxFuture<'f, ()>
    where
        'a: 'f,
        'b: 'f,
        Self: 'f,
    {
        self.refusals.sum_up();
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
        let Some(table) = self.table.get() else { return Box::pin(std::future::ready(())) };
        match response::attach(self, table, request, response) {
            None => Box::pin(std::future::ready(())),
            // A request that no route is responsible for: the checks of its policy have not been asked.
            Some(policy) => Box::pin(async move {
                checks::ask(policy, request).await;
                response::actual(self, policy, request, response);
            }),
        }
    }
}

#[doc(hidden)]
pub type BoxFuture<'f, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'f>>;
