//! The layer around a whole application: its own origins, the protection of what has no policy, and `report_only`.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response, StatusCode};
use tower_layer::Layer;
use tower_service::Service;

use super::answer::astray;
use super::decided::{Decided, Mark, Recorded, is_covered, preflight_of};
use super::future::ResponseFuture;
use super::protection::Protection;
use super::refusals::{Listeners, Noted, explain};
use super::shared::once;
use crate::decision::{ENFORCED_VARY, refuse_unshared};
use crate::header_lines::HeaderLines;
use crate::http::read;
use crate::own_origins::OwnOrigins;
use crate::refusal::{Effect, RefusalEvent};
use crate::same_origin::refuse_host;

/// Protects a whole application, beside the policies of its services. Put it around everything else.
///
/// One is enough. Inside of another one it has the hooks, `report_only` and the own origins of that, unless it has own origins
/// itself.
///
/// ```
/// use cors_runtime::OwnOrigins;
/// use cors_runtime::tower::ApplicationLayer;
/// use tower::ServiceBuilder;
/// # use http::{Request, Response};
/// # use std::convert::Infallible;
/// # async fn handler(_: Request<String>) -> Result<Response<String>, Infallible> { Ok(Response::default()) }
///
/// let own = OwnOrigins::new(["https://app.example.com"]).expect("origins");
/// let application = ApplicationLayer::new().protect_all().own_origins(own);
/// let service = ServiceBuilder::new().layer(application).service_fn(handler);
/// ```
#[derive(Clone, Default)]
#[must_use = "a layer does nothing until it is put on a service"]
pub struct ApplicationLayer {
    pub(super) protection: Arc<Protection>,
}

impl ApplicationLayer {
    /// A layer that protects nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Protects what has no policy as `#[cross_origin(none)]` would: writes of other pages, and their handshakes for another
    /// protocol such as WebSocket, are answered with 403 before the service inside is called. Everything else is left as it
    /// is, and programs that are not browsers pass.
    ///
    /// Services with a [`CrossOriginLayer`](super::CrossOriginLayer) inside decide themselves, if this layer is put
    /// [`around`](Self::around) them. By [`Layer::layer`], as `Router::layer` and `ServiceBuilder` do it, their policies cannot
    /// let a write in: the service inside may be a handler, which must not run to find out.
    pub fn protect_all(mut self) -> Self {
        Arc::make_mut(&mut self.protection).all = true;
        self
    }

    /// Names the origins under which browsers reach this application. A page of one of them is the application's own, for the
    /// layers inside too; and a request with the `Host` of another name is refused with 403: see [`OwnOrigins`].
    pub fn own_origins(mut self, own: OwnOrigins) -> Self {
        Arc::make_mut(&mut self.protection).own = Some(own);
        self
    }

    /// Turns nothing away, here and in the layers inside: the log and the hooks say what would have been
    /// ([`Effect::WouldBeTurnedAway`](crate::Effect::WouldBeTurnedAway)). What is shared does not change.
    pub fn report_only(mut self, report_only: bool) -> Self {
        Arc::make_mut(&mut self.protection).report_only = report_only;
        self
    }

    /// Calls this function for every refusal, those of the layers inside too: see
    /// [`CrossOriginLayer::on_refusal`](super::CrossOriginLayer::on_refusal).
    pub fn on_refusal(mut self, hook: impl Fn(&RefusalEvent<'_>) + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.protection).hooks.push(Arc::new(hook));
        self
    }

    /// Protects a service in which other layers have policies: those decide.
    ///
    /// Before a write is turned away, the service gets the preflight that a browser would send for it, to find out whether a layer
    /// inside is responsible: see [`CrossOriginLayer::around`](super::CrossOriginLayer::around).
    pub fn around<S>(&self, service: S) -> Application<S> {
        Application { inner: service, protection: self.protection.clone(), asks: true }
    }
}

impl fmt::Debug for ApplicationLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Protection { own, all, report_only, .. } = &*self.protection;
        let mut debug = f.debug_struct("ApplicationLayer");
        debug.field("own_origins", own).field("protect_all", all).field("report_only", report_only);
        debug.finish_non_exhaustive()
    }
}

impl<S> Layer<S> for ApplicationLayer {
    type Service = Application<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Application { inner, protection: self.protection.clone(), asks: false }
    }
}

/// A protected application: see [`ApplicationLayer`].
#[derive(Clone)]
pub struct Application<S> {
    inner: S,
    protection: Arc<Protection>,
    /// Whether the service inside may be asked by a preflight of this layer: it does not act on OPTIONS requests.
    asks: bool,
}

impl<S, B, R> Service<Request<B>> for Application<S>
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

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let protection = self.protection.inside(request.extensions().get());
        let refused = protection.refused(&request);
        request.extensions_mut().insert(protection.clone());
        let noted = match refused {
            None => return ResponseFuture::inner(self.inner.call(request), None),
            Some((Because::Unshared, noted)) if self.asks => noted,
            // Nothing inside decides.
            Some((_, noted)) => {
                return match protection.turn_away(&mut request, noted.as_deref()) {
                    Some(answer) => {
                        // It gives back what it holds to be ready, as a permit, since it is not called.
                        self.inner = self.inner.clone();
                        ResponseFuture::ready(answer)
                    }
                    None => ResponseFuture::inner(self.inner.call(request), None),
                };
            }
        };
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        ResponseFuture::boxed(async move {
            // A layer inside that has a policy for the request decides.
            let is_covered = is_covered(&mut inner, preflight_of(&request)).await?;
            if !is_covered && let Some(answer) = protection.turn_away(&mut request, noted.as_deref()) {
                return Ok(answer);
            }
            poll_fn(|context| inner.poll_ready(context)).await?;
            let marks = Mark::put(&mut request);
            let mut response = inner.call(request).await?;
            if marks.decided(&mut response).is_none() && is_covered {
                once(&protection.astray, || astray("ApplicationLayer"));
            }
            marks.tell(&response);
            Ok(response)
        })
    }
}

/// Why a request is refused.
enum Because {
    /// It does not ask for the application by one of its names.
    Host,
    /// A page of another origin writes, and no policy is known that lets it.
    Unshared,
}

impl Protection {
    /// Why a request is refused, if it is; and what to record, if something listens.
    fn refused<B>(&self, request: &Request<B>) -> Option<(Because, Option<Box<Noted>>)> {
        let head = read(request);
        let own = self.own.as_ref();
        let unshared = || refuse_unshared(&head, own).filter(|_| self.all && !head.is_preflight());
        let (because, refusal) = refuse_host(&head, own)
            .map(|refusal| (Because::Host, refusal))
            .or_else(|| Some((Because::Unshared, unshared()?)))?;
        let effect = if self.report_only { Effect::WouldBeTurnedAway } else { Effect::TurnedAway };
        let listeners = Listeners { log: &self.log, application: Some(self) };
        let noted = listeners.note(request, effect, refusal);
        Some((because, noted))
    }

    /// Records a refusal, and makes the answer to its request. `None` if nothing is turned away.
    fn turn_away<B, R: Default>(&self, request: &mut Request<B>, noted: Option<&Noted>) -> Option<Response<R>> {
        let listeners = Listeners { log: &self.log, application: Some(self) };
        let reason = noted.map(|noted| (listeners.record(noted, None), noted));
        if self.report_only {
            request.extensions_mut().insert(Recorded);
            return None;
        }
        let mut answer = Response::new(R::default());
        *answer.status_mut() = StatusCode::FORBIDDEN;
        HeaderLines::vary(ENFORCED_VARY).apply(answer.headers_mut());
        let reason = reason.and_then(|(reason, noted)| explain(&mut answer, reason, noted));
        answer.extensions_mut().insert(Decided { covers: false, turned_away: true, reason });
        if let Some(around) = Mark::of(request) {
            around.tell(&answer);
        }
        Some(answer)
    }
}
