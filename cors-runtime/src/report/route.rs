//! A route of a report, with or without a policy, and what it grants: one sentence for each thing.

use std::collections::BTreeSet;

use cors_rules::Pattern;

use super::{ANY_METHOD, Protection, Report, SharedPolicy, SharedRoute, UnsharedRoute};
use crate::policy::Enforce;
use crate::request::is_write;

/// One thing that an application grants in one report and not in the other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Change {
    /// The route, with the rank: `DELETE /api/items/<id> [-8]`. Or what else has changed: `cors.partners`.
    pub route: String,
    /// What it grants: `shared with https://app.example.com`.
    pub what: String,
    /// The file and the line of the handler, as in [`SharedRoute::source`].
    pub source: Option<String>,
}

/// The handler runs for a write that a page of any origin sends.
pub(super) const WRITES: &str = "runs the handler for cross-origin writes";
/// The handler runs for a read, though what it answers is kept from the page.
pub(super) const READS: &str = "runs the handler for cross-origin reads";
/// The handler runs for a handshake for another protocol.
pub(super) const HANDSHAKES: &str = "runs the handler for cross-origin handshakes, as of WebSockets";

const SHARED_WITH: &str = "shared with";
/// Behind an origin that `debug_origins` names: a release build does not.
const IN_DEBUG: &str = " (debug builds only)";
const ALLOWS: &str = "allows the request header";
const EXPOSES: &str = "exposes the response header";
const LINT: &str = "allows the lint";

/// A route with or without a policy.
#[derive(Clone, Copy)]
pub(super) struct Route<'r> {
    pub(super) method: &'r str,
    pub(super) path: &'r str,
    pub(super) rank: Option<isize>,
    pub(super) format: Option<&'r str>,
    pub(super) source: Option<&'r str>,
    pub(super) policy: Option<&'r SharedPolicy>,
}

impl<'r> Route<'r> {
    pub(super) fn all(report: &'r Report) -> Vec<Self> {
        let shared = report.shared.iter().map(|SharedRoute { path, method, rank, format, source, policy, .. }| Route {
            method,
            path,
            rank: *rank,
            format: format.as_deref(),
            source: source.as_deref(),
            policy: Some(policy),
        });
        let unshared = report.unshared.iter().map(|UnsharedRoute { path, method, rank, format, .. }| Route {
            method,
            path,
            rank: *rank,
            format: format.as_deref(),
            source: None,
            policy: None,
        });
        shared.chain(unshared).collect()
    }

    /// The route as people see it.
    pub(super) fn name(&self) -> String {
        let format = self.format.map(|format| format!(" {format}")).unwrap_or_default();
        let rank = self.rank.map(|rank| format!(" [{rank}]")).unwrap_or_default();
        format!("{} {}{format}{rank}", self.method, self.path)
    }

    /// Which requests of this method, of pages that no policy names, run the handler.
    pub(super) fn lets_in(&self, method: &str, protection: &Protection) -> &'static [&'static str] {
        let enforce = match self.policy {
            Some(policy) => policy.enforce,
            None if protection.protect_all => Enforce::Writes,
            None => Enforce::Nothing,
        };
        match (is_write(method), enforce) {
            (_, Enforce::Writes) if method == ANY_METHOD => &[READS],
            (_, Enforce::Nothing) if method == ANY_METHOD => &[WRITES, READS, HANDSHAKES],
            (_, Enforce::All) | (true, Enforce::Writes) => &[],
            (true, Enforce::Nothing) => &[WRITES],
            (false, Enforce::Writes) => &[READS],
            (false, Enforce::Nothing) => &[READS, HANDSHAKES],
        }
    }

    pub(super) fn grants(&self, protection: &Protection) -> BTreeSet<String> {
        let mut grants = self.policy.map(SharedPolicy::grants).unwrap_or_default();
        grants.extend(self.lets_in(self.method, protection).iter().map(|text| (*text).to_owned()));
        grants
    }

    /// What the policy shares with a page that asks for something that the other route served before.
    pub(super) fn shares_beyond(&self, other: &Route<'_>) -> BTreeSet<String> {
        let of = |route: &Route<'_>| route.policy.map(SharedPolicy::grants).unwrap_or_default();
        let (was, mut is) = (of(other), of(self));
        // A lint is about the text of the policy, and no request gets anything by it.
        is.retain(|what| !is_granted(&was, what) && !what.starts_with(LINT));
        is
    }

    pub(super) fn change(&self, what: impl Into<String>) -> Change {
        Change { route: self.name(), what: what.into(), source: self.source.map(ToOwned::to_owned) }
    }
}

/// Whether such grants hold this one: said so, or as one of many. One name of many is nothing new where all are granted; `any`
/// never stands for `authorization`. What is granted in every build is granted in debug builds.
pub(super) fn is_granted(grants: &BTreeSet<String>, what: &str) -> bool {
    let always = what.strip_suffix(IN_DEBUG);
    if grants.contains(what) || always.is_some_and(|always| is_granted(grants, always)) {
        return true;
    }
    let all_are = |kind: &str| {
        what.starts_with(kind) && what != format!("{ALLOWS} authorization") && grants.contains(&format!("{kind} any"))
    };
    let by_pattern = |origin: &str| {
        let mut patterns = grants.iter().filter_map(|grant| grant.strip_prefix(SHARED_WITH)?.strip_prefix(' '));
        Pattern::parse(origin).is_ok_and(|origin| origin.is_exact())
            && patterns.any(|text| Pattern::parse(text).is_ok_and(|pattern| pattern.matches(origin.as_bytes())))
    };
    [SHARED_WITH, ALLOWS, EXPOSES].into_iter().any(all_are)
        || what.strip_prefix(SHARED_WITH).and_then(|origin| origin.strip_prefix(' ')).is_some_and(by_pattern)
}

impl SharedPolicy {
    /// All that the policy grants, one sentence for each grant: a sentence in one report and not in another was opened
    /// or closed.
    pub(super) fn grants(&self) -> BTreeSet<String> {
        let mut grants = BTreeSet::new();
        let mut each = |what: &str, list: &[String]| grants.extend(list.iter().map(|one| format!("{what} {one}")));
        let (debug, always): (Vec<_>, Vec<_>) =
            self.origins.iter().cloned().partition(|origin| self.debug_origins.contains(origin));
        each(SHARED_WITH, &always);
        each(SHARED_WITH, &debug.into_iter().map(|origin| origin + IN_DEBUG).collect::<Vec<_>>());
        each("shared with the list", &self.lists);
        each("shared with origins that pass the check", &self.checks);
        each(ALLOWS, &self.allow_headers);
        each(EXPOSES, &self.expose_headers);
        each(LINT, &self.allow);
        if self.credentials {
            grants.insert("credentials".to_owned());
        }
        grants
    }

    /// For how many seconds a browser remembers a preflight: without a `max_age` five
    /// ([Fetch](https://fetch.spec.whatwg.org/#http-access-control-max-age)).
    pub(super) fn remembered(&self) -> u32 {
        self.max_age.unwrap_or(5)
    }
}
