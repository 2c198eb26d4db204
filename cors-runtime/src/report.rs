//! The policies of an application in one place, and what changed between two reports. An adapter makes the report.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::policy::Enforce;

/// What an application shares with whom, in a stable order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "json", serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Report {
    /// The version of the format of this report: [`Report::VERSION`].
    pub version: u32,
    /// The routes that have a policy, by path, method and rank.
    pub shared: Vec<SharedRoute>,
}

/// A route that has a policy, and the policy in full.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "json", serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct SharedRoute {
    /// The path, from the root of the server.
    pub path: String,
    /// The method. `GET` answers `HEAD` too.
    pub method: String,
    /// The rank at which the router tries the route, if it knows ranks.
    pub rank: Option<isize>,
    /// The format of the route, if it has one.
    pub format: Option<String>,
    /// The name of the handler.
    pub handler: String,
    /// The file and the line of the attribute. `None` for a route that a named policy covers.
    pub source: Option<String>,
    /// The origins and patterns, sorted; or `any` alone.
    pub origins: Vec<String>,
    /// Those of them that are there because `debug_origins` names them: the build has `debug-assertions`.
    pub debug_origins: Vec<String>,
    /// The lists of the configuration that name further origins.
    pub lists: Vec<String>,
    /// The checks that name further origins.
    pub checks: Vec<String>,
    /// Whether cookies, HTTP authentication and client certificates may be used.
    pub credentials: bool,
    /// The request headers that are allowed; or `any`, and perhaps `authorization`.
    pub allow_headers: Vec<String>,
    /// The response headers that scripts may read; or `any`.
    pub expose_headers: Vec<String>,
    /// How long a browser may remember a preflight, in seconds.
    pub max_age: Option<u32>,
    /// Which requests of other origins are turned away before the handler runs.
    pub enforce: Enforce,
    /// The lints that the attribute allows.
    pub allow: Vec<String>,
}

impl Report {
    /// The format version; bumped on every incompatible change.
    pub const VERSION: u32 = 1;

    /// A report of these routes, which it sorts.
    pub(crate) fn new(mut shared: Vec<SharedRoute>) -> Self {
        shared.sort_by(|a, b| a.key().cmp(&b.key()));
        Report { version: Self::VERSION, shared }
    }

    /// The same without the numbers of lines, for a snapshot: they change with every edit above a handler.
    #[must_use]
    pub fn without_lines(mut self) -> Self {
        for source in self.shared.iter_mut().filter_map(|shared| shared.source.as_mut()) {
            source.truncate(source.rfind(':').unwrap_or(source.len()));
        }
        self
    }

    /// What was opened and what was closed between this report and a newer one.
    #[must_use]
    pub fn diff(&self, newer: &Report) -> Diff {
        let by_route = |report: &'_ Report| -> BTreeMap<_, _> {
            report.shared.iter().map(|shared| (shared.route(), (shared.grants(), Some(shared.remembered())))).collect()
        };
        let (old, new) = (by_route(self), by_route(newer));
        let nothing = (BTreeSet::new(), None);
        let mut diff = Diff::default();
        for route in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let (before, before_max_age) = old.get(route).unwrap_or(&nothing);
            let (after, after_max_age) = new.get(route).unwrap_or(&nothing);
            let change = |what: &String| Change { route: route.clone(), what: what.clone() };
            diff.opened.extend(after.difference(before).map(change));
            diff.closed.extend(before.difference(after).map(change));
            // Remembered for longer is opened, and for less is closed.
            if let (Some(before), Some(after)) = (before_max_age, after_max_age)
                && before != after
            {
                let what = format!("preflights are cached for {after} s, previously for {before} s");
                if after > before { &mut diff.opened } else { &mut diff.closed }.push(change(&what));
            }
        }
        diff
    }
}

impl SharedRoute {
    fn key(&self) -> (&str, &str, Option<isize>, Option<&str>) {
        (&self.path, &self.method, self.rank, self.format.as_deref())
    }

    /// The route as people see it.
    fn route(&self) -> String {
        let format = self.format.as_ref().map(|format| format!(" {format}")).unwrap_or_default();
        let rank = self.rank.map(|rank| format!(" [{rank}]")).unwrap_or_default();
        format!("{} {}{format}{rank}", self.method, self.path)
    }

    /// For how many seconds a browser remembers a preflight: without a `max_age` five
    /// ([Fetch](https://fetch.spec.whatwg.org/#http-access-control-max-age)).
    fn remembered(&self) -> u32 {
        self.max_age.unwrap_or(5)
    }

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
        // Those that are not turned away are let in.
        let lets_in: &[&str] = match self.enforce {
            Enforce::All => &[],
            Enforce::Writes => &["runs the handler for cross-origin reads"],
            Enforce::Nothing => {
                &["runs the handler for cross-origin reads", "runs the handler for cross-origin writes"]
            }
        };
        grants.extend(lets_in.iter().map(|text| (*text).to_owned()));
        grants
    }
}

/// A table for people: one line per route; defaults are omitted.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width =
            |text: fn(&SharedRoute) -> &str| self.shared.iter().map(|one| text(one).chars().count()).max().unwrap_or(0);
        let (methods, paths) = (width(|one| &one.method), width(|one| &one.path));
        for one in &self.shared {
            let mut who = one.origins.clone();
            who.extend(one.lists.iter().map(|list| format!("config({list:?})")));
            who.extend(one.checks.iter().map(|check| format!("check({check})")));
            if who.is_empty() {
                who.push("nobody".to_owned());
            }
            write!(f, "{:methods$} {:paths$}  {}", one.method, one.path, who.join(", "))?;
            if one.credentials {
                f.write_str("  credentials")?;
            }
            for (key, list) in [
                ("debug_origins", &one.debug_origins),
                ("allow_headers", &one.allow_headers),
                ("expose_headers", &one.expose_headers),
            ] {
                if !list.is_empty() {
                    write!(f, "  {key} = [{}]", list.join(", "))?;
                }
            }
            if let Some(seconds) = one.max_age {
                write!(f, "  max_age = {seconds}")?;
            }
            if let Some(enforce) = one.enforce.spelled() {
                write!(f, "  {enforce}")?;
            }
            if let Some(format) = &one.format {
                write!(f, "  format = {format}")?;
            }
            if !one.allow.is_empty() {
                write!(f, "  allow({})", one.allow.join(", "))?;
            }
            match &one.source {
                Some(source) => writeln!(f, "  ({}, {source})", one.handler)?,
                None => writeln!(f, "  ({})", one.handler)?,
            }
        }
        Ok(())
    }
}

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

/// One thing that a route grants in one report and not in the other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Change {
    /// The route: `DELETE /api/items/<id> [-8]`, with the rank.
    pub route: String,
    /// What it grants: `shared with https://app.example.com`.
    pub what: String,
}

impl Diff {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.opened.is_empty() && self.closed.is_empty()
    }
}

/// What was opened first.
impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (sign, changes) in [("+ opened", &self.opened), ("- closed", &self.closed)] {
            for Change { route, what } in changes {
                writeln!(f, "{sign}: {route}: {what}")?;
            }
        }
        Ok(())
    }
}
