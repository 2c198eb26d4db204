//! What one running application keeps: its routes and policies, its lists, and where refusals go.

use std::sync::{Arc, OnceLock};

use rocket::http::uri::Path;
use rocket::{Phase, Rocket};

use super::config::OriginLists;
use super::refusals::RefusalLog;
use super::sources::RoutePolicy;
use super::table::Table;

/// The settings of the fairing, and what is known after the launch.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) settings: Settings,
    /// The routes and their policies, known when the application has been ignited.
    pub(super) table: OnceLock<Table>,
    pub(super) lists: OriginLists,
}

/// What is given to the fairing before the launch.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    /// The policies of errors below a base that no route is responsible for, the longest base first.
    pub(super) fallbacks: Vec<Fallback>,
    pub(super) refusals: RefusalLog,
}

/// The policy of errors below a base that no route is responsible for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fallback {
    pub(super) base: &'static str,
    pub(super) policy: RoutePolicy,
}

/// The state as Rocket manages it: a type that nobody else can manage.
pub(super) struct Managed(pub(super) Arc<State>);

impl State {
    /// The state of an application, if the fairing is attached to it.
    pub(super) fn of<P: Phase>(rocket: &Rocket<P>) -> Option<&Self> {
        rocket.state::<Managed>().map(|managed| &*managed.0)
    }

    /// The policy of requests to this path that no route is responsible for.
    pub(super) fn fallback(&self, path: Path<'_>) -> Option<RoutePolicy> {
        let covers = |fallback: &&Fallback| {
            let mut segments = path.segments();
            let mut base = fallback.base.split('/').filter(|segment| !segment.is_empty());
            base.all(|segment| segments.next() == Some(segment))
        };
        self.settings.fallbacks.iter().find(covers).map(|fallback| fallback.policy)
    }
}
