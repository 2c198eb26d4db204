//! What becomes of a refusal: one line in the log, and a call of the application's hook. An adapter writes the line.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::caught::caught;
use crate::flood::{Floods, Summary};
use crate::policy::Policy;
use crate::refusal::{Compared, Effect, Refusal, RefusalEvent};

/// A function of the application that is called for each refusal.
pub(crate) type Hook = Arc<dyn Fn(&RefusalEvent<'_>) + Send + Sync>;

/// Where refusals go. What has not been logged one by one is counted, and the counts are written when this is dropped, at
/// the end of the application.
pub(crate) struct RefusalLog {
    write: fn(Entry<'_>),
    hooks: Vec<Hook>,
    /// Whether nothing is turned away.
    report_only: bool,
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

/// What is refused, and what is known about the request.
pub(crate) struct Refused<'r> {
    pub(crate) effect: Effect,
    pub(crate) refusal: Refusal<'r>,
    pub(crate) method: &'r str,
    pub(crate) path: &'r str,
    /// The value of `Origin`, if there is exactly one; else empty.
    pub(crate) origin: &'r [u8],
    /// The name of the handler.
    pub(crate) handler: Option<&'r str>,
    /// The policy that decided, and whether it has checks.
    pub(crate) policy: Option<(&'r Policy, bool)>,
    /// Functions that are called beside those of the log.
    pub(crate) hooks: &'r [Hook],
}

/// What to write to the log.
#[derive(Clone, Copy)]
pub(crate) enum Entry<'a> {
    Refused(&'a RefusalEvent<'a>),
    Summary(&'a Summary),
    HookPanicked,
}

impl RefusalLog {
    /// `write` is how the adapter writes to its log.
    pub(crate) fn new(hooks: Vec<Hook>, report_only: bool, write: fn(Entry<'_>)) -> Self {
        RefusalLog { write, hooks, report_only, floods: Mutex::default(), turned_away: Mutex::default() }
    }

    /// Whether anything listens. `logs` tells whether there is a log. If nothing does, a refusal costs nothing.
    pub(crate) fn listens(&self, logs: bool) -> bool {
        logs || !self.hooks.is_empty() || cfg!(debug_assertions)
    }

    /// Tells the hooks, and writes one line, unless there have been too many about this origin. `compared` tells what was
    /// compared to know whether the page is the application's own. Returns the reason after a closer look, in debug builds.
    pub(crate) fn record<'r>(
        &self,
        refused: Refused<'r>,
        compared: impl FnOnce() -> Option<Compared<'r>>,
    ) -> Option<String> {
        let Refused { effect, refusal, method, path, origin, handler, policy, hooks } = refused;
        let (floods, effect) = match effect {
            Effect::TurnedAway if self.report_only => (&self.turned_away, Effect::WouldBeTurnedAway),
            Effect::TurnedAway | Effect::WouldBeTurnedAway => (&self.turned_away, effect),
            _ => (&self.floods, effect),
        };
        let key = if let Refusal::Host(host) = &refusal { host } else { origin };
        let noted = floods.lock().unwrap_or_else(PoisonError::into_inner).note(key, Instant::now());
        for summary in &noted.summaries {
            (self.write)(Entry::Summary(summary));
        }
        if !noted.log && hooks.is_empty() && !self.listens(false) {
            return None;
        }
        let refusal = match refusal.refined() {
            Refusal::Origin(origin) if policy.is_some_and(|(_, has_checks)| has_checks) && *origin != *b"null" => {
                Refusal::Check(origin)
            }
            refusal => refusal,
        };
        let is_turned_away = matches!(effect, Effect::TurnedAway | Effect::WouldBeTurnedAway);
        let is_about_the_page =
            matches!(refusal, Refusal::Origin(_) | Refusal::Nobody(_) | Refusal::Check(_) | Refusal::Unshared(_));
        let event = RefusalEvent {
            refusal,
            effect,
            compared: if is_turned_away && is_about_the_page { compared() } else { None },
            method,
            path,
            handler,
            policy: policy.map(|(policy, _)| policy),
        };
        for hook in self.hooks.iter().chain(hooks) {
            // Any page can cause one with each request, so it is logged as sparingly as the refusal.
            if caught(|| hook(&event)).is_none() && noted.log {
                (self.write)(Entry::HookPanicked);
            }
        }
        if noted.log {
            (self.write)(Entry::Refused(&event));
        }
        cfg!(debug_assertions).then(|| event.reason())
    }
}

impl Drop for RefusalLog {
    fn drop(&mut self) {
        // To write may panic, if nobody reads the terminal: a second panic would end the process.
        if std::thread::panicking() {
            return;
        }
        for floods in [&mut self.turned_away, &mut self.floods] {
            for summary in &floods.get_mut().unwrap_or_else(PoisonError::into_inner).drain() {
                (self.write)(Entry::Summary(summary));
            }
        }
    }
}
