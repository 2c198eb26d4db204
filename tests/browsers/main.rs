//! The policies in real browsers: the three engines go through one table.
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
//! | `driver.rs` | presses keys in a page |
//! | `rebinding.rs` | a page whose name is made to point at the application |
//! | `behind_nginx.rs` | the application's own form behind nginx, over plain http |
//! | `wrong_proxies.rs` | the mistakes of proxies that `cargo cors probe` finds |
//! | `playground.rs` | the page of `cargo run -p examples`, and of `cargo run -p axum-playground` |
//! | `document.rs` | `docs/browsers.md`, which shows the table |
//! | `mistakes.rs` | mistakes that were made on purpose, and which cases saw them |
//! | `wpt.rs` | which files of the Web Platform Tests the cases cover |
//! | `page/` | the page, and the script that makes the calls |
//!
//! Engines that are not there are left out, with a line that names them. `CORS_BROWSERS=all` makes that a failure, and
//! `CORS_BROWSERS=chromium,webkit` asks for these; `CORS_BROWSERS=none` for none.

#![allow(unreachable_pub, reason = "modules of a test: nothing of it is reachable")]

mod api;
mod behind_nginx;
mod cases;
mod document;
mod driver;
mod engines;
mod mistakes;
mod playground;
mod rebinding;
mod record;
mod stage;
mod table;
mod wpt;
mod wrong_proxies;

use std::env;
use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use engines::{ENGINES, Engine, Installed};
use playground::Playground;
use stage::{Found, Stage};
use table::{Case, EVERY, Outcome};

/// One run at a time: the page has a fixed port, and so has that of the playground.
static RUNNING: Mutex<()> = Mutex::new(());

#[test]
fn the_table_in_chromium() {
    alone_in(Engine::Chromium, go_through_the_table);
}

#[test]
fn the_table_in_firefox() {
    alone_in(Engine::Firefox, go_through_the_table);
}

#[test]
fn the_table_in_webkit() {
    alone_in(Engine::WebKit, go_through_the_table);
}

#[test]
fn the_playground_in_chromium() {
    alone_in(Engine::Chromium, |engine| visit_the_playground("the playground", &playground::ON_ROCKET, engine));
}

#[test]
fn the_playground_in_firefox() {
    alone_in(Engine::Firefox, |engine| visit_the_playground("the playground", &playground::ON_ROCKET, engine));
}

#[test]
fn the_playground_in_webkit() {
    alone_in(Engine::WebKit, |engine| visit_the_playground("the playground", &playground::ON_ROCKET, engine));
}

#[test]
fn the_playground_on_axum_in_chromium() {
    alone_in(Engine::Chromium, |engine| visit_the_playground("the playground on axum", &playground::ON_AXUM, engine));
}

#[test]
fn the_playground_on_axum_in_firefox() {
    alone_in(Engine::Firefox, |engine| visit_the_playground("the playground on axum", &playground::ON_AXUM, engine));
}

#[test]
fn the_playground_on_axum_in_webkit() {
    alone_in(Engine::WebKit, |engine| visit_the_playground("the playground on axum", &playground::ON_AXUM, engine));
}

#[test]
fn rebinding_in_chromium() {
    by_name_in(Engine::Chromium, rebinding::attack);
}

#[test]
fn rebinding_in_firefox() {
    by_name_in(Engine::Firefox, rebinding::attack);
}

#[test]
fn rebinding_in_webkit() {
    by_name_in(Engine::WebKit, rebinding::attack);
}

#[test]
fn the_form_behind_nginx_in_chromium() {
    by_name_in(Engine::Chromium, behind_nginx::submit);
}

#[test]
fn the_form_behind_nginx_in_firefox() {
    by_name_in(Engine::Firefox, behind_nginx::submit);
}

#[test]
fn the_form_behind_nginx_in_webkit() {
    by_name_in(Engine::WebKit, behind_nginx::submit);
}

#[test]
fn wrong_proxies_in_chromium() {
    by_name_in(Engine::Chromium, wrong_proxies::visit);
}

#[test]
fn wrong_proxies_in_firefox() {
    by_name_in(Engine::Firefox, wrong_proxies::visit);
}

#[test]
fn wrong_proxies_in_webkit() {
    by_name_in(Engine::WebKit, wrong_proxies::visit);
}

/// Does something in an engine that opens pages by a name of the test's own, if it is there and can.
fn by_name_in(engine: Engine, act: impl FnOnce(&Installed) -> String) {
    if engine.find().is_none_or(|installed| installed.takes_names()) {
        return alone_in(engine, act);
    }
    let why = "a name cannot be made to point to this machine, since `unshare --mount` is not allowed";
    assert!(env::var_os("CORS_BROWSERS").is_none() || !is_asked_for(engine), "{engine}: {why}");
    say(&format!("{engine} was LEFT OUT: {why}"));
}

/// Does something in an engine, if that is there.
fn alone_in(engine: Engine, act: impl FnOnce(&Installed) -> String) {
    let _alone = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(installed) = engine.find().filter(|_| is_asked_for(engine)) else { return leave_out(engine) };
    let start = Instant::now();
    let done = act(&installed);
    say(&format!("{engine}: {done} in {:.1} s", start.elapsed().as_secs_f32()));
}

fn visit_the_playground(name: &str, playground: &Playground, installed: &Installed) -> String {
    let calls = playground::visit(playground, installed);
    format!("{name}, {calls} of {calls} calls on both origins as the policies say, and its keys,")
}

fn go_through_the_table(installed: &Installed) -> String {
    let engine = installed.engine;
    let cases = cases::all();
    let stage = Stage::launch(&cases);
    let report = stage.report(&mut installed.open(&Stage::url()));
    assert_eq!(report.broken, None, "the page could not go through the table");

    let failures: Vec<_> = cases.iter().filter_map(|case| failure(case, engine, &report.results, &stage)).collect();
    let (failed, total) = (failures.len(), cases.len());
    assert!(failures.is_empty(), "{engine}: {failed} of {total} cases failed:\n{}", failures.join("\n"));
    document::agrees(installed);
    format!("{total} of {total} cases as expected,")
}

/// Why a case failed, if it did.
fn failure(case: &Case, engine: Engine, results: &[Found], stage: &Stage) -> Option<String> {
    let Some(found) = results.iter().find(|found| found.id == case.id) else {
        return Some(format!("{}: no result", case.id));
    };
    let observed = observed(found, stage);
    let expected = case.expected(engine);
    if expected.contains(&observed) {
        return None;
    }
    let expected: Vec<_> = expected.iter().map(ToString::to_string).collect();
    let expected = expected.join("\n        or ");
    Some(format!("{} ({})\n  expected {expected}\n  observed {observed}", case.id, case.script))
}

/// What came of a case, in the words of the table.
fn observed(found: &Found, stage: &Stage) -> Outcome {
    let all = ["date", "etag", "server", "x-one", "x-two"];
    let all = all.iter().all(|name| found.readable.iter().any(|readable| readable == name));
    let reads = if all { EVERY.to_owned() } else { found.readable.join(", ") };
    Outcome { verdict: found.verdict.clone(), sees: stage.record().of(&found.id), reads }
}

/// A misspelt name would ask for nothing, and be green.
#[test]
fn the_engines_asked_for_are_known() {
    let asked = env::var("CORS_BROWSERS").unwrap_or_else(|_| "all".to_owned());
    let known = |name: &str| matches!(name, "all" | "none") || ENGINES.iter().any(|engine| engine.key() == name);
    let unknown: Vec<_> = asked.split(',').map(str::trim).filter(|name| !known(name)).collect();
    assert!(
        unknown.is_empty(),
        "CORS_BROWSERS names {unknown:?}; it is `all`, `none`, or some of chromium,firefox,webkit"
    );
}

/// Whether `CORS_BROWSERS` names an engine. If it is not set, it names every engine that is installed.
fn is_asked_for(engine: Engine) -> bool {
    match env::var("CORS_BROWSERS") {
        Ok(names) if names != "all" => names.split(',').any(|name| name.trim() == engine.key()),
        _ => true,
    }
}

/// Says that an engine was left out. Where `CORS_BROWSERS` names it, that is a failure.
fn leave_out(engine: Engine) {
    let asked = env::var_os("CORS_BROWSERS").is_some();
    let missing = engine.find().is_none();
    assert!(
        !(missing && asked && is_asked_for(engine)),
        "{engine} is not there; on Debian: apt-get install --no-install-recommends {}",
        engine.packages()
    );
    let why = if missing { "it is not there" } else { "CORS_BROWSERS does not name it" };
    say(&format!("{engine} was LEFT OUT: {why}"));
}

/// Says something even when the test passes: the harness withholds what is printed.
fn say(line: &str) {
    // Nobody is there to be told where this fails.
    let _ = writeln!(io::stderr(), "browsers: {line}");
}
