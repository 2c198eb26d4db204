//! Answers `cargo cors`: the application writes its report, or its answers to one request, into a file and ends without
//! serving.
//!
//! The application answers at liftoff: everything that can refuse a launch has been asked by then, and no request is
//! served before. Rocket has bound another socket than usual, so that an application can be asked while it runs.

use std::process;

use rocket::{Build, Orbit, Rocket};

use super::explain::explain;
use super::report::report;
use super::version::{self, error, info_};
use crate::cargo_cors::{Asked, REPORT};

/// Lets an application that is asked bind any port, on the loopback interface.
pub(super) fn prepare(rocket: Rocket<Build>) -> Rocket<Build> {
    if Asked::of_environment().is_none() { rocket } else { version::on_any_port(rocket) }
}

/// Writes what is asked for and ends the process; returns if nothing is asked for.
pub(super) fn answer(rocket: &Rocket<Orbit>) {
    let Some(asked) = Asked::of_environment() else { return };
    let explain = |question: &_| explain(rocket, question).map_err(|error| error.to_string());
    match asked.answer(|| report(rocket), explain) {
        Ok(()) => process::exit(0),
        Err(error) => {
            error!("CORS: cannot write the file named by {REPORT}: {error}");
            info_!("{}", asked.path.to_string_lossy().escape_debug());
            process::exit(1);
        }
    }
}
