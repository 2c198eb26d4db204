//! Launches that are refused: without the fairing, with policies that no preflight can tell apart, and with lists that
//! the rules find something in.

use std::cell::Cell;
use std::convert::Infallible;

use rocket::request::{self, FromRequest, Request};
use rocket::{Ignite, Rocket, Sentinel};

use super::config::Use;
use super::message::BoxFuture;
use super::state::State;
use super::table::Table;
use crate::events;

/// Refuses a launch without the fairing: forgetting it must neither silently share nor silently not share.
///
/// A request guard that always succeeds. As a parameter of the generated route it brings its sentinel along,
/// which Rocket asks at launch; as a guard beside the return type it hides no sentinel in there.
#[derive(Clone, Copy, Debug)]
pub struct Attached;

impl<'r> FromRequest<'r> for Attached {
    type Error = Infallible;

    // The future has no size, so boxing it allocates nothing.
    fn from_request<'a, 'f>(_: &'r Request<'a>) -> BoxFuture<'f, request::Outcome<Self, Infallible>>
    where
        'r: 'f,
        'a: 'f,
    {
        Box::pin(async { request::Outcome::Success(Attached) })
    }
}

impl Sentinel for Attached {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        let missing = State::of(rocket).is_none();
        if missing && first_time(rocket) {
            rocket::error!("`#[cross_origin]` needs the CORS fairing, which is not attached.");
            events::error("`#[cross_origin]` needs the CORS fairing, which is not attached");
            rocket::error_!("help: add the line `.attach(cors_runtime::rocket::CrossOrigin::fairing())`");
            rocket::error_!("without it no policy is in effect, so the launch is refused");
        }
        missing
    }
}

/// Whether this application is seen for the first time: Rocket asks once for every annotated route.
fn first_time(rocket: &Rocket<Ignite>) -> bool {
    thread_local!(static SEEN: Cell<usize> = const { Cell::new(0) });
    let address = std::ptr::from_ref(rocket) as usize;
    SEEN.replace(address) != address
}

/// Refuses the launch of an application with policies that no preflight can tell apart, or with invalid lists of origins.
pub(super) struct SoundPolicies;

impl<'r> FromRequest<'r> for SoundPolicies {
    type Error = Infallible;

    fn from_request<'a, 'f>(_: &'r Request<'a>) -> BoxFuture<'f, request::Outcome<Self, Infallible>>
    where
        'r: 'f,
        'a: 'f,
    {
        Box::pin(async { request::Outcome::Success(SoundPolicies) })
    }
}

impl Sentinel for SoundPolicies {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        let table = Table::read(rocket);
        // Both are asked, so that everything is said at once.
        policies_conflict(&table) | lists_are_invalid(rocket, &table)
    }
}

fn policies_conflict(table: &Table) -> bool {
    let mut refused = false;
    for (a, b) in table.conflicts() {
        refused = true;
        rocket::error!("Two routes that differ only in their format have different CORS policies:");
        rocket::error_!("{}", a.describe());
        rocket::error_!("{}", b.describe());
        let pair = format_args!("{}; {}", a.describe(), b.describe());
        events::error(format_args!("two routes that differ only in their format have different policies: {pair}"));
        rocket::error_!("a preflight does not say which format the request will have");
        rocket::error_!("help: give both the same policy, or move one of them to another path");
    }
    refused
}

/// Reads the lists of origins for the first time, and says what is wrong with them.
fn lists_are_invalid(rocket: &Rocket<Ignite>, table: &Table) -> bool {
    let Some(state) = State::of(rocket) else { return false };
    let fallbacks = state.settings.fallbacks.iter().filter_map(|fallback| {
        let read = fallback.policy.sources.lists?;
        Some(Use { policy: fallback.policy.policy, read, by: format!("errors below {}", fallback.base) })
    });
    let Err(errors) = state.lists.load(table.uses().chain(fallbacks).collect(), rocket.figment()) else {
        return false;
    };
    rocket::error!("Invalid origin lists in the configuration:");
    for error in &errors {
        rocket::error_!("{}: {}", error.key, error.message);
        events::error(error);
        rocket::error_!("help: {}", error.help);
        if let Some(rule) = error.rule {
            rocket::error_!("rule `{rule}`");
        }
        rocket::error_!("from {}, used by {}", error.source, error.used_by.join(", "));
    }
    true
}
