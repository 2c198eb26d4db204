//! What the services of one layer share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::Method;

use super::checks::Check;
use super::lists::OriginLists;
use crate::check_function::Panics;
use crate::header_lines::Values;
use crate::policy::Policy;
use crate::refusal_log::{Hook, RefusalLog};

/// What the services of one layer share.
#[derive(Clone)]
pub(super) struct Shared {
    /// The name of the policy, unless it was made at run time.
    pub(super) name: Option<&'static str>,
    pub(super) policy: Policy,
    /// The values of its answers.
    pub(super) values: Values,
    pub(super) checks: &'static [Check],
    pub(super) panics: Arc<Panics>,
    pub(super) lists: Option<OriginLists>,
    /// The methods that the service serves, if it does not tell itself.
    pub(super) methods: Option<Vec<Method>>,
    /// Whether preflights are answered by these methods alone, and not put to the service.
    pub(super) is_told_all: bool,
    pub(super) hooks: Vec<Hook>,
    pub(super) log: Arc<RefusalLog>,
    pub(super) said: Arc<Said>,
}

/// What has been said, and is said once.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// That a header of the service is replaced.
    pub(super) replaced: AtomicBool,
    /// That preflights are answered for what is in a layer inside.
    pub(super) unasked: AtomicBool,
    /// That a service between two layers has made a new response.
    pub(super) remade: AtomicBool,
    /// That a request has run without the policy that its preflight came to.
    pub(super) astray: AtomicBool,
}

/// Says something, if that has not been said.
pub(super) fn once(said: &AtomicBool, say: impl FnOnce()) {
    if !said.swap(true, Ordering::Relaxed) {
        say();
    }
}

impl Shared {
    /// The name of the policy, for people.
    pub(super) fn shown(&self) -> &'static str {
        self.name.unwrap_or("made at run time")
    }
}
