//! What the launch says: what is shared with whom, one line per path, with settings that deserve a second look; and what
//! has no policy.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use cors_rules::own::SETTINGS;

use rocket::figment::Figment;
use rocket::figment::value::Value;
use rocket::{launch_meta, launch_meta_, warn};

use super::config::{Snapshot, source};
use super::settings::Fallback;
use super::sources::RoutePolicy;
use super::state::State;
use super::table::{Entry, Table, named};
use crate::events;
use crate::policy::{Origins, Policy};
use crate::request::is_write;

/// Says what is shared with whom, in the manner of Rocket's own launch messages.
pub(super) fn write(table: &Table, state: &State, figment: &Figment) {
    let lists = state.lists.snapshot();
    let mut lines = protection(table, state);
    lines.extend(self::lines(table, &lists, figment));
    lines.extend(fallbacks(state, &lists, figment));
    lines.extend(overlaps(table));
    lines.extend(unused(state, &lists, figment));
    lines.extend(unshared(table, state));
    lines.extend(rebinding(table, state, figment));
    if !lines.is_empty() {
        launch_meta!("🌐 CORS:");
    }
    for line in lines {
        launch_meta_!("{line}");
        events::launch(&line);
    }
    if state.reports_only() {
        const WARNING: &str = "nothing is turned away: `report_only` is on, so policies are not enforced";
        warn!("CORS: {WARNING}");
        events::warning(WARNING);
    }
    // A build for production with `debug-assertions = true`: the profile of the build says so, not that of Rocket.
    let has_debug_origins =
        |entry: &Entry| entry.policy.is_some_and(|route| !route.policy.parts.debug_origins.is_empty());
    if figment.profile() == "release" && table.entries.iter().any(has_debug_origins) {
        const WARNING: &str = "`debug_origins` are in effect, and Rocket's profile is `release`: this build has \
                               `debug-assertions`";
        warn!("CORS: {WARNING}");
        events::warning(WARNING);
    }
}

/// What protects the application beside its policies.
fn protection(table: &Table, state: &State) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(own) = state.own_origins() {
        let origins = own.iter().collect::<Vec<_>>().join(", ");
        let are = if state.reports_only() { "would be" } else { "are" };
        lines.push(format!("own origins: {origins}; requests with another `Host` {are} refused"));
    }
    if state.protects_all() {
        let open = table.entries.iter().filter(|entry| entry.is_open());
        let open: Vec<_> = open.map(ToString::to_string).collect();
        let shared = table.entries.iter().filter(|entry| entry.names_somebody() && !entry.is_open()).count();
        let protected = table.entries.len() - shared - open.len();
        let names = if open.is_empty() { String::new() } else { format!(": {}", named(open.iter().cloned())) };
        lines.push(format!(
            "all routes are protected: {protected} for the application's own pages, {shared} shared, {} open{names}",
            open.len()
        ));
    }
    lines
}

/// What own origins are for, where an application has none and other computers do not reach it: the user's browser does, and
/// so does each page in it.
fn rebinding(table: &Table, state: &State, figment: &Figment) -> Option<String> {
    let address: IpAddr = figment.extract_inner("address").ok()?;
    let matters = |entry: &Entry| is_write(entry.method) || entry.has_credentials();
    if state.own_origins().is_some() || !address.is_loopback() || !table.entries.iter().any(matters) {
        return None;
    }
    let port: u16 = figment.extract_inner("port").ok()?;
    let scheme = if figment.find_value("tls").is_ok() { "https" } else { "http" };
    let address = SocketAddr::new(address, port);
    Some(format!(
        "own origins: not named, so a page that makes its own name point at this address (DNS rebinding) counts as the \
         application's own; name them: `cors.own_origins = [\"{scheme}://localhost:{port}\", \"{scheme}://{address}\"]`"
    ))
}

fn lines(table: &Table, lists: &Snapshot, figment: &Figment) -> Vec<String> {
    // Sorted: Rocket hands out routes in another order each time.
    let mut paths: BTreeMap<&str, Vec<(&Entry, RoutePolicy)>> = BTreeMap::new();
    for entry in &table.entries {
        if let Some(policy) = entry.policy {
            paths.entry(&entry.path).or_default().push((entry, policy));
        }
    }
    let mut lines = Vec::new();
    for (path, mut shared) in paths {
        shared.sort_by_key(|(entry, _)| (entry.method, &entry.name));
        // Methods of one policy stand together, in the order of the first.
        let mut groups: Vec<(RoutePolicy, Vec<String>)> = Vec::new();
        for (entry, policy) in shared {
            let method = format!("{} ({})", entry.method, entry.name);
            match groups.iter_mut().find(|(known, _)| *known == policy) {
                Some((_, methods)) => methods.push(method),
                None => groups.push((policy, vec![method])),
            }
        }
        let groups = groups.iter().map(|(RoutePolicy { policy, .. }, methods)| {
            format!("{}: {policy}{}", methods.join(", "), marks(policy, lists, figment))
        });
        lines.push(format!("{path}: {}", groups.collect::<Vec<_>>().join("; ")));
    }
    lines
}

/// The policies of errors that no route is responsible for.
fn fallbacks(state: &State, lists: &Snapshot, figment: &Figment) -> Vec<String> {
    let line = |fallback: &Fallback| {
        let policy = fallback.policy.policy;
        format!("errors below {}: {policy}{}", fallback.base, marks(policy, lists, figment))
    };
    let mut lines: Vec<_> = state.fallbacks().iter().map(line).collect();
    lines.sort();
    lines
}

/// Lists that no policy names: a misspelled name, or one whose policy has been removed. They are checked nevertheless, since
/// they will be used as soon as the name is right.
fn unused(state: &State, lists: &Snapshot, figment: &Figment) -> Vec<String> {
    let configured = figment.find_value("cors").ok().and_then(Value::into_dict).unwrap_or_default();
    let unused = configured.into_keys().filter(|name| !lists.knows(name) && !SETTINGS.contains(&&**name));
    unused
        .map(|name| {
            let key = format!("cors.{name}");
            let findings = state.lists.findings_in_unused(&key, figment);
            let findings = findings.iter().map(|error| format!("; {}, help: {}", error.message, error.help));
            let source = source(figment, &key);
            format!(
                "unused: {} from {source}, which no policy names{}",
                key.escape_debug(),
                findings.collect::<String>()
            )
        })
        .collect()
}

/// The routes without a policy. That may be meant, and may be forgotten.
fn unshared(table: &Table, state: &State) -> Option<String> {
    let mut routes: Vec<_> = table.entries.iter().filter(|entry| entry.policy.is_none()).collect();
    routes.sort_by_key(|entry| (&entry.path, entry.method, &entry.name));
    let (have, them) = if routes.len() == 1 { ("route has", "it") } else { ("routes have", "them") };
    let names = named(routes.iter().map(ToString::to_string));
    let writes = format!(", so only the application's own pages write to {them}");
    let writes = if state.protects_all() { &*writes } else { "" };
    (!routes.is_empty()).then(|| format!("{} {have} no policy{writes}: {names}", routes.len()))
}

/// Settings of a policy that deserve a second look.
fn marks(policy: &Policy, lists: &Snapshot, figment: &Figment) -> String {
    let mut marks = Vec::new();
    if policy.parts.origins == Origins::Any {
        marks.push("any".to_owned());
    }
    if !policy.parts.debug_origins.is_empty() {
        marks.push(format!("debug: {}", policy.parts.debug_origins.join(", ")));
    }
    if !policy.parts.allow.is_empty() {
        marks.push(format!("allow({})", policy.parts.allow.join(", ")));
    }
    marks.extend(policy.parts.lists.iter().map(|name| {
        let key = format!("cors.{name}");
        let (size, source) = (lists.len(name), source(figment, &key));
        format!("{key}: {size} origin{} from {source}", if size == 1 { "" } else { "s" })
    }));
    marks.iter().fold(String::new(), |text, mark| text + " [" + mark + "]")
}

/// Routes to which a request may be forwarded from a route with another policy. The preflight is answered by the first
/// one's policy, and the response has the headers of the last one's. One line per target, since one that takes everything
/// may have many sources.
fn overlaps(table: &Table) -> Vec<String> {
    let mut lines = Vec::new();
    for target in &table.entries {
        // The most expensive comparison comes last: there may be thousands of routes.
        let otherwise =
            |entry: &&Entry| entry.policy.is_some() && entry.may_forward_to(target) && entry.policy != target.policy;
        let mut from: Vec<_> = table.entries.iter().filter(otherwise).map(ToString::to_string).collect();
        if from.is_empty() {
            continue;
        }
        from.sort();
        lines.push(format!(
            "overlap: {}, may be reached by a forward from {}",
            target.describe(),
            named(from.into_iter())
        ));
    }
    lines.sort();
    lines
}
