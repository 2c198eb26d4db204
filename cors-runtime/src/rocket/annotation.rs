//! The policy of a route: put on it, and found again.

use std::cell::Cell;

use rocket::route::{self, Handler, Route, StaticInfo};
use rocket::{Data, Request};

use super::message::BoxFuture;
use super::sources::RoutePolicy;

/// A handler, and where its policy stands in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandlerPlace {
    /// The name of the handler.
    pub name: &'static str,
    /// The file, as the compiler names it.
    pub file: &'static str,
    /// The line of the attribute, or of the handler in an annotated module, from 1.
    pub line: u32,
}

/// What is known about a route with a policy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Annotation {
    pub(super) policy: RoutePolicy,
    /// `None` for a route that a named policy covers.
    pub(super) place: Option<&'static HandlerPlace>,
}

/// Gives a route a policy.
pub(super) fn with_annotation(mut route: Route, annotation: Annotation) -> Route {
    let handler = std::mem::replace(&mut route.handler, Box::new(route::dummy_handler));
    route.handler = Box::new(Annotated { handler, annotation });
    route
}

/// Makes a route with a policy of what Rocket's own attribute says about its handler.
pub(super) fn route_of(info: StaticInfo, annotation: Annotation) -> Route {
    let handler = info.handler;
    let mut route = Route::from(info);
    route.handler = Box::new(Annotated { handler, annotation });
    route
}

/// The handler of a route with a policy: the one that it had, and the policy.
pub(super) struct Annotated<H> {
    pub(super) handler: H,
    pub(super) annotation: Annotation,
}

/// A handler that a policy is put on.
pub(super) trait Inner: Clone + Send + Sync + 'static {
    fn run<'r, 'f>(&'f self, request: &'r Request<'_>, data: Data<'r>) -> BoxFuture<'f, route::Outcome<'r>>
    where
        'r: 'f;
}

/// Any handler.
impl Inner for Box<dyn Handler> {
    fn run<'r, 'f>(&'f self, request: &'r Request<'_>, data: Data<'r>) -> BoxFuture<'f, route::Outcome<'r>>
    where
        'r: 'f,
    {
        self.handle(request, data)
    }
}

/// That of a function, called as Rocket calls it: through a second `dyn Handler`, `data` would be copied once more.
impl Inner for HandlerFn {
    #[inline]
    fn run<'r, 'f>(&'f self, request: &'r Request<'_>, data: Data<'r>) -> BoxFuture<'f, route::Outcome<'r>>
    where
        'r: 'f,
    {
        self(request, data)
    }
}

/// The type of [`StaticInfo::handler`].
type HandlerFn = for<'r> fn(&'r Request<'_>, Data<'r>) -> BoxFuture<'r, route::Outcome<'r>>;

thread_local! {
    /// The address and the annotation of the `Annotated` that was last cloned on this thread.
    static CLONED: Cell<Option<(usize, Annotation)>> = const { Cell::new(None) };
}

/// The policy of a route, if it has one.
///
/// A `Box<dyn Handler>` cannot be asked what it holds, and name, method and path do not identify a
/// route: two modules may each have a `list` at `/users`. But it can be cloned, and our `Clone` says so.
pub(super) fn annotation_of(route: &Route) -> Option<Annotation> {
    CLONED.set(None);
    drop(route.handler.clone());
    // A hand-written handler may hold annotated ones and clone them with itself: their policies are not its policy.
    let own = std::ptr::from_ref(&*route.handler).cast::<()>() as usize;
    CLONED.take().filter(|(address, _)| *address == own).map(|(_, annotation)| annotation)
}

impl<H: Clone> Clone for Annotated<H> {
    fn clone(&self) -> Self {
        let clone = Annotated { handler: self.handler.clone(), annotation: self.annotation };
        // After the inner handler, which may be annotated itself: the outer policy is the one in effect.
        CLONED.set(Some((std::ptr::from_ref(self) as usize, self.annotation)));
        clone
    }
}
