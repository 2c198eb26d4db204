//! What one running application keeps: its routes and policies, its lists, and where refusals go.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rocket::http::uri::Path;
use rocket::{Phase, Rocket};

use super::config::OriginLists;
use super::foreign::ForeignHeaders;
use super::refusals::RefusalLog;
use super::settings::{Fallback, Settings};
use super::sources::RoutePolicy;
use super::table::Table;

/// What is known about one application.
#[derive(Debug, Default)]
pub(super) struct State {
    /// The settings of all the fairings that are attached to it: more may come until it is ignited.
    given: Mutex<Settings>,
    settled: OnceLock<Settled>,
    /// The routes and their policies, known when the application has been ignited.
    pub(super) table: OnceLock<Table>,
    pub(super) lists: OriginLists,
    pub(super) foreign: ForeignHeaders,
}

/// The settings, once no more can come.
#[derive(Debug)]
struct Settled {
    fallbacks: Vec<Fallback>,
    refusals: RefusalLog,
}

/// The state as Rocket manages it: a type that nobody else can manage.
pub(super) struct Managed(pub(super) Arc<State>);

impl State {
    /// The state of an application, if the fairing is attached to it.
    pub(super) fn of<P: Phase>(rocket: &Rocket<P>) -> Option<&Arc<Self>> {
        rocket.state::<Managed>().map(|managed| &managed.0)
    }

    /// Adds the settings of a fairing. To be called before the application is ignited.
    pub(super) fn add(&self, settings: &Settings) {
        self.given.lock().unwrap_or_else(PoisonError::into_inner).merge(settings);
    }

    fn settled(&self) -> &Settled {
        self.settled.get_or_init(|| {
            let given = self.given.lock().unwrap_or_else(PoisonError::into_inner).clone();
            Settled { fallbacks: given.fallbacks, refusals: RefusalLog::new(given.hooks) }
        })
    }

    /// Where refusals go.
    pub(super) fn refusals(&self) -> &RefusalLog {
        &self.settled().refusals
    }

    /// The policies of errors that no route is responsible for, the longest base first.
    pub(super) fn fallbacks(&self) -> &[Fallback] {
        &self.settled().fallbacks
    }

    /// The policy of requests to this path that no route is responsible for.
    pub(super) fn fallback(&self, path: Path<'_>) -> Option<RoutePolicy> {
        self.fallbacks().iter().find(|fallback| fallback.covers(path)).map(|fallback| fallback.policy)
    }
}
