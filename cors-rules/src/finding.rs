//! What the checker found, and where.

use crate::rule::Rule;

/// The part of a policy that a [`Finding`] is about. Indices count the elements of the list as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The policy as a whole.
    Policy,
    /// The argument `origins`.
    Origins,
    /// One element of `origins`.
    Origin(usize),
    /// One element of `debug_origins`.
    DebugOrigin(usize),
    /// The argument `allow_headers`.
    AllowHeaders,
    /// One element of `allow_headers`.
    AllowHeader(usize),
    /// The argument `expose_headers`.
    ExposeHeaders,
    /// One element of `expose_headers`.
    ExposeHeader(usize),
    /// The argument `max_age`.
    MaxAge,
    /// One element of `allow(…)`.
    Allow(usize),
    /// The route attribute below.
    Route,
    /// One of the items of a module that the attribute cannot see into.
    UnseenItem(usize),
}

/// One broken rule: what is wrong, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// The part of the policy that breaks it.
    pub place: Place,
    /// What is wrong: one sentence in lower case, without a final period.
    pub message: String,
    /// What to write instead, so that it can be pasted: one line, without a final period.
    pub help: String,
}
