//! What becomes of a refusal, as events of `tracing`. Some are known before the request goes on to the service inside, and
//! recorded when the response shows that no layer inside has decided.

use std::sync::Arc;

use http::{HeaderValue, Method, Request, Response, Uri};

use super::decided::{Probe, Reason, Recorded};
use super::protection::Protection;
use crate::events;
use crate::http::read;
use crate::policy::Policy;
use crate::refusal::{Compared, Effect, Refusal};
use crate::refusal_log::{RefusalLog, Refused};
use crate::same_origin::compared;

/// A refusal, and what the log needs of its request.
#[derive(Clone, Debug)]
pub(super) struct Noted {
    effect: Effect,
    refusal: Refusal<'static>,
    method: Method,
    uri: Uri,
    origin: Box<[u8]>,
    compared: Option<Compared<'static>>,
    /// Whether a layer around has recorded another reason for the same request.
    is_recorded: bool,
}

/// Where the refusals of a layer go.
#[derive(Clone, Copy)]
pub(super) struct Listeners<'a> {
    pub(super) log: &'a RefusalLog,
    pub(super) application: Option<&'a Protection>,
}

impl Noted {
    /// The request has run all the same.
    pub(super) fn was_not_turned_away(&mut self) {
        self.effect = Effect::NotShared;
    }

    /// The same for another reason.
    pub(super) fn because(&self, refusal: Refusal<'static>) -> Self {
        Noted { refusal, ..self.clone() }
    }
}

impl Listeners<'_> {
    /// Keeps a refusal, if anything listens, and if no layer has made the request itself.
    pub(super) fn note<B>(self, request: &Request<B>, effect: Effect, refusal: Refusal<'_>) -> Option<Box<Noted>> {
        let has_hooks = self.application.is_some_and(|application| !application.hooks.is_empty());
        let is_probe = || request.extensions().get::<Probe>().is_some();
        if !has_hooks && !self.log.listens(events::is_listened_to()) || is_probe() {
            return None;
        }
        let head = read(request);
        let has_own_origins = self.application.is_some_and(|application| application.own.is_some());
        Some(Box::new(Noted {
            effect,
            refusal: refusal.into_owned(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            origin: head.origin.one().unwrap_or_default().into(),
            compared: compared(&head, has_own_origins).map(Compared::into_owned),
            is_recorded: request.extensions().get::<Recorded>().is_some(),
        }))
    }

    /// Records a refusal. Returns the reason after a closer look, in debug builds.
    pub(super) fn record(self, noted: &Noted, policy: Option<(&Policy, bool)>) -> Option<String> {
        let Noted { effect, refusal, method, uri, origin, compared, is_recorded } = noted;
        let refused = Refused {
            effect: *effect,
            refusal: refusal.clone(),
            method: method.as_str(),
            path: uri.path(),
            origin,
            handler: None,
            policy,
            hooks: self.application.map_or(&[], |application| &application.hooks),
        };
        if *is_recorded {
            // It is only put into words.
            let nowhere = RefusalLog::new(Vec::new(), false, |_| ());
            return nowhere.record(Refused { hooks: &[], ..refused }, || compared.clone());
        }
        self.log.record(refused, || compared.clone())
    }
}

/// Gives the reason in an answer, for the developer tools of a browser, in debug builds; and returns it for tests. Release
/// builds say nothing to another origin.
pub(super) fn explain<R>(response: &mut Response<R>, reason: Option<String>, noted: &Noted) -> Option<Arc<Reason>> {
    let text = reason.filter(|_| cfg!(debug_assertions))?;
    if let Ok(value) = HeaderValue::try_from(crate::refusal::server_timing(&text)) {
        response.headers_mut().append("server-timing", value);
    }
    Some(Arc::new(Reason { text, kind: noted.refusal.kind() }))
}
