//! The layer that puts a policy on a service.

use std::fmt;
use std::sync::Arc;

use http::Method;
use tower_layer::Layer;

use super::checks::Check;
use super::lists::OriginLists;
use super::service::CrossOrigin;
use super::shared::Shared;
use crate::check_function::Panics;
use crate::events;
use crate::header_lines::Values;
use crate::list_errors::ListErrors;
use crate::policy::Policy;
use crate::refusal::RefusalEvent;
use crate::refusal_log::RefusalLog;

/// Puts the policy of a unit struct on a service: what `Partners.layer()` returns, for `#[cross_origin(…)] struct Partners;`.
///
/// ```
/// use cors_runtime::cross_origin;
/// use tower::ServiceBuilder;
/// # use http::{Request, Response};
/// # use std::convert::Infallible;
///
/// #[cross_origin(origins = ["https://app.example.com"], credentials)]
/// pub struct Partners;
///
/// # async fn handler(_: Request<String>) -> Result<Response<String>, Infallible> { Ok(Response::default()) }
/// let service = ServiceBuilder::new().layer(Partners.layer()).service_fn(handler);
/// ```
///
/// # Methods
///
/// A preflight goes to the service inside as the OPTIONS request that it is. If the answer has `Allow`, as that of axum's
/// router has with its 405, the announced method is granted if it is there. A 404 grants nothing.
///
/// Inside of `Router::layer` and `MethodRouter::layer` axum has not yet added `Allow`. Put the layer around the router, or name
/// the methods: see [`methods`](Self::methods). [`methods_unasked`](Self::methods_unasked) answers preflights without the service.
///
/// # Layers in layers
///
/// The innermost layer decides, so that a route can have another policy than the router that it is in. The others leave
/// its answer alone, and never add to what it shares.
///
/// Before a layer that was put [`around`](Self::around) a service turns a write away, it asks the service, by the preflight that
/// a browser would send, whether a layer there is responsible. What is inside may choose by path, host and method: a service that
/// chooses by something that a preflight does not have may bring the write to a handler without a policy. Put by [`Layer::layer`], as `Router::layer` and `ServiceBuilder`
/// do it, it does not ask: the service inside may be a handler, which must not run to find out. Then a write has to be allowed
/// by each layer that it comes to.
#[derive(Clone)]
#[must_use = "a layer does nothing until it is put on a service"]
pub struct CrossOriginLayer {
    pub(super) shared: Arc<Shared>,
}

impl CrossOriginLayer {
    /// A layer with a policy that was made at run time, by [`Policy::builder`].
    ///
    /// # Panics
    /// The policy names lists or checks, which only the attribute's `layer` can ask.
    pub fn new(policy: Policy) -> Self {
        assert!(
            policy.parts.lists.is_empty() && policy.parts.checks.is_empty(),
            "`CrossOriginLayer::new` cannot ask the lists and checks of a policy: use `layer` of its struct"
        );
        Self::of(policy, None, &[], None)
    }

    fn of(policy: Policy, name: Option<&'static str>, checks: &'static [Check], lists: Option<OriginLists>) -> Self {
        let shared = Shared {
            name,
            values: Values::of(&policy),
            policy,
            checks,
            panics: Arc::new(Panics::new(|line| events::error(line))),
            lists,
            methods: None,
            is_told_all: false,
            hooks: Vec::new(),
            log: Arc::new(RefusalLog::new(Vec::new(), false, events::entry)),
            said: Arc::default(),
        };
        CrossOriginLayer { shared: Arc::new(shared) }
    }

    /// Names the methods that the service serves, for one that does not tell by `Allow`; GET brings HEAD. Other methods are
    /// not granted, and neither is anything where the service answers a preflight with 404.
    ///
    /// Name only methods whose handlers are inside this layer. In axum, `get(list).layer(…).put(save)` has its PUT outside.
    pub fn methods(mut self, methods: impl IntoIterator<Item = Method>) -> Self {
        Arc::make_mut(&mut self.shared).methods.get_or_insert_default().extend(methods);
        self
    }

    /// Names the methods as [`methods`](Self::methods) does, and answers preflights by them alone: the service does not get any.
    /// For a service that takes long to ask, as one behind a network, or that does something for OPTIONS requests.
    ///
    /// This gives up what the service would say. Preflights are granted for addresses that do not exist, and a layer inside has
    /// no part in them, although its policy still decides about the requests themselves. So put it around one service, and give
    /// those with other methods or policies a layer of their own.
    pub fn methods_unasked(self, methods: impl IntoIterator<Item = Method>) -> Self {
        let mut layer = self.methods(methods);
        Arc::make_mut(&mut layer.shared).is_told_all = true;
        layer
    }

    /// Calls this function for every refusal, for instance to count them. The log aggregates bursts; this hook sees
    /// each one. Of several functions, each is called.
    ///
    /// It is called while the request is answered, so it should be quick. A panic in it is logged, and changes nothing.
    pub fn on_refusal(mut self, hook: impl Fn(&RefusalEvent<'_>) + Send + Sync + 'static) -> Self {
        let shared = Arc::make_mut(&mut self.shared);
        shared.hooks.push(Arc::new(hook));
        shared.log = Arc::new(RefusalLog::new(shared.hooks.clone(), false, events::entry));
        self
    }

    /// Puts the policy on a router, or on another service in which layers may have other policies: those decide.
    ///
    /// Before a write is turned away, the service gets the preflight that a browser would send for it, without body, `Cookie` and
    /// `Authorization`, to find out whether a layer inside is responsible. A router does nothing for such a request, unless it has
    /// a handler for OPTIONS, `any`, or a fallback.
    ///
    /// ```
    /// use axum::Router;
    /// use axum::routing::get;
    /// use cors_runtime::cross_origin;
    ///
    /// #[cross_origin(origins = ["https://app.example.com"])]
    /// struct App;
    ///
    /// let routes = Router::new().route("/users", get(|| async { "Ada, Grace" }));
    /// let router: Router = Router::new().fallback_service(App.layer().around(routes));
    /// ```
    pub fn around<S>(&self, service: S) -> CrossOrigin<S> {
        CrossOrigin::new(service, self.shared.clone(), true)
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.shared.policy
    }
}

impl fmt::Debug for CrossOriginLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CrossOriginLayer").field("policy", &self.shared.policy).finish_non_exhaustive()
    }
}

impl<S> Layer<S> for CrossOriginLayer {
    type Service = CrossOrigin<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CrossOrigin::new(inner, self.shared.clone(), false)
    }
}

/// The layer of a policy without lists.
///
/// # Panics
/// A check takes the requests of another framework, so that it could never be asked.
#[track_caller]
pub fn layer(policy: &'static Policy, name: &'static str, checks: &'static [Check]) -> CrossOriginLayer {
    assert_fit(checks);
    CrossOriginLayer::of(*policy, Some(name), checks, None)
}

/// The layer of a policy with lists.
///
/// # Errors
/// Something is wrong with one of the lists, or it is missing.
///
/// # Panics
/// A check takes the requests of another framework, so that it could never be asked.
#[track_caller]
pub fn layer_with_lists(
    policy: &'static Policy,
    name: &'static str,
    checks: &'static [Check],
    lists: &OriginLists,
) -> Result<CrossOriginLayer, ListErrors> {
    assert_fit(checks);
    lists.add(*policy, name)?;
    Ok(CrossOriginLayer::of(*policy, Some(name), checks, Some(lists.clone())))
}

#[track_caller]
fn assert_fit(checks: &[Check]) {
    if let Some(check) = checks.iter().find(|check| !(check.fits)()) {
        panic!(
            "a layer cannot ask `check({name})`, which takes requests of Rocket: write `async fn {name}(origin: \
             &cors_runtime::Origin<'_>, request: &http::request::Parts) -> bool`",
            name = check.name
        );
    }
}
