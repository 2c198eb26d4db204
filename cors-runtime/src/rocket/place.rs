//! The last place among the fairings that see requests and responses, wherever the user's line stands.
//!
//! Rocket runs response fairings in the order in which they were attached. Fairings that are attached while an application
//! is ignited come after all that the application attached itself, and they may attach further ones, which are ignited
//! after them, level by level. So the response fairing is attached a few levels later, and the launch checks that it is
//! the last (`sentinels.rs`).

use std::sync::Arc;

use rocket::fairing::{self, Fairing, Info, Kind};
use rocket::{Build, Rocket};

use super::gate;
use super::order;
use super::response::Responses;
use super::state::State;

/// How many levels are waited for, since what comes later in the order cannot be seen.
const LEVELS: usize = 3;
/// After so many levels, something seems to attach fairings endlessly.
const LAST_LEVEL: usize = 64;

/// Attaches the response fairing once no other fairing is about to attach one.
pub(super) struct Place {
    state: Arc<State>,
    level: usize,
}

impl Place {
    pub(super) fn first(state: Arc<State>) -> Self {
        Place { state, level: 1 }
    }
}

#[rocket::async_trait]
impl Fairing for Place {
    fn info(&self) -> Info {
        // Rocket shows each of them at launch: three of one name would look like a mistake.
        let name = match self.level {
            1 => "CORS, behind other fairings: 1 of 3",
            2 => "CORS, behind other fairings: 2 of 3",
            LEVELS => "CORS, behind other fairings: 3 of 3",
            _ => "CORS, behind other fairings: once more",
        };
        Info { name, kind: Kind::Ignite }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> fairing::Result {
        let (state, level) = (self.state.clone(), self.level + 1);
        // Only fairings before this one can be seen. So behind all others it waits as long as necessary.
        let go_on = level <= LEVELS || level <= LAST_LEVEL && order::attaches_at_ignition(&rocket);
        if go_on {
            return Ok(rocket.attach(Place { state, level }));
        }
        let has_gate = state.needs_gate(rocket.figment());
        // Another fairing of this library may have been here before.
        let is_new = has_gate && !rocket.routes().any(gate::is_route);
        let rocket = if is_new { rocket.mount("/", [gate::route()]) } else { rocket };
        Ok(rocket.attach(Responses { state, has_gate }))
    }
}
