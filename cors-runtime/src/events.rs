//! What is logged, as events of `tracing` as well: with the feature `tracing`, under the target `cors`.
//!
//! Rocket 0.5 logs through `log`, and to a terminal. These events have fields, for those who collect them; a bridge from
//! `log` to `tracing` does not need the feature.

#[cfg(feature = "tracing")]
pub(crate) use on::{error, is_listened_to, launch, own_header, refused, summary, warning};

#[cfg(not(feature = "tracing"))]
pub(crate) use off::{error, is_listened_to, launch, own_header, refused, summary, warning};

// Only if there is a subscriber: without one, the feature `log` of `tracing`, which another crate may have turned on,
// would repeat everything in the log.
#[cfg(feature = "tracing")]
mod on {
    use tracing::dispatcher::has_been_set;
    use tracing::{Level, enabled, error, field, info, warn};

    use crate::flood::Summary;
    use crate::refusal::{EscapedPath, RefusalEvent};

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

    /// A refusal. Text from the request is escaped and cut, as in the log.
    pub(crate) fn refused(refused: &RefusalEvent<'_>) {
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
    pub(crate) fn summary(summary: &Summary) {
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
    use crate::flood::Summary;
    use crate::refusal::RefusalEvent;

    pub(crate) fn is_listened_to() -> bool {
        false
    }

    pub(crate) fn launch(_: &str) {}
    pub(crate) fn warning(_: &str) {}
    pub(crate) fn refused(_: &RefusalEvent<'_>) {}
    pub(crate) fn summary(_: &Summary) {}
    pub(crate) fn error(_: impl std::fmt::Display) {}
    pub(crate) fn own_header(_: &str, _: &str, _: &str) {}
}
