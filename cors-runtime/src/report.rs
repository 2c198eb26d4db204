//! The policies of an application in one place. An adapter makes the report.

mod diff;
mod handed_on;
mod policy;
mod route;
mod shown;
mod taken;

use std::fmt::{self, Write as _};

use self::shown::{Escaping, line};
use crate::policy::Enforce;
use crate::request::is_write;

pub use diff::Diff;
pub use route::Change;

/// What an application shares with whom, and what protects the rest of it, in a stable order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "json", serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Report {
    /// The version of the format of this report: [`Report::VERSION`].
    pub version: u32,
    /// What protects the application beside its policies.
    pub protection: Protection,
    /// The lists of the configuration that policies name, by name. `None` if they are left out.
    pub lists: Option<Vec<ConfiguredList>>,
    /// The routes that have a policy, by path, method and rank.
    pub shared: Vec<SharedRoute>,
    /// The policies of errors that no route is responsible for, by base.
    pub fallbacks: Vec<SharedFallback>,
    /// The routes that have no policy, by path, method and rank.
    pub unshared: Vec<UnsharedRoute>,
}

/// What protects an application beside its policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "json", serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Protection {
    /// The origins of the application itself, sorted. None if they are not given: then every `Host` is accepted.
    pub own_origins: Vec<String>,
    /// The names that `Host` may have, sorted: those of the own origins, and further ones.
    pub own_hosts: Vec<String>,
    /// Whether routes without a policy are protected.
    pub protect_all: bool,
    /// Whether nothing is turned away.
    pub report_only: bool,
}

/// A list of origins in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "json", serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct ConfiguredList {
    /// Its name: `partners` for `cors.partners`.
    pub name: String,
    /// The origins and patterns, sorted.
    pub origins: Vec<String>,
    /// Where it stands: the profile, and the file or the environment. Empty for a list that the application gives to its
    /// layers.
    pub source: String,
}

/// The method of a layer, which does not know the methods of the service inside.
pub(crate) const ANY_METHOD: &str = "any";

impl ConfiguredList {
    /// Its name as people see it: as the configuration spells it, or the policy.
    fn shown(&self) -> String {
        let ConfiguredList { name, source, .. } = self;
        if source.is_empty() { format!("config({name:?})") } else { format!("cors.{name}") }
    }
}

/// A route that has a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SharedRoute {
    /// The path, from the root of the server.
    pub path: String,
    /// The method. `GET` answers `HEAD` too. `any` for a layer, which shares what the service inside serves.
    pub method: String,
    /// The rank at which the router tries the route, if it knows ranks.
    pub rank: Option<isize>,
    /// The format of the route, if it has one.
    pub format: Option<String>,
    /// The name of the handler; of a layer, that of its policy.
    pub handler: String,
    /// The file and the line of the handler. `None` for a route that a named policy covers.
    pub source: Option<String>,
    /// The policy in full.
    #[cfg_attr(feature = "json", serde(flatten))]
    pub policy: SharedPolicy,
}

/// The policy of errors that no route is responsible for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SharedFallback {
    /// The path below which it stands.
    pub base: String,
    /// The policy in full.
    #[cfg_attr(feature = "json", serde(flatten))]
    pub policy: SharedPolicy,
}

/// A route that has no policy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "json", serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct UnsharedRoute {
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
}

/// A policy in full.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SharedPolicy {
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
    pub const VERSION: u32 = 2;

    /// The same in a stable order, in this version.
    pub(crate) fn sorted(mut self) -> Self {
        self.shared.sort_by(|a, b| a.key().cmp(&b.key()));
        self.unshared.sort_by(|a, b| a.key().cmp(&b.key()));
        self.fallbacks.sort_by(|a, b| a.base.cmp(&b.base));
        self.lists.iter_mut().for_each(|lists| lists.sort_by(|a, b| a.name.cmp(&b.name)));
        Report { version: Self::VERSION, ..self }
    }

    /// The same without the numbers of lines, for a snapshot: they change with every edit above a handler.
    #[must_use]
    pub fn without_lines(mut self) -> Self {
        for source in self.shared.iter_mut().filter_map(|shared| shared.source.as_mut()) {
            source.truncate(source.rfind(':').unwrap_or(source.len()));
        }
        self
    }

    /// The same without what is in the lists of the configuration, for a report that does not depend on the environment.
    #[must_use]
    pub fn without_lists(self) -> Self {
        Report { lists: None, ..self }
    }
}

impl SharedRoute {
    fn key(&self) -> (&str, &str, Option<isize>, Option<&str>) {
        (&self.path, &self.method, self.rank, self.format.as_deref())
    }
}

impl UnsharedRoute {
    fn key(&self) -> (&str, &str, Option<isize>, Option<&str>) {
        (&self.path, &self.method, self.rank, self.format.as_deref())
    }
}

/// The policy in one line, without what it does not say.
impl fmt::Display for SharedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_debug = |origin: &String| self.debug_origins.contains(origin);
        let mut who: Vec<_> = self.origins.iter().filter(|origin| !is_debug(origin)).cloned().collect();
        who.extend(self.lists.iter().map(|list| format!("config({list:?})")));
        who.extend(self.checks.iter().map(|check| format!("check({check})")));
        who.extend(self.debug_origins.iter().map(|origin| format!("{origin} (debug builds only)")));
        if who.is_empty() {
            who.push("nobody".to_owned());
        }
        let f = &mut Escaping(f);
        f.write_str(&who.join(", "))?;
        if self.credentials {
            f.write_str("  credentials")?;
        }
        for (key, list) in [("allow_headers", &self.allow_headers), ("expose_headers", &self.expose_headers)] {
            if !list.is_empty() {
                write!(f, "  {key} = [{}]", list.join(", "))?;
            }
        }
        if let Some(seconds) = self.max_age {
            write!(f, "  max_age = {seconds}")?;
        }
        if let Some(enforce) = self.enforce.spelled() {
            write!(f, "  {enforce}")?;
        }
        if !self.allow.is_empty() {
            write!(f, "  allow({})", self.allow.join(", "))?;
        }
        Ok(())
    }
}

/// A table for people: one line per route; defaults are omitted. Routes without a policy are counted; in the alternate
/// form, `{:#}`, they are listed.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unshared: &[UnsharedRoute] = if f.alternate() { &self.unshared } else { &[] };
        let routes = self.shared.iter().map(|one| (&one.method, &one.path));
        let routes = routes.chain(unshared.iter().map(|one| (&one.method, &one.path)));
        let (methods, paths) = routes.fold((0, 0), |(methods, paths), (method, path)| {
            (methods.max(method.chars().count()), paths.max(path.chars().count()))
        });
        for SharedRoute { path, method, format, handler, source, policy, .. } in &self.shared {
            let format = format.as_ref().map(|format| format!("  format = {format}")).unwrap_or_default();
            let source = source.as_ref().map(|source| format!(", {source}")).unwrap_or_default();
            line(f, format_args!("{method:methods$} {path:paths$}  {policy}{format}  ({handler}{source})"))?;
        }
        for SharedFallback { base, policy } in &self.fallbacks {
            line(f, format_args!("errors below {base}, which no route is responsible for: {policy}"))?;
        }
        for list in self.lists.iter().flatten() {
            let ConfiguredList { origins, source, .. } = list;
            let origins = if origins.is_empty() { "no origin".to_owned() } else { origins.join(", ") };
            let source = if source.is_empty() { String::new() } else { format!(" ({source})") };
            line(f, format_args!("{}: {origins}{source}", list.shown()))?;
        }
        self.protection.fmt(f)?;
        // With `report_only` nothing is turned away.
        let are_protected = self.protection.protect_all && !self.protection.report_only;
        for UnsharedRoute { path, method, format, handler, .. } in unshared {
            let what = if is_write(method) && !are_protected { ", open to writes of all pages" } else { "" };
            let format = format.as_ref().map(|format| format!("  format = {format}")).unwrap_or_default();
            line(f, format_args!("{method:methods$} {path:paths$}  no policy{what}{format}  ({handler})"))?;
        }
        if unshared.is_empty() && !self.unshared.is_empty() {
            let writes = self.unshared.iter().filter(|route| is_write(&route.method)).count();
            let routes = if self.unshared.len() == 1 { "route has" } else { "routes have" };
            let and = match writes {
                0 => String::new(),
                _ if are_protected => ", and only the application's own pages write to them".to_owned(),
                _ => format!(", {writes} of them open to writes of all pages"),
            };
            line(f, format_args!("{} {routes} no policy{and}", self.unshared.len()))?;
        }
        Ok(())
    }
}

/// Only what is in force.
impl fmt::Display for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.own_origins.is_empty() {
            line(f, format_args!("own origins: {}", self.own_origins.join(", ")))?;
            line(f, format_args!("names of the application: {}", self.own_hosts.join(", ")))?;
        }
        if self.protect_all {
            line(f, format_args!("all routes are protected"))?;
        }
        if self.report_only {
            line(f, format_args!("nothing is turned away: `report_only`"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
