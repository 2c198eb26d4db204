//! What the API logs at launch, which fits on one screen.

use std::sync::{Mutex, PoisonError};

use rocket::Config;
use rocket::config::LogLevel;
use rocket::local::blocking::Client;

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
fn the_log_of_the_api_fits_on_a_screen() {
    log::set_logger(&RECORDER).expect("the only test that launches something");
    log::set_max_level(log::LevelFilter::Info);
    let config = Config { log_level: LogLevel::Normal, cli_colors: false, ..super::config(8000) };
    drop(Client::untracked(super::api::rocket(&config)).expect("launches"));

    let lines = RECORDER.0.lock().unwrap_or_else(PoisonError::into_inner);
    let below = lines.iter().skip_while(|line| !line.ends_with("CORS:")).skip(1);
    let about: Vec<_> = below.take_while(|line| !line.ends_with("Shield:")).collect();
    let expected = [
        "17 routes: 14 shared with other origins, 3 without a policy",
        "10 routes shared with http://localhost:8001:",
        "  GET /account, GET /bug, GET /export, DELETE /items/<id>, PUT /theme, GET|POST /users, GET|PUT /users/<id>,",
        "  PUT /volume",
        "2 routes shared with any origin: GET /calls/<name>, GET /status",
        "2 routes shared with http://localhost:8001 with credentials: POST /messages, GET /profile",
        "note: `origins = any` on 2 routes; help: list the origins if this is not public",
        "note: 3 routes have no policy: GET /internal (internal), PUT /internal (change_internal) and 1 more",
        "help: other sites can write to 2 of them, which `CrossOrigin::fairing().protect_all()` prevents",
        "note: a page that makes its own name lead to 127.0.0.1:8000 counts as this application's own (DNS rebinding)",
        "help: name the own origins: `cors.own_origins = [\"http://localhost:8000\", \"http://127.0.0.1:8000\"]`",
    ];
    assert_eq!(about, expected);
    // With the heading these are the 24 lines of a terminal, and Rocket's mark makes them six characters longer.
    let longest = about.iter().map(|line| line.chars().count() + "   >> ".len()).max();
    assert!(about.len() < 24 && longest <= Some(120), "{} lines of {longest:?} characters", about.len());
}
