//! What the launch says: how many routes are shared with whom, what protects the others, and then what is worth a look.

use std::collections::{BTreeMap, BTreeSet};

use rocket::figment::Figment;
use rocket::{Orbit, Rocket};

use super::config::source;
use super::launch_notes::notes;
use super::launch_text::{Item, counted, each, listed, sorted};
use super::sources::RoutePolicy;
use super::state::State;
use super::table::{Entry, Table};
use super::version::{launch, launch_, warn};
use crate::events;
use crate::policy::{AllowHeaders, Enforce, Policy, PolicyParts};

/// Says it, in the manner of Rocket's own launch messages.
pub(super) fn write(table: &Table, state: &State, rocket: &Rocket<Orbit>) {
    let figment = rocket.figment();
    let mut lines: Vec<String> = summary(table, state).into_iter().collect();
    lines.extend(shared(table));
    lines.extend(fallbacks(state));
    lines.extend(lists(table, state, figment));
    lines.extend(own_origins(state));
    lines.extend(notes(table, state, rocket));
    if !lines.is_empty() {
        launch!("🌐 CORS:");
    }
    for line in lines {
        launch_!("{line}");
        events::launch(&line);
    }
    warnings(table, state, figment);
}

/// How many routes there are of each kind.
fn summary(table: &Table, state: &State) -> Option<String> {
    let count = |is: fn(&Entry) -> bool| table.entries.iter().filter(|entry| is(entry)).count();
    let open = count(|entry| entry.is_open() && !entry.names_somebody());
    let shared = count(Entry::names_somebody);
    let without = count(|entry| entry.policy.is_none());
    let own = table.entries.len() - open - shared - without;
    // With `protect_all` a route without a policy is one of the application's own.
    let (own, without, by) =
        if state.protects_all() { (own + without, 0, " (`protect_all`)") } else { (own, without, "") };
    let kinds = [
        (own, format!("for own pages only{by}")),
        (open, "open to every page's writes".to_owned()),
        (without, "without a policy".to_owned()),
    ];
    let others = kinds.into_iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!(", {count} {kind}"));
    let others = others.collect::<String>();
    let routes = counted(table.entries.len(), "route");
    match (table.entries.len(), shared) {
        (0, _) => None,
        (all, shared) if all == shared => Some(format!("{routes}, all shared with other origins")),
        (_, 0) => Some(format!("{routes}: none shared with other origins{others}")),
        (_, shared) => Some(format!("{routes}: {shared} shared with other origins{others}")),
    }
}

/// The routes that are shared with the same origins together, those with the most routes first.
fn shared(table: &Table) -> Vec<String> {
    let mut groups: Vec<(RoutePolicy, Vec<&Entry>)> = Vec::new();
    for entry in table.sorted() {
        let Some(policy) = entry.policy else { continue };
        match groups.iter_mut().find(|(known, _)| have_one_audience(known, &policy)) {
            Some((_, entries)) => entries.push(entry),
            None => groups.push((policy, vec![entry])),
        }
    }
    let key = |(policy, entries): &(RoutePolicy, Vec<_>)| (policy.names_nobody(), std::cmp::Reverse(entries.len()));
    let groups = sorted(groups, |a, b| key(a).cmp(&key(b)));
    let groups: Vec<_> = groups.iter().map(|(route, entries)| group(route.policy, entries)).collect();
    let is_cut = groups.iter().any(|(_, is_whole)| !is_whole);
    let more = is_cut.then(|| "`cargo cors report` lists all routes".to_owned());
    groups.into_iter().flat_map(|(lines, _)| lines).chain(more).collect()
}

/// The routes with one audience, and whether these are all of them: too many are counted by where they are mounted.
fn group(policy: &Policy, entries: &[&Entry]) -> (Vec<String>, bool) {
    let start = format!("{} shared with {policy}:", counted(entries.len(), "route"));
    let (lines, is_whole) = listed(&start, &by_path(entries));
    let mounts = by_mount(entries);
    let lines = if is_whole || mounts.len() == 1 { lines } else { listed(&start, &mounts).0 };
    (lines, is_whole)
}

/// Whether two policies name the same origins. What else they say is for those who read the policy.
fn have_one_audience(one: &RoutePolicy, other: &RoutePolicy) -> bool {
    let audience = |policy: &Policy| PolicyParts {
        allow: &[],
        allow_headers: AllowHeaders::Listed(""),
        expose_headers: "",
        max_age: "",
        enforce: Enforce::Writes,
        ..policy.parts
    };
    one.sources == other.sources && audience(one.policy) == audience(other.policy)
}

/// The routes with the methods of one path together: `GET|POST /users`. They are sorted by path.
fn by_path(entries: &[&Entry]) -> Vec<Item> {
    let text = |entries: &[&Entry]| {
        let mut methods: Vec<_> = entries.iter().map(|entry| entry.method).collect();
        methods.dedup();
        let path = entries.first().map_or("", |entry| &entry.path);
        (entries.len(), format!("{} {path}", methods.join("|")))
    };
    entries.chunk_by(|one, next| one.path == next.path).map(text).collect()
}

/// How many of the routes are mounted where.
fn by_mount(entries: &[&Entry]) -> Vec<Item> {
    let mut mounts: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in entries {
        *mounts.entry(&entry.mounted_at).or_default() += 1;
    }
    mounts.into_iter().map(|(base, count)| (count, format!("{count} mounted at {base}"))).collect()
}

/// The policies of errors that no route is responsible for.
fn fallbacks(state: &State) -> Vec<String> {
    let line = |(base, policy): (&str, &Policy)| format!("errors below {base} are shared with {policy}");
    let lines = state.fallbacks().iter().map(|one| line((one.base, one.policy.policy)));
    sorted(lines.collect(), Ord::cmp)
}

/// The lists that policies name, with what stands in them at launch.
fn lists(table: &Table, state: &State, figment: &Figment) -> Vec<String> {
    let policies = table.entries.iter().filter_map(|entry| entry.policy);
    let policies = policies.chain(state.fallbacks().iter().map(|fallback| fallback.policy));
    let names: BTreeSet<_> = policies.flat_map(|route| route.policy.parts.lists).collect();
    let lines = |name: &&str| {
        let key = format!("cors.{name}");
        // One that cannot be read has refused the launch, and for an empty one there is a note.
        let origins: Vec<String> = figment.extract_inner(&key).unwrap_or_default();
        let start = format!("config({name:?}), from {}:", source(figment, &key));
        if origins.is_empty() { Vec::new() } else { listed(&start, &each(origins)).0 }
    };
    names.into_iter().flat_map(lines).collect()
}

/// The names of the application itself.
fn own_origins(state: &State) -> Vec<String> {
    let Some(own) = state.own_origins() else { return Vec::new() };
    let are = if state.reports_only() { "would be" } else { "are" };
    let start = format!("own origins, so requests with another `Host` {are} refused:");
    listed(&start, &each(own.iter().map(ToOwned::to_owned))).0
}

/// What is likely to be a mistake in production.
fn warnings(table: &Table, state: &State, figment: &Figment) {
    let warning = |message: &str| {
        warn!("CORS: {message}");
        events::warning(message);
    };
    if state.reports_only() {
        warning(
            "nothing is turned away: `report_only` is on; help: switch it off when none of your own pages is in the log",
        );
    }
    // A build for production with `debug-assertions = true`: the profile of the build says so, not that of Rocket.
    let has_debug_origins =
        |entry: &Entry| entry.policy.is_some_and(|route| !route.policy.parts.debug_origins.is_empty());
    if figment.profile() == "release" && table.entries.iter().any(has_debug_origins) {
        warning(
            "`debug_origins` are in effect, and Rocket's profile is `release`; help: build without `debug-assertions`",
        );
    }
}
