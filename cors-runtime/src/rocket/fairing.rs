//! The fairing that users attach: its settings, and the launch.

use std::sync::Arc;

use rocket::fairing::{self, Fairing, Info, Kind};
use rocket::{Build, Orbit, Phase, Rocket};

use super::explain::{ExplainError, explain};
use super::message::BoxFuture;
use super::report::report;
use super::response::Responses;
use super::sources::NamedRoutePolicy;
use super::state::{Fallback, Managed, Settings, State};
use super::table::Table;
use super::{launch_log, preflight};
use crate::question::{Answers, Question};
use crate::refusal::RefusalEvent;
use crate::report::Report;

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
    settings: Settings,
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
    pub fn fallback<P: NamedRoutePolicy>(mut self, base: &'static str, _policy: P) -> Self {
        let fallbacks = &mut self.settings.fallbacks;
        fallbacks.push(Fallback { base, policy: P::ROUTE_POLICY });
        // The longest base first.
        fallbacks.sort_by_key(|fallback| std::cmp::Reverse(fallback.base.len()));
        self
    }

    /// Calls this function for every refusal, for instance to count them. The log sums up bursts; this hook sees each one.
    ///
    /// It is called while the request is answered, so it should be quick. A panic in it is logged, and changes nothing.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use cors_runtime::rocket::CrossOrigin;
    ///
    /// static REFUSED: AtomicU64 = AtomicU64::new(0);
    ///
    /// let fairing = CrossOrigin::fairing().on_refusal(|event| {
    ///     REFUSED.fetch_add(1, Ordering::Relaxed);
    ///     println!("{} {}", event.refusal.kind(), event.path);
    /// });
    /// ```
    #[must_use]
    pub fn on_refusal(mut self, hook: impl Fn(&RefusalEvent<'_>) + Send + Sync + 'static) -> Self {
        self.settings.refusals.set_hook(hook);
        self
    }

    /// The report of an application: for one that is built, on the routes that are mounted so far; for one that is
    /// ignited, on all of them.
    ///
    /// A snapshot of it makes each change of a policy appear in code review:
    ///
    /// ```
    /// # use rocket::{get, routes};
    /// # use cors_runtime::cross_origin;
    /// # #[cross_origin(origins = ["https://app.example.com"])]
    /// # #[get("/users")]
    /// # fn users() {}
    /// # fn rocket() -> rocket::Rocket<rocket::Build> { rocket::build().mount("/api", routes![users]) }
    /// use cors_runtime::rocket::CrossOrigin;
    ///
    /// let report = CrossOrigin::report(&rocket()).without_lines().to_string();
    /// // With the crate `insta`: insta::assert_snapshot!(report);
    /// assert!(report.starts_with("GET /api/users  https://app.example.com  (users"));
    /// ```
    #[must_use]
    pub fn report<P: Phase>(rocket: &Rocket<P>) -> Report {
        report(&Table::read(rocket))
    }

    /// What an application that has been ignited answers to a request, without the request.
    ///
    /// # Errors
    /// The path of the question is not valid, or the application does not have this fairing.
    pub fn explain<P: Phase>(rocket: &Rocket<P>, question: &Question) -> Result<Answers, ExplainError> {
        explain(rocket, question)
    }
}

// The methods are written as `async_trait` would expand them: no crate is needed for that.
impl Fairing for CrossOrigin {
    fn info(&self) -> Info {
        Info { name: "CORS", kind: Kind::Ignite | Kind::Liftoff | Kind::Singleton }
    }

    fn on_ignite<'a, 'f>(&'a self, rocket: Rocket<Build>) -> BoxFuture<'f, fairing::Result>
    where
        'a: 'f,
        Self: 'f,
    {
        #[cfg(all(feature = "json", any(debug_assertions, feature = "cargo-cors")))]
        let rocket = super::cargo_cors::prepare(rocket);
        // A state of its own for each application, also where a clone of this fairing is attached to another.
        let state = Arc::new(State { settings: self.settings.clone(), ..State::default() });
        let rocket = rocket
            .manage(state.lists.clone())
            .mount("/", [preflight::route(state.clone())])
            .attach(Responses { state: state.clone() })
            .manage(Managed(state));
        Box::pin(std::future::ready(Ok(rocket)))
    }

    fn on_liftoff<'a, 'b, 'f>(&'a self, rocket: &'b Rocket<Orbit>) -> BoxFuture<'f, ()>
    where
        'a: 'f,
        'b: 'f,
        Self: 'f,
    {
        if let Some(state) = State::of(rocket) {
            let table = state.table.get_or_init(|| Table::read(rocket));
            #[cfg(all(feature = "json", any(debug_assertions, feature = "cargo-cors")))]
            super::cargo_cors::answer(rocket);
            launch_log::write(table, &state.lists, rocket.figment());
        }
        Box::pin(std::future::ready(()))
    }
}
