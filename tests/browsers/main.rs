//! The policies in real browsers: Chromium, Firefox and WebKit go through one table.
//!
//! The only judge of a CORS answer is a browser. Each engine opens one page, which makes the calls of the table from
//! the places that it names, and reports what the browser let the scripts do. That has to be what the table says; so has
//! what the server saw, and which headers the scripts could read.
//!
//! | file | what is in it |
//! |---|---|
//! | `cases/` | the table by topics: handlers with their policies, and the cases that call them |
//! | `table.rs` | what a case is |
//! | `api.rs` | the application |
//! | `record.rs` | what the application saw |
//! | `stage.rs` | the servers of a run |
//! | `engines.rs` | starting the engines, and ending them |
//! | `page/` | the page, and the script that makes the calls |
//!
//! Engines that are not there are left out, with a line that names them. `CORS_BROWSERS=all` makes that a failure, and
//! `CORS_BROWSERS=chromium,webkit` asks for these; `CORS_BROWSERS=none` for none.

#![allow(unreachable_pub, reason = "modules of a test: nothing of it is reachable")]

mod api;
mod cases;
mod engines;
mod record;
mod stage;
mod table;

use std::env;
use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};

use engines::Engine;
use stage::{Found, Stage};
use table::{Case, EVERY, Outcome};

/// One run at a time: the page has a fixed port.
static RUNNING: Mutex<()> = Mutex::new(());

#[test]
fn chromium() {
    run(Engine::Chromium);
}

#[test]
fn firefox() {
    run(Engine::Firefox);
}

#[test]
fn webkit() {
    run(Engine::WebKit);
}

fn run(engine: Engine) {
    let _alone = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(installed) = engine.find().filter(|_| is_asked_for(engine)) else { return leave_out(engine) };
    let cases: Vec<Case> = cases::topics().into_iter().flat_map(|topic| topic.cases).collect();
    let stage = Stage::launch(&cases);
    let report = stage.report(&mut installed.open(&Stage::url()));
    assert_eq!(report.broken, None, "the page could not go through the table");

    let mut failures = Vec::new();
    for case in &cases {
        let found = report.results.iter().find(|found| found.id == case.id);
        let Some(observed) = found.map(|found| observed(found, &stage)) else {
            failures.push(format!("{}: no result", case.id));
            continue;
        };
        let expected = case.expected(engine);
        if !expected.contains(&observed) {
            let expected: Vec<_> = expected.iter().map(ToString::to_string).collect();
            failures.push(format!("{}\n  expected {}\n  observed {observed}", case.id, expected.join("\n        or ")));
        }
    }
    say(&format!(
        "{engine}: {} of {} cases as expected, {}",
        cases.len() - failures.len(),
        cases.len(),
        installed.version()
    ));
    assert!(failures.is_empty(), "in {engine}:\n{}", failures.join("\n"));
}

/// What came of a case, in the words of the table.
fn observed(found: &Found, stage: &Stage) -> Outcome {
    let every =
        ["date", "etag", "server", "x-one", "x-two"].iter().all(|name| found.readable.iter().any(|read| read == name));
    let reads = if every { EVERY.to_owned() } else { found.readable.join(", ") };
    Outcome { verdict: found.verdict.clone(), sees: stage.record().of(&found.id), reads }
}

fn is_asked_for(engine: Engine) -> bool {
    match env::var("CORS_BROWSERS") {
        Ok(names) if names != "all" => names.split(',').any(|name| name.trim() == engine.key()),
        _ => true,
    }
}

/// Says that an engine was left out. Where it was asked for by `CORS_BROWSERS`, that is a failure.
fn leave_out(engine: Engine) {
    let asked = env::var_os("CORS_BROWSERS").is_some() && is_asked_for(engine);
    assert!(!asked, "{engine} is not there; on Debian: apt-get install --no-install-recommends {}", engine.packages());
    say(&format!("{engine} was left out"));
}

/// Says something even when the test passes: the test harness withholds what is printed.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "browsers: {line}");
}
