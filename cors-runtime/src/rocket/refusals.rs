//! What becomes of a refusal: one line in the log, and a call of the application's hook.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rocket::log::private as log;
use rocket::{Request, error_, info_};

use super::message::read;
use super::own::is_own;
use super::sources::RoutePolicy;
use crate::events;
use crate::flood::{Floods, Summary};
use crate::refusal::{Effect, Refusal, RefusalEvent};

/// A function of the application that is called for each refusal.
pub(super) type Hook = Arc<dyn Fn(&RefusalEvent<'_>) + Send + Sync>;

/// Where refusals go.
pub(super) struct RefusalLog {
    hooks: Vec<Hook>,
    floods: Mutex<Floods>,
    /// Requests that were turned away have a separate budget: refusals that any page can cause, such as refused
    /// preflights, must not hide them.
    turned_away: Mutex<Floods>,
}

impl fmt::Debug for RefusalLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefusalLog").field("hooks", &self.hooks.len()).finish_non_exhaustive()
    }
}

impl RefusalLog {
    pub(super) fn new(hooks: Vec<Hook>) -> Self {
        RefusalLog { hooks, floods: Mutex::default(), turned_away: Mutex::default() }
    }

    /// Tells the hooks, and writes one line, unless there have been too many about this origin. Returns the reason after
    /// a closer look.
    pub(super) fn record<'r>(
        &self,
        request: &'r Request<'_>,
        effect: Effect,
        refusal: Refusal<'r>,
        policy: Option<RoutePolicy>,
    ) -> Refusal<'r> {
        // If nothing listens, a refusal costs nothing: Rocket's profile `release` logs no more than warnings.
        let logs = log::max_level() >= log::LevelFilter::Info || events::is_listened_to();
        if !logs && self.hooks.is_empty() && !cfg!(debug_assertions) {
            return refusal;
        }
        let origin = read(request).origin.one().unwrap_or_default();
        let floods = if effect == Effect::TurnedAway { &self.turned_away } else { &self.floods };
        let noted = floods.lock().unwrap_or_else(PoisonError::into_inner).note(origin, Instant::now());
        say(&noted.summaries);
        if !noted.log && self.hooks.is_empty() && !cfg!(debug_assertions) {
            return refusal;
        }
        let refusal = match refusal.refined() {
            Refusal::Origin(origin) if policy.is_some_and(|policy| policy.has_checks()) && *origin != *b"null" => {
                Refusal::Check(origin)
            }
            refusal => refusal,
        };
        let route = request.route().filter(|route| !is_own(route));
        let event = RefusalEvent {
            refusal,
            effect,
            method: request.method().as_str(),
            path: request.uri().path().as_str(),
            handler: route.and_then(|route| route.name.as_deref()),
            policy: policy.map(|route| route.policy),
        };
        for hook in &self.hooks {
            // Any page can cause one with each request, so it is logged as sparingly as the refusal.
            if std::panic::catch_unwind(AssertUnwindSafe(|| hook(&event))).is_err() && noted.log {
                error_!("CORS: the `on_refusal` hook panicked");
                events::error("the `on_refusal` hook panicked");
            }
        }
        if noted.log {
            info_!("CORS: {event}");
            events::refused(&event);
        }
        event.refusal
    }

    /// Logs the counts of what has not been logged, at the end.
    pub(super) fn sum_up(&self) {
        for floods in [&self.turned_away, &self.floods] {
            say(&floods.lock().unwrap_or_else(PoisonError::into_inner).drain());
        }
    }
}

fn say(summaries: &[Summary]) {
    for summary in summaries {
        info_!("CORS: {summary}");
        events::summary(summary);
    }
}
