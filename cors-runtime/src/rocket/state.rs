//! What one running application keeps: its routes and policies, its lists, and where refusals go.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use rocket::figment::Figment;
use rocket::http::uri::Path;
use rocket::{Phase, Rocket};

use super::config::OriginLists;
use super::foreign::ForeignHeaders;
use super::protection::Protection;
use super::refusals::RefusalLog;
use super::settings::{Fallback, Settings};
use super::sources::RoutePolicy;
use super::table::Table;
use crate::list_errors::ListError;
use crate::own_origins::OwnOrigins;

/// What is known about one application.
#[derive(Debug, Default)]
pub(super) struct State {
    /// The settings of all the fairings that are attached to it: more may come until it is ignited.
    given: Mutex<Settings>,
    settled: OnceLock<Settled>,
    /// Whether requests are looked at before they are routed. Known when the last fairing is attached.
    has_gate: AtomicBool,
    /// The routes and their policies, known when the application has been ignited.
    pub(super) table: OnceLock<Table>,
    pub(super) lists: OriginLists,
    pub(super) foreign: ForeignHeaders,
}

/// The settings, once no more can come.
#[derive(Debug, Default)]
struct Settled {
    fallbacks: Vec<Fallback>,
    refusals: RefusalLog,
    protection: Protection,
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

    /// Whether requests have to be looked at before they are routed. The fairing that is attached next does what this says.
    pub(super) fn needs_gate(&self, figment: &Figment) -> bool {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let needed = given.protection.needs_gate(figment);
        self.has_gate.store(needed, Ordering::Relaxed);
        needed
    }

    /// Whether requests are looked at before they are routed.
    pub(super) fn has_gate(&self) -> bool {
        self.has_gate.load(Ordering::Relaxed)
    }

    /// Settles what was given and what is configured. To be called by the launch, before anything else asks for it.
    ///
    /// # Errors
    /// Something is wrong with it. Then nothing is protected, and the launch has to be refused.
    pub(super) fn settle(&self, figment: &Figment) -> Result<(), Vec<ListError>> {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let needs_gate = given.protection.needs_gate(figment);
        let read = given.protection.settle(figment);
        let (protection, errors) =
            read.map_or_else(|errors| (Protection::default(), Err(errors)), |read| (read, Ok(())));
        let refusals = RefusalLog::new(given.hooks, &protection);
        self.settled.get_or_init(|| Settled { fallbacks: given.fallbacks, refusals, protection });
        if errors.is_ok() && needs_gate && !self.has_gate() {
            return Err(vec![ListError::too_late()]);
        }
        errors
    }

    fn settled(&self) -> &Settled {
        /// What is known before the launch has settled it: then no request is served.
        static NOTHING: LazyLock<Settled> = LazyLock::new(Settled::default);
        self.settled.get().unwrap_or_else(|| &NOTHING)
    }

    /// The origins of the application itself, if they are named.
    pub(super) fn own_origins(&self) -> Option<&OwnOrigins> {
        self.settled().protection.own.as_ref()
    }

    /// Whether routes without a policy are protected.
    pub(super) fn protects_all(&self) -> bool {
        self.settled().protection.all
    }

    /// Whether nothing is turned away.
    pub(super) fn reports_only(&self) -> bool {
        self.settled().protection.report_only
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
