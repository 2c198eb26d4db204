//! `check(path)`: functions that say at request time whether an origin is named.

use std::fmt;

use http::request::Parts;

use crate::check_function::{self, BoxFuture, CheckFunction, Panics, TakenFrom};
use crate::origin::Origin;

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
            None => panics.record(check.name, origin),
        }
    }
    false
}
