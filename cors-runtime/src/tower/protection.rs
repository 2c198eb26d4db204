//! What protects an application beside the policies of its services.

use std::sync::Arc;

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
}

impl Default for Protection {
    fn default() -> Self {
        let log = Arc::new(RefusalLog::new(Vec::new(), false, events::entry));
        Protection { own: None, all: false, report_only: false, hooks: Vec::new(), log }
    }
}
