//! What becomes of a refusal, in Rocket's log.

use rocket::Request;

use super::own::is_own;
use super::protection::Protection;
use super::sources::RoutePolicy;
use super::version::{error_, info_, logs_info};
use crate::events;
use crate::refusal::{Effect, Refusal};
use crate::refusal_log::{self, Entry, Hook};
use crate::request::CorsRequest;
use crate::same_origin::compared;

/// Where the refusals of an application go.
#[derive(Debug)]
pub(super) struct RefusalLog {
    log: refusal_log::RefusalLog,
    /// Whether pages are compared with the application's own origins.
    has_own_origins: bool,
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
        RefusalLog { log: refusal_log::RefusalLog::new(hooks, *report_only, write), has_own_origins: own.is_some() }
    }

    /// Whether anybody wants to know of refusals.
    #[inline]
    pub(super) fn listens(&self) -> bool {
        self.log.listens(logs_info() || events::is_listened_to())
    }

    /// Records a refusal. Returns the reason after a closer look, in debug builds.
    pub(super) fn record<'r>(
        &self,
        request: &'r Request<'_>,
        read: &CorsRequest<'r>,
        refused: Refused<'r>,
    ) -> Option<String> {
        if !self.listens() {
            return None;
        }
        let Refused { effect, refusal, by } = refused;
        let handler = match by {
            By::Handler(name) => Some(name),
            _ => request.route().filter(|route| !is_own(route)).and_then(|route| route.name.as_deref()),
        };
        let refused = refusal_log::Refused {
            effect,
            refusal,
            method: request.method().as_str(),
            path: request.uri().path().as_str(),
            origin: read.origin.one().unwrap_or_default(),
            handler,
            policy: if let By::Policy(route) = by { Some((route.policy, route.has_checks())) } else { None },
            hooks: &[],
        };
        self.log.record(refused, || compared(read, self.has_own_origins))
    }
}

impl Default for RefusalLog {
    fn default() -> Self {
        RefusalLog::new(Vec::new(), &Protection::default())
    }
}

fn write(entry: Entry<'_>) {
    match entry {
        Entry::Refused(event) => info_!("CORS: {event}"),
        Entry::Summary(summary) => info_!("CORS: {summary}"),
        Entry::HookPanicked => error_!("CORS: the `on_refusal` hook panicked"),
    }
    events::entry(entry);
}
