//! What the playground's API logs at launch fits on one screen, and is what the guide shows.
//!
//! In a separate test binary, because a process has one logger.

#[path = "../playground/addresses.rs"]
#[allow(dead_code, reason = "nothing is welcomed here")]
mod addresses;
#[path = "../playground/api.rs"]
mod api;
#[path = "../playground/calls.rs"]
#[allow(dead_code, reason = "the wire is not there")]
mod calls;
#[path = "../playground/journal.rs"]
#[allow(dead_code, reason = "the wire is not there")]
mod journal;
#[path = "../playground/root.rs"]
mod root;

use std::sync::{Mutex, PoisonError};

use rocket::Config;
use rocket::config::LogLevel;
use rocket::local::blocking::Client;

/// It shows this log.
const GUIDE: &str = include_str!("../../docs/guide/launch.md");

/// Keeps the lines. Rocket sets its own logger only where there is none.
struct Recorder(Mutex<Vec<String>>);

static RECORDER: Recorder = Recorder(Mutex::new(Vec::new()));

impl log::Log for Recorder {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(record.args().to_string());
    }

    fn flush(&self) {}
}

#[test]
fn the_guide_shows_the_log_of_the_api_which_fits_on_a_screen() {
    log::set_logger(&RECORDER).expect("the first logger");
    log::set_max_level(log::LevelFilter::Info);
    let config = Config { log_level: LogLevel::Normal, cli_colors: false, ..Config::debug_default() };
    drop(Client::untracked(api::rocket(&config, &addresses::Addresses::new(8000, 8001, 8002))).expect("launches"));

    let lines = RECORDER.0.lock().unwrap_or_else(PoisonError::into_inner);
    let below = lines.iter().skip_while(|line| !line.ends_with("CORS:")).skip(1);
    let about: Vec<_> = below.take_while(|line| !line.ends_with("Shield:")).collect();
    let shown = GUIDE.lines().skip_while(|line| *line != "🌐 CORS:").skip(1);
    let shown: Vec<_> = shown.map_while(|line| line.strip_prefix("   >> ")).collect();
    assert_eq!(about, shown);
    // With the heading these are the 24 lines of a terminal, and Rocket's mark makes them six characters longer.
    let longest = about.iter().map(|line| line.chars().count() + "   >> ".len()).max();
    assert!(about.len() < 24 && longest <= Some(120), "{} lines of {longest:?} characters", about.len());
}
