//! What Rocket alone knows, beside a policy and not in it: how its lists are read, and how its checks are asked.

use rocket::Request;

use super::checks::{self, Check};
use super::config::{OriginLists, ReadLists};
use super::message::read;
use crate::origin::Origin;
use crate::origin_list::Lists;
use crate::policy::{NamedPolicy, Origins, Policy};

/// How the lists and the checks of a policy are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sources {
    /// How the lists are read, if there are any.
    pub lists: Option<ReadLists>,
    /// The functions that are asked at request time.
    pub checks: &'static [Check],
}

impl Sources {
    /// Those of a policy that is known while compiling.
    pub const NONE: Sources = Sources { lists: None, checks: &[] };
}

/// The policy of a route, with all that it takes to decide by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoutePolicy {
    /// The policy.
    pub policy: &'static Policy,
    /// How its lists and checks are asked.
    pub sources: &'static Sources,
}

/// A [named policy](NamedPolicy) that routes can have: the attribute implements this too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a named policy",
    label = "not a named policy",
    note = "a named policy is a unit struct with `#[cross_origin(…)]` on it"
)]
pub trait NamedRoutePolicy: NamedPolicy {
    #[doc(hidden)]
    const ROUTE_POLICY: RoutePolicy;
}

impl RoutePolicy {
    /// A policy that is known while compiling.
    #[must_use]
    pub const fn of(policy: &'static Policy) -> Self {
        RoutePolicy { policy, sources: &Sources::NONE }
    }

    /// Whether no origin can ever be named.
    pub(super) fn names_nobody(&self) -> bool {
        self.policy.parts.names_nobody()
    }

    /// Whether each origin that the other policy names is named by this one, as far as that can be seen before a request.
    pub(super) fn names_all_of(&self, other: &RoutePolicy) -> bool {
        let (mine, theirs) = (self.policy.parts, other.policy.parts);
        let constants = match (theirs.origins, mine.origins) {
            (_, Origins::Any) => return true,
            (Origins::Any, Origins::Listed { .. }) => false,
            (Origins::Listed { exact, patterns }, Origins::Listed { exact: known, patterns: wide }) => {
                let is_named =
                    |origin: &&str| known.contains(origin) || wide.iter().any(|one| one.matches(origin.as_bytes()));
                exact.iter().all(is_named) && patterns.iter().all(|pattern| wide.contains(pattern))
            }
        };
        let checks = || other.sources.checks.iter().all(|check| self.sources.checks.contains(check));
        constants && theirs.lists.iter().all(|list| mine.lists.contains(list)) && checks()
    }

    /// Whether some checks have to be asked before a decision.
    pub(super) fn has_checks(&self) -> bool {
        !self.sources.checks.is_empty()
    }

    /// Whether a list or a check names an origin that the policy's constants do not. The checks have been asked before.
    pub(super) fn also_names(&self, request: &Request<'_>, origin: &str) -> bool {
        self.is_in_a_list(request, origin) || checks::has_consent(self.sources.checks, request)
    }

    /// The same for a request that only reads, so that nothing has been decided about it before, unless checks were asked.
    #[inline(never)]
    pub(super) fn names_now(&self, lists: &OriginLists, request: &Request<'_>, origin: &str) -> bool {
        if self.has_checks() {
            return self.also_names(request, origin);
        }
        !self.policy.parts.lists.is_empty() && lists.name(self.policy, origin)
    }

    /// Asks the checks about the origin of the request, if nothing else in the policy names it: one after the other,
    /// until one says yes. They are not asked about `null`, or about text that is not an origin.
    pub(super) async fn ask_checks(&self, request: &Request<'_>) {
        let header = read(request).origin;
        if self.policy.names(header, |origin| self.is_in_a_list(request, origin)) {
            return;
        }
        if let Some(origin) = header.one().and_then(Origin::parse) {
            checks::ask(self.sources.checks, &origin, request).await;
        }
    }

    /// Whether a list of the policy names the origin, of the lists that are kept for the request.
    fn is_in_a_list(&self, request: &Request<'_>, origin: &str) -> bool {
        !self.policy.parts.lists.is_empty() && kept(request).is_some_and(|lists| lists.names(self.policy, origin))
    }
}

/// The lists by which a request is decided on, from the first decision to the response: a handler that swaps them does not
/// change what is said about its own response.
#[inline(never)]
fn kept<'r>(request: &'r Request<'_>) -> Option<&'r Lists> {
    let lists = request.rocket().state::<OriginLists>()?;
    Some(request.local_cache(|| lists.snapshot()))
}
