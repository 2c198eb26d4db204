//! What protects an application beside the policies of its services.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::events;
use crate::own_origins::OwnOrigins;
use crate::refusal_log::{Hook, RefusalLog};

/// What protects an application. Layers inside find it in the extensions of a request.
#[derive(Clone)]
pub(super) struct Protection {
    pub(super) own: Option<OwnOrigins>,
    /// Whether services without a policy are protected.
    pub(super) all: bool,
    /// Whether nothing is turned away.
    pub(super) report_only: bool,
    /// Functions that are called for the refusals of layers inside too.
    pub(super) hooks: Vec<Hook>,
    pub(super) log: Arc<RefusalLog>,
    /// Whether it has been said that a request has run without the policy that its preflight came to.
    pub(super) astray: Arc<AtomicBool>,
}

impl Protection {
    /// This one for a request that another one has let in: what it says of the layers inside is true of this one too.
    pub(super) fn inside(self: &Arc<Self>, around: Option<&Arc<Self>>) -> Arc<Self> {
        let Some(around) = around.filter(|around| !Arc::ptr_eq(around, self)) else { return self.clone() };
        Arc::new(Protection {
            own: self.own.as_ref().or(around.own.as_ref()).cloned(),
            report_only: self.report_only || around.report_only,
            hooks: around.hooks.iter().chain(&self.hooks).cloned().collect(),
            ..Self::clone(self)
        })
    }
}

impl Default for Protection {
    fn default() -> Self {
        let log = Arc::new(RefusalLog::new(Vec::new(), false, events::entry));
        Protection { own: None, all: false, report_only: false, hooks: Vec::new(), log, astray: Arc::default() }
    }
}
