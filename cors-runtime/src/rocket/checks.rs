//! `check(path)`: functions that say at request time whether an origin is named.

use std::any::TypeId;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use rocket::Request;

use super::version::error_;
use crate::check_function::{self, BoxFuture, CheckFunction, Panics, TakenFrom};
use crate::events;
use crate::origin::Origin;

/// A function that is asked whether an origin is named.
#[derive(Clone, Copy)]
pub struct Check {
    /// Its path, as written.
    pub name: &'static str,
    /// Its type, which no other function has.
    pub key: fn() -> TypeId,
    /// Whether it takes requests of Rocket.
    pub fits: fn() -> bool,
    /// Calls it.
    pub ask: for<'a, 'r> fn(&'a Origin<'a>, &'a Request<'r>) -> BoxFuture<'a, bool>,
}

impl<'a, 'r> TakenFrom<&'a Request<'r>> for &'a Request<'r> {
    const FITS: bool = true;

    fn taken_from(request: &'a Request<'r>) -> Option<Self> {
        Some(request)
    }
}

/// In a build with both adapters, each sees the checks of the other.
#[cfg(feature = "tower")]
mod of_the_other {
    use http::request::Parts;
    use rocket::Request;

    use super::TakenFrom;

    impl<'a, 'r> TakenFrom<&'a Request<'r>> for &'a Parts {
        const FITS: bool = false;

        fn taken_from(_: &'a Request<'r>) -> Option<Self> {
            None
        }
    }

    impl<'a> TakenFrom<&'a Parts> for &'a Request<'_> {
        const FITS: bool = false;

        fn taken_from(_: &'a Parts) -> Option<Self> {
            None
        }
    }
}

/// Whether a check takes requests of Rocket.
#[must_use]
pub fn fits<F, Taken>(_: &F) -> bool
where
    F: CheckFunction<'static, &'static Request<'static>, Taken>,
{
    F::FITS
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "check({})", self.name)
    }
}

// Two paths of one name may be two functions, and two paths one.
impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        (self.key)() == (other.key)()
    }
}

impl Eq for Check {}

/// What the checks have answered for a request. They are asked before the handler runs, and the response is decided on
/// after it: the second decision has to agree with the first, and each check is asked once.
#[derive(Default)]
struct CheckAnswers(Mutex<Vec<(TypeId, bool)>>);

impl CheckAnswers {
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

/// Asks the checks about an origin, one after the other, until one says yes. The answers are kept for the request.
pub(super) async fn ask(checks: &[Check], origin: &Origin<'_>, request: &Request<'_>) {
    let answers = CheckAnswers::of(request);
    for check in checks {
        let answer = if let Some(answer) = answers.get(check) {
            answer
        } else {
            let answer = call(check, origin, request).await;
            answers.set(check, answer);
            answer
        };
        if answer {
            return;
        }
    }
}

/// Calls a check. A panic counts as `false`.
async fn call(check: &Check, origin: &Origin<'_>, request: &Request<'_>) -> bool {
    let answer = check_function::call(|| (check.ask)(origin, request)).await;
    answer.unwrap_or_else(|| {
        if let Some(panics) = request.rocket().state::<Panics>() {
            panics.record(check.name, origin);
        }
        false
    })
}

/// Says in Rocket's log what a check has done.
pub(super) fn say(line: &str) {
    error_!("CORS: {line}");
    events::error(line);
}

/// Whether one of the checks has said yes to this request.
pub(super) fn has_consent(checks: &[Check], request: &Request<'_>) -> bool {
    checks.iter().any(|check| CheckAnswers::of(request).get(check) == Some(true))
}
