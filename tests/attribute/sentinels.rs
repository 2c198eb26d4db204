//! Sentinels in the types of a handler are still asked, and the attribute adds one.

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use rocket::error::ErrorKind;
use rocket::http::Status;
use rocket::local::blocking::Client;
use rocket::{Build, Ignite, Request, Rocket, Sentinel, State, get, response, routes};

use crate::try_client;

/// A responder that needs something of the application, as `rocket_dyn_templates::Template` does.
struct Rendered;

impl<'r> response::Responder<'r, 'static> for Rendered {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Err(Status::InternalServerError)
    }
}

impl Sentinel for Rendered {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        rocket.state::<u16>().is_none()
    }
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/rendered")]
fn rendered() -> Option<Rendered> {
    None
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/state")]
fn state(_state: &State<u16>) -> &'static str {
    "state"
}

/// The types whose sentinels refused the launch.
fn refused_by(result: Result<Client, Box<rocket::Error>>) -> Vec<String> {
    let error = result.map(drop).expect_err("refused");
    match error.kind() {
        ErrorKind::SentinelAborts(aborts) => aborts.iter().map(|abort| abort.type_name.to_owned()).collect(),
        kind => panic!("another error: {kind}"),
    }
}

#[test]
fn a_sentinel_inside_the_return_type_is_asked() {
    let aborts = refused_by(try_client(rocket::build().mount("/", routes![rendered])));
    assert_eq!(aborts.len(), 1, "{aborts:?}");
    assert!(aborts[0].contains("Rendered"), "{aborts:?}");
    assert!(try_client(rocket::build().manage(1_u16).mount("/", routes![rendered])).is_ok());
}

#[test]
fn a_sentinel_of_a_guard_is_asked() {
    let aborts = refused_by(try_client(rocket::build().mount("/", routes![state])));
    assert_eq!(aborts.len(), 1, "{aborts:?}");
}

fn without_fairing() -> Rocket<Build> {
    let figment = rocket::Config::figment().merge(("log_level", "off"));
    rocket::custom(figment).manage(1_u16).mount("/", routes![state])
}

#[test]
fn a_launch_without_the_fairing_is_refused() {
    let aborts = refused_by(Client::untracked(without_fairing()).map_err(Box::new));
    assert!(aborts.iter().all(|abort| abort.contains("Attached")), "{aborts:?}");
    assert!(Client::untracked(without_fairing().attach(CrossOrigin::fairing())).is_ok());
}
