//! What becomes of a refusal: one line in the log, and a call of the application's hook.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rocket::log::private as log;
use rocket::{Request, error_, info_};

use super::own::is_own;
use super::protection::Protection;
use super::sources::RoutePolicy;
use crate::events;
use crate::flood::{Floods, Summary};
use crate::refusal::{Effect, Refusal, RefusalEvent};
use crate::request::CorsRequest;
use crate::same_origin::compared;

/// A function of the application that is called for each refusal.
pub(super) type Hook = Arc<dyn Fn(&RefusalEvent<'_>) + Send + Sync>;

/// Where refusals go.
#[derive(Default)]
pub(super) struct RefusalLog {
    hooks: Vec<Hook>,
    /// Whether nothing is turned away.
    report_only: bool,
    /// Whether pages are compared with the application's own origins.
    has_own_origins: bool,
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

/// What is refused, and by whom.
pub(super) struct Refused<'r> {
    pub(super) effect: Effect,
    pub(super) refusal: Refusal<'r>,
    pub(super) by: By<'r>,
}

/// What decided on a request.
#[derive(Clone, Copy)]
pub(super) enum By<'r> {
    Policy(RoutePolicy),
    /// The protection of a handler without a policy. The name of the handler.
    Handler(&'r str),
    Nobody,
}

impl RefusalLog {
    pub(super) fn new(hooks: Vec<Hook>, protection: &Protection) -> Self {
        let Protection { own, report_only, .. } = protection;
        RefusalLog { hooks, report_only: *report_only, has_own_origins: own.is_some(), ..RefusalLog::default() }
    }

    /// Tells the hooks, and writes one line, unless there have been too many about this origin. Returns the reason after
    /// a closer look, in debug builds.
    pub(super) fn record(&self, request: &Request<'_>, read: &CorsRequest<'_>, refused: Refused<'_>) -> Option<String> {
        // If nothing listens, a refusal costs nothing: Rocket's profile `release` logs no more than warnings.
        let logs = log::max_level() >= log::LevelFilter::Info || events::is_listened_to();
        if !logs && self.hooks.is_empty() && !cfg!(debug_assertions) {
            return None;
        }
        let Refused { effect, refusal, by } = refused;
        let (floods, effect) = match effect {
            Effect::TurnedAway if self.report_only => (&self.turned_away, Effect::WouldBeTurnedAway),
            Effect::TurnedAway => (&self.turned_away, effect),
            _ => (&self.floods, effect),
        };
        let key = if let Refusal::Host(host) = &refusal { host } else { read.origin.one().unwrap_or_default() };
        let noted = floods.lock().unwrap_or_else(PoisonError::into_inner).note(key, Instant::now());
        say(&noted.summaries);
        if !noted.log && self.hooks.is_empty() && !cfg!(debug_assertions) {
            return None;
        }
        let policy = if let By::Policy(policy) = by { Some(policy) } else { None };
        let refusal = match refusal.refined() {
            Refusal::Origin(origin) if policy.is_some_and(|policy| policy.has_checks()) && *origin != *b"null" => {
                Refusal::Check(origin)
            }
            refusal => refusal,
        };
        let is_turned_away = matches!(effect, Effect::TurnedAway | Effect::WouldBeTurnedAway);
        let is_about_the_page =
            matches!(refusal, Refusal::Origin(_) | Refusal::Nobody(_) | Refusal::Check(_) | Refusal::Unshared(_));
        let route = request.route().filter(|route| !is_own(route));
        let event = RefusalEvent {
            refusal,
            effect,
            compared: if is_turned_away && is_about_the_page { compared(read, self.has_own_origins) } else { None },
            method: request.method().as_str(),
            path: request.uri().path().as_str(),
            handler: match by {
                By::Handler(name) => Some(name),
                _ => route.and_then(|route| route.name.as_deref()),
            },
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
        cfg!(debug_assertions).then(|| event.reason())
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
