//! `check(path)`: functions that say at request time whether an origin is named.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use http::request::Parts;

use crate::check_function::{self, BoxFuture, CheckFunction, TakenFrom};
use crate::events;
use crate::flood::Floods;
use crate::origin::Origin;
use crate::refusal::Escaped;

/// A function that is asked whether an origin is named.
#[derive(Clone, Copy)]
pub struct Check {
    /// Its path, as written.
    pub name: &'static str,
    /// Whether it takes the head of a request of the `http` crate.
    pub fits: fn() -> bool,
    /// Calls it.
    pub ask: for<'a> fn(&'a Origin<'a>, &'a Parts) -> BoxFuture<'a, bool>,
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "check({})", self.name)
    }
}

impl<'a> TakenFrom<&'a Parts> for &'a Parts {
    const FITS: bool = true;

    fn taken_from(request: &'a Parts) -> Option<Self> {
        Some(request)
    }
}

/// Whether a check takes the head of a request of the `http` crate.
#[must_use]
pub fn fits<F, Taken>(_: &F) -> bool
where
    F: CheckFunction<'static, &'static Parts, Taken>,
{
    F::FITS
}

/// Asks the checks about an origin, one after the other, until one says yes. A panic counts as no.
pub(super) async fn ask(checks: &[Check], origin: &Origin<'_>, request: &Parts, panics: &Panics) -> bool {
    for check in checks {
        match check_function::call(|| (check.ask)(origin, request)).await {
            Some(true) => return true,
            Some(false) => {}
            None => panics.record(check, origin),
        }
    }
    false
}

/// The panics of checks: any page can cause one with each request, so they are logged as sparingly as refusals.
#[derive(Default)]
pub(super) struct Panics(Mutex<Floods>);

impl Panics {
    fn record(&self, check: &Check, origin: &Origin<'_>) {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner).note(check.name.as_bytes(), Instant::now());
        if noted.log {
            let (check, origin) = (check.name, Escaped(origin.as_str().as_bytes()));
            events::error(format_args!("the check `{check}` panicked, so the origin {origin} is refused"));
        }
    }
}
