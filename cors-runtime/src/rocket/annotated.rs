//! The handler of an annotated route: the one that Rocket generated, and the policy that stands above it.

use std::cell::Cell;

use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::route::{self, Handler, Route};
use rocket::{Data, Request};

use super::response::Judged;
use super::{BoxFuture, checks};
use crate::policy::Policy;

/// Gives a route a policy, and the name of the function that the policy was written on.
#[must_use]
pub fn annotate(mut route: Route, name: &'static str, policy: &'static Policy) -> Route {
    route.name = Some(name.into());
    with_policy(route, policy)
}

/// Gives a route a policy.
pub(super) fn with_policy(mut route: Route, policy: &'static Policy) -> Route {
    let handler = std::mem::replace(&mut route.handler, Box::new(route::dummy_handler));
    route.handler = Box::new(Annotated { handler, policy });
    route
}

struct Annotated {
    handler: Box<dyn Handler>,
    policy: &'static Policy,
}

thread_local! {
    /// The policy of the `Annotated` that was last cloned on this thread.
    static CLONED: Cell<Option<&'static Policy>> = const { Cell::new(None) };
}

/// The policy of a route, if it has one.
///
/// A `Box<dyn Handler>` cannot be asked what it holds, and a route's name, method and path do not tell it from
/// another: two modules may each have a `list` at `/users`. But it can be cloned, and our `Clone` says so.
pub(super) fn policy_of(route: &Route) -> Option<&'static Policy> {
    CLONED.set(None);
    drop(route.handler.clone());
    CLONED.take()
}

impl Clone for Annotated {
    fn clone(&self) -> Self {
        let clone = Annotated { handler: self.handler.clone(), policy: self.policy };
        // After the inner handler, which may be annotated itself: the outer policy is the one in effect.
        CLONED.set(Some(self.policy));
        clone
    }
}

// Written as `async_trait` would expand it, so that the inner handler's future is handed on as it is: one that
// awaits it would cost an allocation on each request.
impl Handler for Annotated {
    fn handle<'r, 'a, 'b, 'f>(&'a self, request: &'r Request<'b>, data: Data<'r>) -> BoxFuture<'f, route::Outcome<'r>>
    where
        'r: 'f,
        'a: 'f,
        'b: 'f,
        Self: 'f,
    {
        let forbidden =
            || self.policy.enforces(request.method().as_str()) && Judged::new(self.policy, request).forbidden;
        let refuse = || Outcome::Error(Status::Forbidden);
        if !self.policy.checks.is_empty() {
            return Box::pin(async move {
                checks::ask(self.policy, request).await;
                if forbidden() { refuse() } else { self.handler.handle(request, data).await }
            });
        }
        if forbidden() {
            return Box::pin(std::future::ready(refuse()));
        }
        self.handler.handle(request, data)
    }
}
