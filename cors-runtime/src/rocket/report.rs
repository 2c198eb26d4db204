//! Makes the report of an application's policies, of the table of its routes.

use std::collections::BTreeSet;

use rocket::figment::Figment;
use rocket::{Phase, Rocket};

use super::config::source;
use super::state::State;
use super::table::{Entry, Table};
use crate::report::{ConfiguredList, Protection, Report, SharedFallback, SharedPolicy, SharedRoute, UnsharedRoute};

pub(super) fn report<P: Phase>(rocket: &Rocket<P>) -> Report {
    let table = Table::read(rocket);
    let state = State::of(rocket);
    let fallbacks: Vec<_> = state.into_iter().flat_map(|state| state.fallbacks()).collect();
    let routes = table.entries.iter().filter_map(|entry| entry.policy).chain(fallbacks.iter().map(|one| one.policy));
    let lists: BTreeSet<_> = routes.flat_map(|route| route.policy.parts.lists).copied().collect();
    Report {
        version: Report::VERSION,
        protection: state.map(|state| protection(state)).unwrap_or_default(),
        lists: Some(lists.into_iter().map(|name| list(name, rocket.figment())).collect()),
        shared: table.entries.iter().filter_map(shared).collect(),
        fallbacks: fallbacks
            .iter()
            .map(|one| SharedFallback { base: one.base.to_owned(), policy: SharedPolicy::of(one.policy.policy) })
            .collect(),
        unshared: table.entries.iter().filter(|entry| entry.policy.is_none()).map(unshared).collect(),
    }
    .sorted()
}

fn protection(state: &State) -> Protection {
    Protection::of(state.own_origins(), state.protects_all(), state.reports_only())
}

/// A list as it stands in the configuration. One that is not valid has refused the launch.
fn list(name: &str, figment: &Figment) -> ConfiguredList {
    let key = format!("cors.{name}");
    let mut origins: Vec<String> = figment.extract_inner(&key).unwrap_or_default();
    origins.sort();
    ConfiguredList { name: name.to_owned(), origins, source: source(figment, &key) }
}

fn shared(entry: &Entry) -> Option<SharedRoute> {
    Some(SharedRoute {
        path: entry.path.clone(),
        method: entry.method.to_owned(),
        rank: Some(entry.rank),
        format: entry.format.as_ref().map(ToString::to_string),
        handler: entry.name.clone(),
        source: entry.source(),
        policy: SharedPolicy::of(entry.policy?.policy),
    })
}

fn unshared(entry: &Entry) -> UnsharedRoute {
    UnsharedRoute {
        path: entry.path.clone(),
        method: entry.method.to_owned(),
        rank: Some(entry.rank),
        format: entry.format.as_ref().map(ToString::to_string),
        handler: entry.name.clone(),
    }
}
