//! A service with a policy: decides on a request before the service inside is called, and on its response after.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::ORIGIN;
use http::{Request, Response};
use tower_service::Service;

use super::answer::{About, Finish, Judged, Pending, Preflight};
use super::checks;
use super::decided::{Mark, Probe, is_covered, preflight_of};
use super::future::ResponseFuture;
use super::protection::Protection;
use super::refusals::{Listeners, Noted};
use super::shared::Shared;
use crate::header_lines::{HeaderLines, preflight_headers};
use crate::http::{read, read_preflight};
use crate::origin::Origin;
use crate::origin_list::Lists;
use crate::refusal::{Effect, Refusal};
use crate::request::{CorsRequest, is_write};

/// A service with a policy: see [`CrossOriginLayer`](super::CrossOriginLayer).
#[derive(Clone)]
pub struct CrossOrigin<S> {
    inner: S,
    shared: Arc<Shared>,
    /// Whether the service inside may be asked by a preflight of this layer: it does not act on OPTIONS requests.
    asks: bool,
}

impl<S> CrossOrigin<S> {
    pub(super) fn new(inner: S, shared: Arc<Shared>, asks: bool) -> Self {
        CrossOrigin { inner, shared, asks }
    }
}

impl<S, B, R> Service<Request<B>> for CrossOrigin<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    B: Default + Send + 'static,
    R: Default + Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, R, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let lists = self.shared.lists.as_ref().map(super::OriginLists::snapshot);
        if !self.has_to_ask(&request, lists.as_deref()) {
            return self.decide(request, &Also { lists, checks_say: false });
        }
        // The service that is ready is the one that is called.
        let mut service = self.take();
        ResponseFuture::boxed(async move {
            let (head, body) = request.into_parts();
            let header = head.headers.get(ORIGIN).and_then(|origin| Origin::parse(origin.as_bytes()));
            let checks_say = match header {
                Some(origin) => checks::ask(service.shared.checks, &origin, &head, &service.shared.panics).await,
                None => false,
            };
            service.decide(Request::from_parts(head, body), &Also { lists, checks_say }).await
        })
    }
}

/// What names origins beside the constants of a policy.
struct Also {
    lists: Option<Arc<Lists>>,
    checks_say: bool,
}

impl<S: Clone> CrossOrigin<S> {
    /// This service, which is ready; another one takes its place.
    fn take(&mut self) -> Self {
        let next = self.clone();
        std::mem::replace(self, next)
    }

    /// Gives back what the service inside holds to be ready, as a permit, since it is not called.
    fn release(&mut self) {
        self.inner = self.inner.clone();
    }

    /// Whether the checks have to be asked: the request has one origin, and nothing else names it.
    fn has_to_ask<B>(&self, request: &Request<B>, lists: Option<&Lists>) -> bool {
        let Shared { policy, checks, .. } = &*self.shared;
        // A layer around wants to know whether there is a policy, not what it says.
        if checks.is_empty() || request.extensions().get::<Probe>().is_some() {
            return false;
        }
        let origin = read(request).origin;
        origin.one().is_some() && !policy.names(origin, |origin| lists.is_some_and(|lists| lists.names(policy, origin)))
    }

    fn decide<B, R>(&mut self, mut request: Request<B>, also: &Also) -> ResponseFuture<S::Future, R, S::Error>
    where
        S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Send,
        B: Default + Send + 'static,
        R: Default + Send + 'static,
    {
        let application = request.extensions().get::<Arc<Protection>>().cloned();
        let report_only = application.as_ref().is_some_and(|application| application.report_only);
        if self.shared.is_told_all
            && let Some(response) = self.answer_unasked(&request, application.as_deref(), also)
        {
            if let Some(around) = Mark::of(&request) {
                around.tell(&response);
            }
            self.release();
            return ResponseFuture::ready(response);
        }
        let (about, forbidden) = self.about(&request, application.as_deref(), also);
        let marks = Mark::put(&mut request);
        let pending = Pending { shared: self.shared.clone(), application, about, marks };
        if !forbidden || report_only {
            return ResponseFuture::inner(self.inner.call(request), Some(pending));
        }
        if !self.asks {
            self.release();
            return ResponseFuture::ready(pending.turn_away());
        }
        let mut inner = self.take().inner;
        ResponseFuture::boxed(async move {
            if !is_covered(&mut inner, preflight_of(&request)).await? {
                return Ok(pending.turn_away());
            }
            poll_fn(|context| inner.poll_ready(context)).await?;
            Ok(pending.apply_covered(inner.call(request).await?))
        })
    }

    /// The answer to a preflight by the methods that the layer was told.
    #[inline(never)]
    fn answer_unasked<B, R: Default>(
        &self,
        request: &Request<B>,
        application: Option<&Protection>,
        also: &Also,
    ) -> Option<Response<R>> {
        let head = read_preflight(request)?;
        let announced = head.announced_method().unwrap_or_default();
        let asked = Asked { shared: &self.shared, request, application, also };
        let finish = Finish { shared: &self.shared, application };
        Some(if self.shared.was_told(announced) == Some(true) {
            finish.grant(asked.judge(&head, announced))
        } else {
            let noted = asked.note(Effect::PreflightRefused, Refusal::NoHandler(announced.into()));
            finish.forbid(noted.as_deref(), false)
        })
    }

    /// What the policy says about a request, and whether the request is to be turned away.
    fn about<B>(&self, request: &Request<B>, application: Option<&Protection>, also: &Also) -> (About, bool) {
        let Shared { policy, values, .. } = &*self.shared;
        let asked = Asked { shared: &self.shared, request, application, also };
        if let Some(head) = read_preflight(request) {
            let announced = head.announced_method().unwrap_or_default();
            let judged = asked.judge(&head, announced);
            let unserved = asked.note(Effect::PreflightRefused, Refusal::NoHandler(announced.into()));
            // The request itself would not come to a layer inside, so its preflight must not be granted by one.
            let writes = is_write(std::str::from_utf8(announced).unwrap_or_default());
            let is_final = !self.asks && judged.granted.is_err() && policy.enforces(writes, || false);
            let method = announced.into();
            return (About::Preflight(Box::new(Preflight { method, judged, unserved, is_final })), false);
        }
        let own = application.and_then(|application| application.own.as_ref());
        let answer = policy.actual(&read(request), own, |origin| asked.also_names(origin));
        let lines = HeaderLines::of(answer.lines(), &values.texts, request.headers().get(ORIGIN));
        let (forbidden, mut effect) = (answer.forbidden, answer.effect());
        if forbidden && application.is_some_and(|application| application.report_only) {
            effect = Effect::WouldBeTurnedAway;
        }
        let noted = answer.refusal.and_then(|refusal| asked.note(effect, refusal));
        (About::Actual { lines, noted, is_final: !self.asks }, forbidden)
    }
}

/// A request, and what it is decided by.
struct Asked<'a, B> {
    shared: &'a Shared,
    request: &'a Request<B>,
    application: Option<&'a Protection>,
    also: &'a Also,
}

impl<B> Asked<'_, B> {
    /// Whether something beside the policy's constants names an origin.
    fn also_names(&self, origin: &str) -> bool {
        let Also { lists, checks_say } = self.also;
        *checks_say || lists.as_ref().is_some_and(|lists| lists.names(&self.shared.policy, origin))
    }

    /// Keeps a refusal for the log, if anything listens.
    fn note(&self, effect: Effect, refusal: Refusal<'_>) -> Option<Box<Noted>> {
        let listeners = Listeners { log: &self.shared.log, application: self.application };
        listeners.note(self.request, effect, refusal)
    }

    /// What the policy says about a preflight that announces this method.
    #[inline]
    fn judge(&self, head: &CorsRequest<'_>, announced: &[u8]) -> Judged {
        let method = std::str::from_utf8(announced).unwrap_or_default();
        match self.shared.policy.preflight(head, method, |origin| self.also_names(origin)) {
            Ok(answer) => {
                let granted = Ok(preflight_headers(&answer, head, &self.shared.values, self.request.headers()));
                Judged { granted, noted: answer.refusal.and_then(|refusal| self.note(Effect::NotCovered, refusal)) }
            }
            Err(refusal) => Judged { granted: Err(()), noted: self.note(Effect::PreflightRefused, refusal) },
        }
    }
}
