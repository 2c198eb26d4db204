//! Which routes get requests that another route got before: it is gone, or has another rank, path, method or format, or
//! another route has come before it.

use super::route::Route;
use super::taken::{Sample, Taken};
use crate::request::is_write;

/// Requests of a route of the older report that go to a route of the newer one.
pub(super) struct HandedOn<'r> {
    /// The place of the route among those of the older report.
    pub(super) from: usize,
    /// The place of the route among those of the newer report.
    pub(super) to: usize,
    pub(super) method: &'r str,
    /// Whether it is only preflights: the routes have formats that no request fits both of.
    pub(super) preflights: bool,
}

/// The routes of one report.
struct Side<'a, 'r> {
    routes: &'a [Route<'r>],
    taken: Vec<Taken<'r>>,
    /// Whether a route may pass a request on to the next one.
    passes_on: Vec<bool>,
    /// For each route the place of the same one in the other report.
    same: Vec<Option<usize>>,
}

impl<'a, 'r> Side<'a, 'r> {
    fn new(routes: &'a [Route<'r>], same: Vec<Option<usize>>) -> Self {
        let taken: Vec<_> = routes.iter().map(Taken::of).collect();
        let passes_on = (taken.iter().zip(routes)).map(|(one, route)| {
            // A report does not tell which guards pass requests on. Whoever wrote a route that gets no request otherwise
            // counts on it.
            let hides = |(other, next): (&Taken<'_>, &Route<'_>)| route.rank < next.rank && one.covers(other);
            one.parses || taken.iter().zip(routes).any(hides)
        });
        let passes_on = passes_on.collect();
        Side { routes, taken, passes_on, same }
    }

    /// The routes that the request is tried on before this one; `None` if one of them keeps it.
    fn before(&self, place: usize, sample: &Sample<'_>) -> Option<Vec<usize>> {
        let key = |place: usize| self.taken.get(place).map(|taken| (taken.key(sample.method), place));
        let mine = key(place)?;
        let mut before = Vec::new();
        for (other, taken) in self.taken.iter().enumerate() {
            if taken.takes(sample) && (taken.key(sample.method), other) < mine {
                if !self.passes_on.get(other).is_some_and(|passes_on| *passes_on) {
                    return None;
                }
                before.push(other);
            }
        }
        Some(before)
    }

    fn same(&self, place: usize) -> Option<usize> {
        self.same.get(place).copied().flatten()
    }
}

/// All requests that are handed on. `pairs` are the places of the routes that are in both reports.
pub(super) fn handed_on<'r>(old: &[Route<'r>], new: &[Route<'r>], pairs: &[(usize, usize)]) -> Vec<HandedOn<'r>> {
    let (mut in_new, mut in_old) = (vec![None; old.len()], vec![None; new.len()]);
    for &(before, after) in pairs {
        in_new.get_mut(before).into_iter().for_each(|place| *place = Some(after));
        in_old.get_mut(after).into_iter().for_each(|place| *place = Some(before));
    }
    let is_moved = |mine: &Route<'_>, others: &[Route<'_>], same: Option<usize>| {
        same.and_then(|place| others.get(place)).is_none_or(|other| other.rank != mine.rank)
    };
    let moved = |mine: &[Route<'_>], others: &[Route<'_>], same: &[Option<usize>]| -> Vec<bool> {
        mine.iter().zip(same).map(|(route, same)| is_moved(route, others, *same)).collect()
    };
    let (moved_old, moved_new) = (moved(old, new, &in_new), moved(new, old, &in_old));
    if !moved_old.iter().chain(&moved_new).any(|moved| *moved) {
        return Vec::new();
    }
    let (old, new) = (Side::new(old, in_new), Side::new(new, in_old));
    let longest = old.taken.iter().chain(&new.taken).map(Taken::length).max().unwrap_or(0);
    let mut found = Vec::new();
    for (from, (before, from_moved)) in old.taken.iter().zip(&moved_old).enumerate() {
        for (to, (after, to_moved)) in new.taken.iter().zip(&moved_new).enumerate() {
            // Two routes whose ranks are what they were are tried in the order in which they were tried.
            if !from_moved && !to_moved || old.same(from) == Some(to) {
                continue;
            }
            let samples = before.shared_with(after, longest);
            if let Some(sample) = samples.iter().find(|sample| goes(&old, from, &new, to, sample)) {
                let (method, preflights) = (sample.method, is_preflight(sample));
                found.push(HandedOn { from, to, method, preflights });
            }
        }
    }
    found.sort_by_key(|one| old.routes.get(one.from).map(|route| (route.path, route.method, route.rank)));
    found
}

fn is_preflight(sample: &Sample<'_>) -> bool {
    sample.has_no_format() && is_write(sample.method)
}

/// Whether such a request went to the one route, and goes to the other one now. A route that is in both reports passes on the
/// same requests in both.
fn goes(old: &Side<'_, '_>, from: usize, new: &Side<'_, '_>, to: usize, sample: &Sample<'_>) -> bool {
    let (Some(before), Some(after)) = (old.before(from, sample), new.before(to, sample)) else { return false };
    if is_preflight(sample) {
        return before.is_empty() && after.is_empty();
    }
    !before.iter().any(|passed| old.same(*passed) == Some(to))
        && !after.iter().any(|passed| new.same(*passed) == Some(from))
}
