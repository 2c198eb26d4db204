//! Launches that are refused: without the fairing; with policies that no preflight can tell apart; with writes that may
//! run a route without a policy after all; with lists that the rules find something in; with checks that cannot be asked;
//! with fallbacks below which there is nothing; and with fairings that would undo the headers.

use std::collections::BTreeSet;

use rocket::{Ignite, Rocket, Sentinel};

use super::config::Use;
use super::settings::{CrossOrigin, Fallback};
use super::state::State;
use super::table::{Table, named};
use super::version::{error, error_};
use super::{order, own};
use crate::events;
use crate::list_errors::ListError;

/// Refuses a launch without the fairing: forgetting it must neither silently share nor silently not share. Each annotated
/// route has it.
pub(super) struct Attached;

impl Sentinel for Attached {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        let missing = State::of(rocket).is_none();
        // Rocket asks once for each type, however many routes bring it.
        if missing {
            error!("`#[cross_origin]` needs the CORS fairing, which is not attached.");
            events::error("`#[cross_origin]` needs the CORS fairing, which is not attached");
            if rocket.state::<CrossOrigin>().is_some() {
                error_!("`CrossOrigin` is in the managed state, where it does nothing: a fairing has to be attached");
                error_!(
                    "help: write `.attach(…)` instead of `.manage(…)` for it, as in \
                    `.attach(cors_runtime::rocket::CrossOrigin::fairing())`"
                );
            } else {
                error_!("help: add the line `.attach(cors_runtime::rocket::CrossOrigin::fairing())`");
            }
            error_!("without it no policy is in effect, so the launch is refused");
        }
        missing
    }
}

/// Refuses the launch of an application whose policies would not hold. The OPTIONS route has it.
pub(super) struct SoundPolicies;

impl Sentinel for SoundPolicies {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        let table = Table::read(rocket);
        // All are asked, so that everything is said at once. First what the others need.
        [
            protection_is_invalid(rocket),
            policies_conflict(&table),
            writes_fall_through(rocket, &table),
            lists_are_invalid(rocket, &table),
            checks_are_foreign(rocket, &table),
            fallbacks_are_invalid(rocket),
            headers_are_undone(rocket),
        ]
        .contains(&true)
    }
}

/// Own origins and hosts that are not right. Settles them if they are.
fn protection_is_invalid(rocket: &Rocket<Ignite>) -> bool {
    let Some(state) = State::of(rocket) else { return false };
    let Err(errors) = state.settle(rocket.figment()) else { return false };
    error!("Invalid settings of the CORS fairing:");
    for error in &errors {
        say(error);
        error_!("from {}", error.source);
    }
    true
}

/// Says what is wrong with an entry of the configuration, and what to write instead.
fn say(error: &ListError) {
    error_!("{}: {}", error.key, error.message);
    events::error(error);
    error_!("help: {}", error.help);
    if let Some(rule) = error.rule {
        error_!("rule `{rule}`");
    }
}

fn policies_conflict(table: &Table) -> bool {
    let mut refused = false;
    for (a, b) in table.conflicts() {
        refused = true;
        error!("Two routes that differ only in their format have different CORS policies:");
        error_!("{}", a.describe());
        error_!("{}", b.describe());
        let pair = format_args!("{}; {}", a.describe(), b.describe());
        events::error(format_args!("two routes that differ only in their format have different policies: {pair}"));
        error_!("a preflight does not say which format the request will have");
        error_!("help: give both the same policy, or move one of them to another path");
    }
    refused
}

/// A preflight that the policy of a write grants must not let the request run a route without a policy, or one whose policy
/// would not grant it and turns nobody away.
fn writes_fall_through(rocket: &Rocket<Ignite>, table: &Table) -> bool {
    let protects_all = State::of(rocket).is_some_and(|state| state.protects_all());
    let mut refused = false;
    for (target, from) in table.unprotected() {
        if protects_all && target.policy.is_none() {
            continue;
        }
        refused = true;
        let (to, help) = if target.policy.is_none() {
            let none = "if only the server's own pages call it, or else a policy";
            let cover = "routes that no attribute can be written on get one by `cover`";
            ("a route without one", format!("write `#[cross_origin(none)]` above `{}` {none}; {cover}", target.name))
        } else {
            let help = format!("remove `enforce = false` from `{}`, or let it name the same origins", target.name);
            ("one that names fewer origins and has `enforce = false`", help)
        };
        error!("Writes may be passed on from a route with a CORS policy to {to}:");
        error_!("from {}", named(from.iter().map(|entry| entry.describe())));
        error_!("to {}", target.describe());
        let pair = format_args!("{target}, from {}", named(from.iter().map(ToString::to_string)));
        events::error(format_args!("writes may be passed on to {to}: {pair}"));
        error_!("a guard, a parameter or a format decides that at request time, after the preflight has been granted");
        error_!("help: {help}");
    }
    refused
}

/// Checks that take the requests of another framework, so that they could never be asked.
fn checks_are_foreign(rocket: &Rocket<Ignite>, table: &Table) -> bool {
    let fallbacks = State::of(rocket).map_or(&[][..], |state| state.fallbacks());
    let policies = table.policies().chain(fallbacks.iter().map(|fallback| fallback.policy));
    let checks = policies.flat_map(|policy| policy.sources.checks);
    let foreign: BTreeSet<_> = checks.filter(|check| !(check.fits)()).map(|check| check.name).collect();
    let mut refused = false;
    for name in foreign {
        refused = true;
        error!("`check({name})` does not take requests of Rocket:");
        events::error(format_args!("`check({name})` does not take requests of Rocket"));
        error_!(
            "help: write `async fn {name}(origin: &cors_runtime::Origin<'_>, request: &rocket::Request<'_>) -> bool`"
        );
    }
    refused
}

/// A base that no request is below, and two policies for one base.
fn fallbacks_are_invalid(rocket: &Rocket<Ignite>) -> bool {
    let Some(state) = State::of(rocket) else { return false };
    let mut refused = false;
    let mut refuse = |message: &str, help: &str| {
        refused = true;
        error!("Invalid base of a CORS fallback:");
        error_!("{message}");
        events::error(format_args!("invalid base of a fallback: {message}"));
        error_!("help: {help}");
    };
    let fallbacks = state.fallbacks();
    for (index, fallback) in fallbacks.iter().enumerate() {
        match &fallback.segments {
            Err(bad) => refuse(&bad.message, &bad.help),
            Ok(segments) => {
                let same = |other: &&Fallback| other.segments.as_ref() == Ok(segments);
                if let Some(other) =
                    fallbacks.iter().take(index).find(same).filter(|other| other.policy != fallback.policy)
                {
                    let (one, two) = (other.policy.policy, fallback.policy.policy);
                    refuse(&format!("`{}` has two policies: {one}; {two}", fallback.base), "remove one of them");
                }
            }
        }
    }
    refused
}

/// The headers are set last. A fairing that would see the response after that could erase `Vary`, or share more.
fn headers_are_undone(rocket: &Rocket<Ignite>) -> bool {
    let has_gate = State::of(rocket).is_some_and(|state| state.has_gate());
    let behind = order::behind(rocket, own::responses(has_gate));
    if behind.is_empty() {
        return false;
    }
    error!("Fairings stand behind the one that sets the CORS headers: {}.", behind.join(", "));
    events::error(format_args!("fairings stand behind the one that sets the headers: {}", behind.join(", ")));
    error_!("they were attached by fairings that were attached by fairings, and could undo the headers");
    error_!("help: move the line `.attach(CrossOrigin::fairing())` behind all other lines with `.attach(…)`");
    true
}

/// Reads the lists of origins for the first time, and says what is wrong with them.
fn lists_are_invalid(rocket: &Rocket<Ignite>, table: &Table) -> bool {
    let Some(state) = State::of(rocket) else { return false };
    let fallbacks = state.fallbacks().iter().filter_map(|fallback| {
        let read = fallback.policy.sources.lists?;
        Some(Use { policy: fallback.policy.policy, read, by: format!("errors below {}", fallback.base) })
    });
    let Err(errors) = state.lists.load(table.uses().chain(fallbacks).collect(), rocket.figment()) else {
        return false;
    };
    error!("Invalid origin lists in the configuration:");
    for error in &errors {
        say(error);
        error_!("from {}, used by {}", error.source, error.used_by.join(", "));
    }
    true
}
