//! The fairing that users attach: what it does at ignition, and what it says about an application.

use std::sync::Arc;

use rocket::fairing::{self, Fairing, Info, Kind};
use rocket::{Build, Phase, Rocket};

use super::checks::say;
use super::explain::{ExplainError, explain};
use super::place::Place;
use super::preflight;
use super::report::report;
use super::settings::CrossOrigin;
use super::state::{Managed, State};
use crate::check_function::Panics;
use crate::question::{Answers, Question};
use crate::report::Report;

impl CrossOrigin {
    /// The report of an application: for one that is built, on the routes that are mounted so far; for one that is
    /// ignited, on all of them, and on what its fairings were given: fallbacks, own origins, `protect_all`, `report_only`.
    ///
    /// The lists of the configuration are those that the application was configured with, not those of a later reload.
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
        report(rocket)
    }

    /// What an application that has been ignited answers to a request, without the request.
    ///
    /// # Errors
    /// The path of the question is not valid, or the application does not have this fairing.
    pub fn explain<P: Phase>(rocket: &Rocket<P>, question: &Question) -> Result<Answers, ExplainError> {
        explain(rocket, question)
    }
}

#[rocket::async_trait]
impl Fairing for CrossOrigin {
    // Not a singleton: of several, Rocket would keep the last one only, and the settings of the others would be lost.
    fn info(&self) -> Info {
        Info { name: "CORS", kind: Kind::Ignite }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> fairing::Result {
        let known = State::of(&rocket).cloned();
        let (state, rocket) = match known {
            Some(state) => (state, rocket),
            None => prepare(rocket),
        };
        state.add(&self.settings);
        Ok(rocket.attach(Place::first(state)))
    }
}

/// Gives an application separate state, because a clone of this fairing may be attached to another application.
fn prepare(rocket: Rocket<Build>) -> (Arc<State>, Rocket<Build>) {
    #[cfg(all(feature = "json", any(debug_assertions, feature = "cargo-cors")))]
    let rocket = super::cargo_cors::prepare(rocket);
    let state = Arc::new(State::default());
    let rocket = rocket
        .manage(state.lists.clone())
        .manage(Panics::new(say))
        .mount("/", [preflight::route(state.clone())])
        .manage(Managed(state.clone()));
    (state, rocket)
}
