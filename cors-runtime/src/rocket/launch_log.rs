//! What the launch says: what is shared with whom, one line per path, with settings that deserve a second look.

use std::collections::BTreeMap;

use rocket::figment::Figment;
use rocket::{launch_meta, launch_meta_, warn};

use super::config::{OriginLists, Snapshot, source};
use super::sources::RoutePolicy;
use super::table::{Entry, Table};
use crate::events;
use crate::policy::{Origins, Policy};

/// How many routes a line names before it counts the others.
const NAMED: usize = 3;

/// Says what is shared with whom, in the manner of Rocket's own launch messages.
pub(super) fn write(table: &Table, lists: &OriginLists, figment: &Figment) {
    let lines = lines(table, &lists.snapshot(), figment);
    if !lines.is_empty() {
        launch_meta!("🌐 CORS:");
    }
    for line in lines {
        launch_meta_!("{line}");
        events::launch(&line);
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
    lines.extend(overlaps(table));
    lines
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
        let otherwise =
            |entry: &&Entry| entry.policy.is_some() && entry.policy != target.policy && entry.may_forward_to(target);
        let mut from: Vec<_> = table.entries.iter().filter(otherwise).map(ToString::to_string).collect();
        if from.is_empty() {
            continue;
        }
        from.sort();
        let more = from.len().saturating_sub(NAMED);
        from.truncate(NAMED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        lines.push(format!(
            "overlap: {}, may be reached by a forward from {}{more}",
            target.describe(),
            from.join(", ")
        ));
    }
    lines.sort();
    lines
}
