//! `check(path)`: functions that say at request time whether an origin is named.

use std::any::{Any, TypeId};
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};

use rocket::futures::FutureExt;
use rocket::{Request, error_};

use super::response::origin_of;
use super::{BoxFuture, events, lists};
use crate::decision::OriginHeader;
use crate::origin::Origin;
use crate::policy::Policy;

/// A function that is asked whether an origin is named.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Check {
    /// Its path, as written.
    pub name: &'static str,
    /// Its type, which no other function has.
    pub key: fn() -> TypeId,
    /// Calls it.
    pub ask: for<'a, 'r> fn(&'a Origin<'a>, &'a Request<'r>) -> BoxFuture<'a, bool>,
}

/// The type of a function, which tells it from every other.
#[doc(hidden)]
#[must_use]
pub fn type_of<T: Any>(_: &T) -> TypeId {
    TypeId::of::<T>()
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "check({})", self.name)
    }
}

impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        (self.key)() == (other.key)()
    }
}

impl Eq for Check {}

/// What the checks have answered for a request, so that each is asked once.
#[derive(Default)]
struct Answers(Mutex<Vec<(TypeId, bool)>>);

impl Answers {
    fn of<'r>(request: &'r Request<'_>) -> &'r Self {
        request.local_cache(Self::default)
    }

    fn get(&self, check: &Check) -> Option<bool> {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.iter().find(|(key, _)| *key == (check.key)()).map(|(_, answer)| *answer)
    }

    fn set(&self, check: &Check, answer: bool) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(((check.key)(), answer));
    }
}

/// Asks the checks of a policy about the origin of the request, if nothing else in the policy names it: one after the
/// other, until one says yes. The answers are kept for the request. `null`, and text that is no origin, is no question
/// for them.
pub(super) async fn ask(policy: &'static Policy, request: &Request<'_>) {
    let OriginHeader::One(value) = origin_of(request) else { return };
    let named =
        policy.actual_or(OriginHeader::One(value), |origin| lists::name(policy, request, origin)).refusal.is_none();
    let Some(origin) = Origin::parse(value).filter(|_| !named) else { return };
    let answers = Answers::of(request);
    for check in policy.checks {
        let answer = if let Some(answer) = answers.get(check) {
            answer
        } else {
            let answer = call(check, &origin, request).await;
            answers.set(check, answer);
            answer
        };
        if answer {
            return;
        }
    }
}

/// A panic is no consent.
async fn call(check: &Check, origin: &Origin<'_>, request: &Request<'_>) -> bool {
    let future = std::panic::catch_unwind(AssertUnwindSafe(|| (check.ask)(origin, request)));
    let answer = match future {
        Ok(future) => AssertUnwindSafe(future).catch_unwind().await,
        Err(panic) => Err(panic),
    };
    answer.unwrap_or_else(|_| {
        error_!("CORS: the check `{}` panicked, so the origin `{origin}` is refused", check.name);
        events::error(format_args!("the check `{}` panicked, so the origin `{origin}` is refused", check.name));
        false
    })
}

/// Whether one of the checks of a policy has said yes.
pub(super) fn name(policy: &'static Policy, request: &Request<'_>) -> bool {
    policy.checks.iter().any(|check| Answers::of(request).get(check) == Some(true))
}
