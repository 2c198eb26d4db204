//! What changed between two reports, from the side of an attacker: what runs or can be read now, and did not before.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::shown::line;
use super::{ANY_METHOD, Protection, Report, SharedPolicy, SharedRoute, UnsharedRoute};
use crate::policy::Enforce;
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

/// One thing that an application grants in one report and not in the other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Change {
    /// The route, with the rank: `DELETE /api/items/<id> [-8]`. Or what else has changed: `cors.partners`.
    pub route: String,
    /// What it grants: `shared with https://app.example.com`.
    pub what: String,
    /// The file and the line of the handler, as in [`SharedRoute::source`].
    pub source: Option<String>,
}

/// The handler runs for a write that a page of any origin sends.
const WRITES: &str = "runs the handler for cross-origin writes";
/// A layer is in the older report only.
const GONE: &str = "its layer is gone: if it is still served, it runs for cross-origin writes";
/// The handler runs for a read, though what it answers is kept from the page.
const READS: &str = "runs the handler for cross-origin reads";
/// The handler runs for a handshake for another protocol.
const HANDSHAKES: &str = "runs the handler for cross-origin handshakes, as of WebSockets";

/// A route with or without a policy.
#[derive(Clone, Copy)]
struct Route<'r> {
    method: &'r str,
    path: &'r str,
    rank: Option<isize>,
    format: Option<&'r str>,
    source: Option<&'r str>,
    policy: Option<&'r SharedPolicy>,
}

impl<'r> Route<'r> {
    fn all(report: &'r Report) -> Vec<Self> {
        let shared = report.shared.iter().map(|SharedRoute { path, method, rank, format, source, policy, .. }| Route {
            method,
            path,
            rank: *rank,
            format: format.as_deref(),
            source: source.as_deref(),
            policy: Some(policy),
        });
        let unshared = report.unshared.iter().map(|UnsharedRoute { path, method, rank, format, .. }| Route {
            method,
            path,
            rank: *rank,
            format: format.as_deref(),
            source: None,
            policy: None,
        });
        shared.chain(unshared).collect()
    }

    /// The route as people see it.
    fn name(&self) -> String {
        let format = self.format.map(|format| format!(" {format}")).unwrap_or_default();
        let rank = self.rank.map(|rank| format!(" [{rank}]")).unwrap_or_default();
        format!("{} {}{format}{rank}", self.method, self.path)
    }

    /// Which requests of pages that no policy names run the handler.
    fn lets_in(&self, protection: &Protection) -> &'static [&'static str] {
        let enforce = match self.policy {
            Some(policy) => policy.enforce,
            None if protection.protect_all => Enforce::Writes,
            None => Enforce::Nothing,
        };
        match (is_write(self.method), enforce) {
            (_, Enforce::Writes) if self.method == ANY_METHOD => &[READS],
            (_, Enforce::Nothing) if self.method == ANY_METHOD => &[WRITES, READS, HANDSHAKES],
            (_, Enforce::All) | (true, Enforce::Writes) => &[],
            (true, Enforce::Nothing) => &[WRITES],
            (false, Enforce::Writes) => &[READS],
            (false, Enforce::Nothing) => &[READS, HANDSHAKES],
        }
    }

    fn grants(&self, protection: &Protection) -> BTreeSet<String> {
        let mut grants = self.policy.map(SharedPolicy::grants).unwrap_or_default();
        grants.extend(self.lets_in(protection).iter().map(|text| (*text).to_owned()));
        grants
    }

    fn change(&self, what: impl Into<String>) -> Change {
        Change { route: self.name(), what: what.into(), source: self.source.map(ToOwned::to_owned) }
    }

    /// Whether some request fits both.
    fn overlaps(&self, other: &Route<'_>) -> bool {
        let is_dynamic = |segment: &str| segment.starts_with('<');
        let is_trailing = |segment: &str| is_dynamic(segment) && segment.ends_with("..>");
        let (mut a, mut b) = (segments(self.path), segments(other.path));
        loop {
            match (a.next(), b.next()) {
                (Some(segment), _) if is_trailing(segment) => return true,
                (_, Some(segment)) if is_trailing(segment) => return true,
                (None, None) => return true,
                (Some(a), Some(b)) if a == b || is_dynamic(a) || is_dynamic(b) => {}
                _ => return false,
            }
        }
    }
}

/// The segments of a route's path.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('?').next().unwrap_or(path).split('/').skip(1)
}

impl SharedPolicy {
    /// All that the policy grants, one sentence for each grant: a sentence in one report and not in another was opened
    /// or closed.
    fn grants(&self) -> BTreeSet<String> {
        let mut grants = BTreeSet::new();
        let mut each = |what: &str, list: &[String]| grants.extend(list.iter().map(|one| format!("{what} {one}")));
        each("shared with", &self.origins);
        each("shared with the list", &self.lists);
        each("shared with origins that pass the check", &self.checks);
        each("allows the request header", &self.allow_headers);
        each("exposes the response header", &self.expose_headers);
        each("allows the lint", &self.allow);
        if self.credentials {
            grants.insert("credentials".to_owned());
        }
        grants
    }

    /// For how many seconds a browser remembers a preflight: without a `max_age` five
    /// ([Fetch](https://fetch.spec.whatwg.org/#http-access-control-max-age)).
    fn remembered(&self) -> u32 {
        self.max_age.unwrap_or(5)
    }
}

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
        let (before, mut after) = (Route::all(old), Route::all(new));
        // First the same routes, then those of which only the rank is another one.
        let same: [fn(&Route<'_>, &Route<'_>) -> bool; 2] = [
            |a, b| (a.method, a.path, a.format, a.rank) == (b.method, b.path, b.format, b.rank),
            |a, b| (a.method, a.path, a.format) == (b.method, b.path, b.format),
        ];
        let (mut gone, mut pairs) = (before, Vec::new());
        for is_same in same {
            gone.retain(|old| match after.iter().position(|new| is_same(old, new)) {
                Some(at) => {
                    pairs.push((*old, after.remove(at)));
                    false
                }
                None => true,
            });
        }
        pairs.sort_by(|(_, a), (_, b)| (a.path, a.method, a.rank).cmp(&(b.path, b.method, b.rank)));
        for (before, after) in pairs {
            self.route(&before, &old.protection, &after, &new.protection);
        }
        // Every route without a policy runs for reads of all pages, which is nothing new about one that comes or goes.
        let own = |route: &Route<'_>, protection| {
            let mut grants = route.grants(protection);
            grants.retain(|what| route.policy.is_some() || what == WRITES);
            grants
        };
        for route in after {
            self.opened.extend(own(&route, &new.protection).into_iter().map(|what| route.change(what)));
        }
        let still_there = Route::all(new);
        for route in gone {
            self.closed.extend(own(&route, &old.protection).into_iter().map(|what| route.change(what)));
            if is_write(route.method) && !route.lets_in(&old.protection).contains(&WRITES) {
                let open = |next: &&Route<'_>| {
                    next.method == route.method
                        && next.lets_in(&new.protection).contains(&WRITES)
                        && next.overlaps(&route)
                };
                let next = still_there.iter().filter(open);
                let what = format!("may get the cross-origin writes that {} turned away", route.name());
                self.opened.extend(next.map(|next| next.change(what.clone())));
                // A layer does not know whether what it protected is still served.
                let is_there = still_there.iter().any(|next| next.path == route.path);
                if route.rank.is_none() && !is_there && !new.protection.protect_all {
                    self.opened.push(route.change(GONE));
                }
            }
        }
    }

    /// A route that is in both reports.
    fn route(&mut self, before: &Route<'_>, old: &Protection, after: &Route<'_>, new: &Protection) {
        let (was, is) = (before.grants(old), after.grants(new));
        self.opened.extend(is.difference(&was).map(|what| after.change(what)));
        // The handler is where it was, so its place is that of the newer report.
        let closed = |what: &String| Change { source: after.source.map(ToOwned::to_owned), ..before.change(what) };
        self.closed.extend(was.difference(&is).map(closed));
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
        let by_base = |report: &'_ Report| -> BTreeMap<String, BTreeSet<String>> {
            report.fallbacks.iter().map(|one| (one.base.clone(), one.policy.grants())).collect()
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
