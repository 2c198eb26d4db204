//! Lists of origins that come from the environment, and that change while requests are under way.

use std::env;
use std::process::Command;

use cors_runtime::cross_origin;
use cors_runtime::rocket::OriginLists;
use cors_tests::{Call, EVIL, launch, serve, shared};
use rocket::figment::Figment;
use rocket::{Config, State, get, post, routes};

const PARTNER: &str = "https://partner.example.com";

#[cross_origin(origins = [config("partners")])]
#[get("/partners")]
fn partners() {}

/// Set only for the process that the test starts.
const CHILD: &str = "CORS_TESTS_ENVIRONMENT";

/// The environment of a process cannot be changed safely while it runs, so the test runs itself in another one.
#[test]
fn lists_may_come_from_the_environment() {
    if env::var_os(CHILD).is_some() {
        let server = serve(routes![partners]);
        assert!(shared(&server, "GET", "/partners", PARTNER) && !shared(&server, "GET", "/partners", EVIL));
        return;
    }
    let run = |lists: &str| {
        let mut command = Command::new(env::current_exe().expect("the path of this test"));
        command.args(["--exact", "configuration::lists_may_come_from_the_environment"]);
        command.env(CHILD, "yes").env("ROCKET_CORS", lists).output().expect("the test runs")
    };
    let output = run(r#"{partners=["https://partner.example.com"]}"#);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    assert!(!run(r#"{partners=["https://partner.example.com/"]}"#).status.success(), "it is checked like a literal");
}

/// A configuration with this list.
fn figment(origins: &[&str]) -> Figment {
    Config::figment().merge(("cors.changing", origins))
}

#[cross_origin(origins = [config("changing")])]
#[post("/close")]
fn close(lists: &State<OriginLists>) -> Result<(), String> {
    lists.reload(&figment(&[])).map_err(|errors| errors.to_string())
}

/// The request is let in by a list, and the page may read the answer by the same list.
#[test]
fn a_write_under_way_keeps_its_lists() {
    let server = launch(rocket::custom(figment(&[PARTNER])).mount("/", routes![close]));
    let close = || Call::new("POST", "/close").header("Origin", PARTNER).send(&server);
    let first = close();
    assert_eq!((first.status, first.one("access-control-allow-origin")), (200, Some(PARTNER)));
    let second = close();
    assert_eq!((second.status, second.one("access-control-allow-origin")), (403, None));
}
