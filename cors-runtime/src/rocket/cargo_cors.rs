//! Answers `cargo cors`: the application writes its report, or its answers to one request, into a file and ends without
//! serving.
//!
//! | variable | what it says |
//! |---|---|
//! | `CORS_REPORT` | the path of an existing file, which the report is written into, as JSON |
//! | `CORS_EXPLAIN` | with `CORS_REPORT`: a [`Question`](crate::Question), whose answers are written instead; or several, with an empty line between them, whose answers are written as a list |
//!
//! Without the feature `json` an application looks at neither, and a release build needs the feature `cargo-cors`.
//!
//! The application answers at liftoff: everything that can refuse a launch has been asked by then, and no request is
//! served before. Rocket has bound another socket than usual, so that an application can be asked while it runs.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::{env, process};

use rocket::{Build, Orbit, Rocket, error, info_};

use serde_json::{Value, json};

use super::explain::explain;
use super::report::report;
use crate::question::Question;

const REPORT: &str = "CORS_REPORT";
const EXPLAIN: &str = "CORS_EXPLAIN";

/// The file that the application is asked to write into, if it is.
fn file() -> Option<OsString> {
    env::var_os(REPORT).filter(|path| !path.is_empty())
}

/// Lets an application that is asked bind any port, on the loopback interface.
pub(super) fn prepare(rocket: Rocket<Build>) -> Rocket<Build> {
    if file().is_none() {
        return rocket;
    }
    let figment = rocket.figment().clone().merge(("address", Ipv4Addr::LOCALHOST)).merge(("port", 0));
    rocket.configure(figment)
}

/// Writes what is asked for and ends the process; returns if nothing is asked for.
pub(super) fn answer(rocket: &Rocket<Orbit>) {
    let Some(path) = file() else { return };
    let text = match env::var(EXPLAIN) {
        Err(env::VarError::NotPresent) => json!(report(rocket)),
        asked => match asked.map_err(|error| error.to_string()).and_then(|text| answers(rocket, &text)) {
            Ok(answers) => answers,
            Err(error) => json!({ "error": error }),
        },
    }
    .to_string();
    // An existing file, so that a mistaken variable leaves no trace.
    let written =
        OpenOptions::new().write(true).truncate(true).open(&path).and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => process::exit(0),
        Err(error) => {
            error!("CORS: cannot write the file named by {REPORT}: {error}");
            info_!("{}", path.to_string_lossy().escape_debug());
            process::exit(1);
        }
    }
}

fn answers(rocket: &Rocket<Orbit>, text: &str) -> Result<Value, String> {
    let answer = |text: &str| {
        let question: Question = text.parse().map_err(|error| format!("the text of {EXPLAIN} is {error}"))?;
        explain(rocket, &question).map_err(|error| error.to_string())
    };
    // A launch may take a while, so that whoever has many questions asks them all at once.
    let mut answers = text.split("\n\n").map(answer).collect::<Result<Vec<_>, _>>()?;
    Ok(if answers.len() == 1 { json!(answers.remove(0)) } else { json!(answers) })
}
