//! What is worth a look in an application's policies, each with what to do about it. None of it refuses a launch.

use std::collections::BTreeMap;

use cors_rules::own::SETTINGS;

use rocket::figment::Figment;
use rocket::figment::value::Value;
use rocket::{Orbit, Rocket};

use super::config::source;
use super::launch_text::{Note, counted, sorted};
use super::state::State;
use super::table::{Entry, Table, by_path};
use super::version;
use crate::policy::{Origins, Policy};
use crate::request::is_write;

/// How many things of one kind are said before the others are counted.
const SAID: usize = 3;

/// How the errors of a fallback are called: no route is called so.
const ERRORS: &str = "errors below ";

/// The lines, the more dangerous ones first.
pub(super) fn notes(table: &Table, state: &State, rocket: &Rocket<Orbit>) -> Vec<String> {
    let figment = rocket.figment();
    let policies = policies(table, state);
    let mut notes = shared_with_everybody(&policies);
    notes.extend(open(table));
    notes.extend(allowed(&policies));
    notes.extend(debug_origins(&policies));
    notes.extend(empty_lists(&policies, figment));
    notes.extend(unused_lists(state, figment));
    let mut lines: Vec<_> = notes.into_iter().flat_map(Note::lines).collect();
    lines.extend(overlaps(table));
    let last = unshared(table, state).into_iter().chain(rebinding(table, state, rocket));
    lines.extend(last.flat_map(Note::lines));
    lines
}

/// All policies, each with what has it: a route, or the errors below a base.
fn policies(table: &Table, state: &State) -> Vec<(String, &'static Policy)> {
    let routes = table.sorted().into_iter().filter_map(|entry| Some((entry.to_string(), entry.policy?.policy)));
    let fallbacks = state.fallbacks().iter();
    let fallbacks = fallbacks.map(|one| (format!("{ERRORS}{}", one.base), one.policy.policy)).collect();
    routes.chain(sorted(fallbacks, |(one, _), (other, _)| one.cmp(other))).collect()
}

/// What has a policy with each of these values, by value.
fn by_value<V: Ord>(
    policies: &[(String, &'static Policy)],
    values: impl Fn(&'static Policy) -> Vec<V>,
) -> BTreeMap<V, Vec<String>> {
    let mut found: BTreeMap<V, Vec<String>> = BTreeMap::new();
    for (name, policy) in policies {
        for value in values(policy) {
            found.entry(value).or_default().push(name.clone());
        }
    }
    found
}

fn shared_with_everybody(policies: &[(String, &'static Policy)]) -> Vec<Note> {
    let any = |policy: &'static Policy| Vec::from_iter((policy.parts.origins == Origins::Any).then_some(()));
    let note = |names: Vec<String>| {
        // The routes have been named before, under their policies.
        let (errors, routes): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name.starts_with(ERRORS));
        let routes = if routes.len() > 1 { vec![counted(routes.len(), "route")] } else { routes };
        let names: Vec<_> = routes.into_iter().chain(errors).collect();
        Note::about("`origins = any` on", &names, "list the origins if this is not public".to_owned())
    };
    by_value(policies, any).into_values().map(note).collect()
}

/// Handlers that pages of any origin can make run.
fn open(table: &Table) -> Option<Note> {
    let open: Vec<_> = table.sorted().into_iter().filter(|entry| entry.is_open()).map(ToString::to_string).collect();
    let help = "verify what is sent".to_owned();
    (!open.is_empty()).then(|| Note::about("`enforce = false` lets every page write to", &open, help))
}

fn allowed(policies: &[(String, &'static Policy)]) -> Vec<Note> {
    let note = |(lint, names): (&str, Vec<String>)| {
        Note::about(&format!("`allow({lint})` on"), &names, format!("see `cargo cors rule {lint}`"))
    };
    by_value(policies, |policy| policy.parts.allow.to_vec()).into_iter().map(note).collect()
}

fn debug_origins(policies: &[(String, &'static Policy)]) -> Vec<Note> {
    let note = |(origins, names): (&[&str], Vec<String>)| {
        let start = format!("`debug_origins` adds {} to", origins.join(", "));
        Note::about(&start, &names, "not in release builds".to_owned())
    };
    let given = |policy: &'static Policy| {
        let origins = policy.parts.debug_origins;
        Vec::from_iter((!origins.is_empty()).then_some(origins))
    };
    by_value(policies, given).into_iter().map(note).collect()
}

fn empty_lists(policies: &[(String, &'static Policy)], figment: &Figment) -> Vec<Note> {
    let names = by_value(policies, |policy| policy.parts.lists.to_vec()).into_keys();
    let is_empty = |key: &str| figment.extract_inner::<Vec<String>>(key).is_ok_and(|list| list.is_empty());
    let empty = names.map(|name| format!("cors.{name}")).filter(|key| is_empty(key));
    let note = |key: String| Note {
        fact: format!("{key}, from {}, is empty and names nobody", source(figment, &key)),
        help: "write origins into it".to_owned(),
    };
    empty.map(note).collect()
}

/// Lists that no policy names: a misspelled name, or one whose policy has been removed. They are checked nevertheless, since
/// they will be used as soon as the name is right.
fn unused_lists(state: &State, figment: &Figment) -> Vec<Note> {
    let lists = state.lists.snapshot();
    let configured = figment.find_value("cors").ok().and_then(Value::into_dict).unwrap_or_default();
    let unused = configured.into_keys().filter(|name| lists.get(name).is_none() && !SETTINGS.contains(&&**name));
    let notes = unused.flat_map(|name| {
        let key = format!("cors.{name}");
        let escaped = key.escape_debug();
        let unused = Note {
            fact: format!("no policy names {escaped}, from {}", source(figment, &key)),
            help: "correct its name, or remove it".to_owned(),
        };
        let found = state.lists.findings_in_unused(&key, figment).into_iter();
        let mut found: Vec<_> =
            found.map(|found| Note { fact: format!("{escaped}: {}", found.message), help: found.help }).collect();
        let more = found.len().saturating_sub(SAID);
        found.truncate(SAID);
        let more = (more > 0).then(|| Note {
            fact: format!("{escaped}: {}", counted(more, "more mistake")),
            help: "name the list in a policy, and the launch says all of them".to_owned(),
        });
        std::iter::once(unused).chain(found).chain(more)
    });
    notes.collect()
}

/// Routes with a policy that pass requests on to one with another policy, or with none. The preflight is answered by the first
/// one's policy, and the response has the headers of the last one's. One line per target, since one that takes everything may
/// have many sources.
///
/// Rocket does not tell which guards forward. So only those are named that can forward without a guard, and those whose
/// target gets no request otherwise: whoever wrote such a pair counts on the forward.
fn overlaps(table: &Table) -> Vec<String> {
    let entries = table.sorted();
    let mut facts = Vec::new();
    for target in &entries {
        let passes_on =
            |entry: &&Entry| entry.policy.is_some() && entry.passes_on_to(target) && !entry.decides_like(target);
        let from = table.overlapping(target).map(|(_, entry)| entry).filter(passes_on);
        let mut from = by_path(from).into_iter();
        if let Some(first) = from.next() {
            let policy = if target.policy.is_some() { "another policy" } else { "no policy" };
            let from = match from.count() {
                0 => first.to_string(),
                more => format!("{first} and {more} more"),
            };
            facts.push(format!("{from} may forward to {target}, which has {policy}"));
        }
    }
    let help = "give both the same policy: the first one's answers preflights, and the last one's answers requests";
    if facts.len() == 1 {
        return facts.into_iter().flat_map(|fact| Note { fact, help: help.to_owned() }.lines()).collect();
    }
    let more = facts.len().saturating_sub(SAID);
    facts.truncate(SAID);
    let mut lines: Vec<_> = facts.into_iter().map(|fact| format!("note: {fact}")).collect();
    if more > 0 {
        lines.push(format!("note: {} may be reached so, too", counted(more, "more route")));
    }
    if !lines.is_empty() {
        lines.push(format!("help: {help}"));
    }
    lines
}

/// The routes without a policy. That may be meant, and may be forgotten.
fn unshared(table: &Table, state: &State) -> Option<Note> {
    let routes: Vec<_> = table.sorted().into_iter().filter(|entry| entry.policy.is_none()).collect();
    let writes = routes.iter().filter(|entry| entry.takes_forms()).count();
    let have = if routes.len() == 1 { "has" } else { "have" };
    let names: Vec<_> = routes.iter().map(ToString::to_string).collect();
    let help = if writes == 0 || state.protects_all() {
        "write `#[cross_origin(…)]` where other pages are meant to read".to_owned()
    } else {
        let them = match (writes, routes.len()) {
            (_, 1) => "it".to_owned(),
            (writes, all) if writes == all => "them".to_owned(),
            (writes, _) => format!("{writes} of them"),
        };
        format!("other sites can write to {them}, which `CrossOrigin::fairing().protect_all()` prevents")
    };
    let start = format!("{} {have} no policy:", counted(routes.len(), "route"));
    (!routes.is_empty()).then(|| Note::about(&start, &names, help))
}

/// What own origins are for, where an application has none and other computers do not reach it: the user's browser does, and
/// so does each page in it.
fn rebinding(table: &Table, state: &State, rocket: &Rocket<Orbit>) -> Option<Note> {
    let address = version::addresses(rocket).next()?;
    let is_local = version::addresses(rocket).all(|address| address.ip().is_loopback());
    let matters = |entry: &Entry| is_write(entry.method) || entry.has_credentials();
    if state.own_origins().is_some() || !is_local || !table.entries.iter().any(matters) {
        return None;
    }
    let scheme = if rocket.figment().find_value("tls").is_ok() { "https" } else { "http" };
    let port = address.port();
    Some(Note {
        fact: format!(
            "a page that makes its own name lead to {address} counts as this application's own (DNS rebinding)"
        ),
        help: format!(
            "name the own origins: `cors.own_origins = [\"{scheme}://localhost:{port}\", \"{scheme}://{address}\"]`"
        ),
    })
}
