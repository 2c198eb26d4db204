//! What is logged, as events of `tracing` as well: with the feature `tracing`, under the target `cors`.
//!
//! Rocket 0.5 logs through `log`, and to a terminal. These events have fields, for those who collect them; a bridge from
//! `log` to `tracing` does not need the feature.

#[cfg(feature = "tracing")]
pub(crate) use on::{entry, error, is_listened_to, launch, own_header, warning};

#[cfg(not(feature = "tracing"))]
pub(crate) use off::{entry, error, is_listened_to, launch, own_header, warning};

// Only if there is a subscriber: without one, the feature `log` of `tracing`, which another crate may have turned on,
// would repeat everything in the log.
#[cfg(feature = "tracing")]
mod on {
    use tracing::dispatcher::has_been_set;
    use tracing::{Level, enabled, error, field, info, warn};

    use crate::flood::Summary;
    use crate::refusal::{EscapedPath, RefusalEvent};
    use crate::refusal_log::Entry;

    /// Whether a subscriber collects refusals.
    pub(crate) fn is_listened_to() -> bool {
        has_been_set() && enabled!(target: "cors", Level::INFO)
    }

    /// A line of the launch.
    pub(crate) fn launch(line: &str) {
        if has_been_set() {
            info!(target: "cors", "{line}");
        }
    }

    /// Something about a launch that deserves attention.
    pub(crate) fn warning(message: &str) {
        if has_been_set() {
            warn!(target: "cors", "{message}");
        }
    }

    /// What becomes of refusals.
    pub(crate) fn entry(entry: Entry<'_>) {
        match entry {
            Entry::Refused(event) => refused(event),
            Entry::Summary(unlogged) => summary(unlogged),
            Entry::HookPanicked => error("the `on_refusal` hook panicked"),
        }
    }

    /// A refusal. Text from the request is escaped and cut, as in the log.
    fn refused(refused: &RefusalEvent<'_>) {
        if has_been_set() {
            info!(
                target: "cors",
                kind = refused.refusal.kind(),
                effect = %refused.effect,
                method = refused.method,
                path = %EscapedPath(refused.path),
                handler = refused.handler,
                policy = refused.policy.map(field::display),
                "{}", refused.reason()
            );
        }
    }

    /// Refusals that were not logged one by one.
    fn summary(summary: &Summary) {
        if has_been_set() {
            info!(target: "cors", unlogged = summary.unlogged, "{summary}");
        }
    }

    /// A launch that is refused, or a function of the application that panicked.
    pub(crate) fn error(message: impl std::fmt::Display) {
        if has_been_set() {
            error!(target: "cors", "{message}");
        }
    }

    /// A CORS header that something else has set is replaced.
    pub(crate) fn own_header(name: &str, on: &str, cause: &str) {
        if has_been_set() {
            warn!(target: "cors", header = name, on, "replacing a header that was set {cause}");
        }
    }
}

/// Nothing listens.
#[cfg(not(feature = "tracing"))]
mod off {
    use crate::refusal_log::Entry;

    pub(crate) fn is_listened_to() -> bool {
        false
    }

    pub(crate) fn launch(_: &str) {}
    pub(crate) fn warning(_: &str) {}
    pub(crate) fn entry(_: Entry<'_>) {}
    pub(crate) fn error(_: impl std::fmt::Display) {}
    pub(crate) fn own_header(_: &str, _: &str, _: &str) {}
}
