//! What is logged, as events of `tracing` as well: with the feature `tracing`, under the target `cors`.
//!
//! Rocket 0.5 logs through `log`, and to a terminal. Who collects events with fields has them here; who bridges `log`
//! into `tracing` does not need the feature.

#[cfg(feature = "tracing")]
pub(super) use on::{error, is_listened_to, launch, own_header, refused, summary};

#[cfg(not(feature = "tracing"))]
pub(super) use off::{error, is_listened_to, launch, own_header, refused, summary};

// Only where there is a subscriber: without one, the feature `log` of `tracing`, which another crate may have turned on,
// would say everything in the log once more.
#[cfg(feature = "tracing")]
mod on {
    use tracing::dispatcher::has_been_set;
    use tracing::{Level, enabled, error, field, info, warn};

    use super::super::refusals::{Refused, Summary};

    /// Whether somebody collects refusals.
    pub(in super::super) fn is_listened_to() -> bool {
        has_been_set() && enabled!(target: "cors", Level::INFO)
    }

    /// A line of the launch.
    pub(in super::super) fn launch(line: &str) {
        if has_been_set() {
            info!(target: "cors", "{line}");
        }
    }

    /// A refusal. What comes from the request is escaped, and cut, as in the log.
    pub(in super::super) fn refused(refused: &Refused<'_>) {
        if has_been_set() {
            info!(
                target: "cors",
                kind = refused.refusal.kind(),
                effect = %refused.effect,
                method = refused.method,
                path = refused.path,
                handler = refused.handler,
                policy = refused.policy.map(field::display),
                "{}", refused.refusal
            );
        }
    }

    /// Refusals that were not logged one by one.
    pub(in super::super) fn summary(summary: &Summary) {
        if has_been_set() {
            info!(target: "cors", unlogged = summary.unlogged, "{summary}");
        }
    }

    /// A launch that is refused, or a function of the application that panicked.
    pub(in super::super) fn error(message: impl std::fmt::Display) {
        if has_been_set() {
            error!(target: "cors", "{message}");
        }
    }

    /// A header of a handler gave way to the policy.
    pub(in super::super) fn own_header(name: &str) {
        if has_been_set() {
            warn!(target: "cors", header = name, "replacing a header set by the handler");
        }
    }
}

/// Nobody listens.
#[cfg(not(feature = "tracing"))]
mod off {
    use super::super::refusals::{Refused, Summary};

    pub(in super::super) fn is_listened_to() -> bool {
        false
    }

    pub(in super::super) fn launch(_: &str) {}
    pub(in super::super) fn refused(_: &Refused<'_>) {}
    pub(in super::super) fn summary(_: &Summary) {}
    pub(in super::super) fn error(_: impl std::fmt::Display) {}
    pub(in super::super) fn own_header(_: &str) {}
}
