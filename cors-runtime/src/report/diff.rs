//! What changed between two reports, from the side of an attacker: what runs or can be read now, and did not before.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::handed_on::{HandedOn, handed_on};
use super::route::{Change, HANDSHAKES, READS, Route, WRITES, is_granted};
use super::shown::line;
use super::{Protection, Report, SharedPolicy};
use crate::request::is_write;

/// What changed between two reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Diff {
    /// What is granted now and was not before.
    pub opened: Vec<Change>,
    /// What was granted before and is not now.
    pub closed: Vec<Change>,
}

/// A layer is in the older report only.
const GONE: &str = "its layer is gone: if it is still served, it runs for cross-origin writes";

impl Report {
    /// What was opened and what was closed between this report and a newer one.
    ///
    /// Opened is what a page or another program can do now and could not before: a route that lost its policy runs writes of
    /// all pages, and so counts as opened.
    #[must_use]
    pub fn diff(&self, newer: &Report) -> Diff {
        let mut diff = Diff::default();
        diff.routes(self, newer);
        diff.fallbacks(self, newer);
        diff.lists(self, newer);
        diff.protection(&self.protection, &newer.protection);
        diff
    }
}

impl Diff {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.opened.is_empty() && self.closed.is_empty()
    }

    fn routes(&mut self, old: &Report, new: &Report) {
        let (before, after) = (Route::all(old), Route::all(new));
        let (pairs, gone, come) = matched(&before, &after);
        for (before, after) in in_order(&before, &after, &pairs) {
            self.route(before, &old.protection, after, &new.protection);
        }
        // Every route without a policy runs for reads of all pages, which is nothing new about one that comes or goes.
        let own = |route: &Route<'_>, protection| {
            let mut grants = route.grants(protection);
            grants.retain(|what| route.policy.is_some() || what == WRITES);
            grants
        };
        for route in come.iter().filter_map(|place| after.get(*place)) {
            self.opened.extend(own(route, &new.protection).into_iter().map(|what| route.change(what)));
        }
        for one in handed_on(&before, &after, &pairs) {
            if let (Some(from), Some(to)) = (before.get(one.from), after.get(one.to)) {
                self.handed_on(&one, from, &old.protection, to, &new.protection);
            }
        }
        for route in gone.iter().filter_map(|place| before.get(*place)) {
            self.closed.extend(own(route, &old.protection).into_iter().map(|what| route.change(what)));
            // A layer does not know whether what it protected is still served.
            let is_there = after.iter().any(|next| next.path == route.path);
            let protects = is_write(route.method) && !route.lets_in(route.method, &old.protection).contains(&WRITES);
            if protects && route.rank.is_none() && !is_there && !new.protection.protect_all {
                self.opened.push(route.change(GONE));
            }
        }
    }

    /// A route that gets requests of another one: what that one turned away, and with whom it did not share.
    fn handed_on(
        &mut self,
        HandedOn { method, preflights, .. }: &HandedOn<'_>,
        from: &Route<'_>,
        old: &Protection,
        to: &Route<'_>,
        new: &Protection,
    ) {
        // With `report_only` nothing was turned away.
        if !preflights && !old.report_only {
            let (was, is) = (from.lets_in(method, old), to.lets_in(method, new));
            for (what, requests) in [(WRITES, "writes"), (READS, "reads"), (HANDSHAKES, "handshakes")] {
                if is.contains(&what) && !was.contains(&what) {
                    let what = format!("may get the cross-origin {requests} that {} turned away", from.name());
                    self.opened.push(to.change(what));
                }
            }
        }
        let gets = if *preflights { "may answer the preflights of" } else { "may get the requests of" };
        for what in to.shares_beyond(from) {
            // What it grants to its own requests too, only now, has been said.
            let own = to.change(&*what);
            if !self.opened.contains(&own) {
                self.opened.push(Change { what: format!("{gets} {}: {what}", from.name()), ..own });
            }
        }
    }

    /// A route that is in both reports.
    fn route(&mut self, before: &Route<'_>, old: &Protection, after: &Route<'_>, new: &Protection) {
        let (was, is) = (before.grants(old), after.grants(new));
        self.opened.extend(is.iter().filter(|what| !is_granted(&was, what)).map(|what| after.change(what)));
        // The handler is where it was, so its place is that of the newer report.
        let closed = |what: &String| Change { source: after.source.map(ToOwned::to_owned), ..before.change(what) };
        self.closed.extend(was.iter().filter(|what| !is_granted(&is, what)).map(closed));
        if let (Some(before), Some(policy)) = (before.policy, after.policy) {
            self.remembered(before, policy, |what| after.change(what));
        }
    }

    /// Remembered for longer is opened, and for less is closed.
    fn remembered(&mut self, old: &SharedPolicy, new: &SharedPolicy, change: impl Fn(String) -> Change) {
        let (before, after) = (old.remembered(), new.remembered());
        if before != after {
            let what = format!("preflights are cached for {after} s, previously for {before} s");
            if after > before { &mut self.opened } else { &mut self.closed }.push(change(what));
        }
    }

    fn fallbacks(&mut self, old: &Report, new: &Report) {
        // Below each base that of the longest one is in force: one that is gone leaves its errors to those around it.
        let bases: BTreeSet<_> = old.fallbacks.iter().chain(&new.fallbacks).map(|one| &*one.base).collect();
        let covers = |outer: &str, inner: &str| {
            let outer = outer.trim_end_matches('/');
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let in_force = |report: &Report, base: &str| {
            let around = report.fallbacks.iter().filter(|one| covers(&one.base, base));
            around.max_by_key(|one| one.base.len()).map(|one| one.policy.grants()).unwrap_or_default()
        };
        let by_base = |report: &Report| -> BTreeMap<String, BTreeSet<String>> {
            bases.iter().map(|base| ((*base).to_owned(), in_force(report, base))).collect()
        };
        self.sets("errors below ", &by_base(old), &by_base(new), str::to_owned);
    }

    /// What is in the lists, unless one of the reports leaves it out.
    fn lists(&mut self, old: &Report, new: &Report) {
        let (Some(old), Some(new)) = (&old.lists, &new.lists) else { return };
        let by_name = |lists: &[super::ConfiguredList]| -> BTreeMap<String, BTreeSet<String>> {
            lists.iter().map(|list| (list.shown(), list.origins.iter().cloned().collect())).collect()
        };
        self.sets("", &by_name(old), &by_name(new), |origin| format!("names {origin}"));
    }

    /// Sets by their names.
    fn sets(
        &mut self,
        prefix: &str,
        old: &BTreeMap<String, BTreeSet<String>>,
        new: &BTreeMap<String, BTreeSet<String>>,
        say: impl Fn(&str) -> String,
    ) {
        let nothing = BTreeSet::new();
        for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let (was, is) = (old.get(name).unwrap_or(&nothing), new.get(name).unwrap_or(&nothing));
            let change = |what: &String| Change { route: format!("{prefix}{name}"), what: say(what), source: None };
            self.opened.extend(is.difference(was).map(change));
            self.closed.extend(was.difference(is).map(change));
        }
    }

    fn protection(&mut self, old: &Protection, new: &Protection) {
        let say = |route: &str, what: &str| Change { route: route.to_owned(), what: what.to_owned(), source: None };
        let mut switched = |open_before: bool, open_now: bool, route: &str, what: &str| {
            if open_now && !open_before {
                self.opened.push(say(route, what));
            } else if open_before && !open_now {
                self.closed.push(say(route, what));
            }
        };
        switched(old.report_only, new.report_only, "report_only", "nothing is turned away");
        switched(!old.protect_all, !new.protect_all, "protect_all", "routes without a policy are not protected");
        let (was_open, is_open) = (old.own_origins.is_empty(), new.own_origins.is_empty());
        switched(was_open, is_open, "own origins", "every `Host` is accepted, and tells whose page it is");
        let named = |origins: &[String]| -> BTreeMap<String, BTreeSet<String>> {
            BTreeMap::from([(String::new(), origins.iter().cloned().collect())])
        };
        self.sets("own origins", &named(&old.own_origins), &named(&new.own_origins), |origin| {
            format!("pages of {origin} are the application's own")
        });
        // Where every name was accepted, a list of them opens nothing.
        if !was_open && !is_open {
            self.sets("own hosts", &named(&old.own_hosts), &named(&new.own_hosts), |host| {
                format!("requests for {host} are accepted")
            });
        }
    }
}

/// The places of the routes that are in both, of those that are gone, and of those that are new.
type Matched = (Vec<(usize, usize)>, Vec<usize>, Vec<usize>);

fn matched(before: &[Route<'_>], after: &[Route<'_>]) -> Matched {
    // First the same routes, then those of which only the rank is another one, and then those of which only parameters have
    // other names, which no request tells.
    let same: [fn(&Route<'_>, &Route<'_>) -> bool; 3] = [
        |a, b| (a.method, a.path, a.format, a.rank) == (b.method, b.path, b.format, b.rank),
        |a, b| (a.method, a.path, a.format) == (b.method, b.path, b.format),
        |a, b| (a.method, a.format, a.rank) == (b.method, b.format, b.rank) && has_same_shape(a.path, b.path),
    ];
    let mut pairs = Vec::new();
    let (mut gone, mut come): (Vec<_>, Vec<_>) = ((0..before.len()).collect(), (0..after.len()).collect());
    for is_same in same {
        gone.retain(|old| {
            let fits = |new: &usize| matches!((before.get(*old), after.get(*new)), (Some(a), Some(b)) if is_same(a, b));
            let Some(at) = come.iter().position(fits) else { return true };
            pairs.push((*old, come.remove(at)));
            false
        });
    }
    (pairs, gone, come)
}

/// Whether two paths of Rocket take the same requests, and tell the same values from others.
fn has_same_shape(one: &str, other: &str) -> bool {
    let shape = |path: &str| -> Vec<String> {
        let part = |part: &str| match part.strip_prefix('<').and_then(|name| name.strip_suffix('>')) {
            Some("_" | "_..") | None => part.to_owned(),
            Some(name) => if name.ends_with("..") { "<..>" } else { "<>" }.to_owned(),
        };
        // In a query, the name is that of the field.
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        path.split('/').map(part).chain([format!("?{query}")]).collect()
    };
    shape(one) == shape(other)
}

/// The routes that are in both, by path, method and rank.
fn in_order<'a, 'r>(
    before: &'a [Route<'r>],
    after: &'a [Route<'r>],
    pairs: &[(usize, usize)],
) -> Vec<(&'a Route<'r>, &'a Route<'r>)> {
    let both = |(old, new): &(usize, usize)| Some((before.get(*old)?, after.get(*new)?));
    let mut routes: Vec<_> = pairs.iter().filter_map(both).collect();
    routes.sort_by(|(_, a), (_, b)| (a.path, a.method, a.rank).cmp(&(b.path, b.method, b.rank)));
    routes
}

/// What was opened first.
impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (sign, changes) in [("+ opened", &self.opened), ("- closed", &self.closed)] {
            for Change { route, what, .. } in changes {
                line(f, format_args!("{sign}: {route}: {what}"))?;
            }
        }
        Ok(())
    }
}
