//! The application's own form behind nginx, over plain http, where browsers send no `Sec-Fetch-Site`.

use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, PoisonError};

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use cors_tests::{Nginx, Server};
use rocket::http::ContentType;
use rocket::{State, get, post, routes};

use crate::engines::Installed;
use crate::stage::{File, wait_for_report};

/// The name that browsers know nginx by.
const NAME: &str = "nas.lan";

/// A page that submits its form as soon as it is open.
#[get("/")]
fn page() -> File {
    (
        ContentType::HTML,
        "<!doctype html><form method=post action=/save></form><script>document.forms[0].submit()</script>",
    )
}

#[cross_origin(none)]
#[post("/save")]
fn save(outcome: &State<Mutex<Sender<String>>>) {
    tell(outcome, "saved".to_owned());
}

fn tell(outcome: &Mutex<Sender<String>>, what: String) {
    // Nobody waits any longer where the test has failed.
    let _ = outcome.lock().unwrap_or_else(PoisonError::into_inner).send(what);
}

/// Opens the page with and without own origins.
///
/// # Panics
/// The form is submitted with other results than 403 without them, and success with them.
pub fn submit(installed: &Installed) -> String {
    let Some(program) = Nginx::find("browsers: forms behind nginx") else { return "nothing behind nginx".to_owned() };
    let submitted = |lines: &str, own: bool| {
        let port = Nginx::free_port();
        let origin = format!("http://{NAME}:{port}");
        let (sender, outcomes) = mpsc::channel();
        let refused = Mutex::new(sender.clone());
        let fairing = CrossOrigin::fairing().own_origins(own.then_some(&origin));
        let fairing = fairing.on_refusal(move |event| tell(&refused, event.to_string()));
        let rocket = rocket::build().attach(fairing).manage(Mutex::new(sender)).mount("/", routes![page, save]);
        let application = Server::launch(rocket).unwrap_or_else(|refused| panic!("{refused}"));
        let nginx = Nginx::start(&program, port, &application, lines);
        let mut browser = installed.open_by_name(NAME, &format!("{origin}/"));
        let outcome = wait_for_report(&outcomes, &mut browser, || format!("nginx is {:?}", nginx.address()));
        (outcome, origin, application.address())
    };

    let (refusal, origin, address) = submitted("", false);
    for part in [format!("`{origin}`"), format!("`Host` is `{address}`"), "`own_origins`".to_owned()] {
        assert!(refusal.contains(&part), "{part}: {refusal}");
    }
    assert_eq!(submitted("", true).0, "saved");
    assert_eq!(submitted("proxy_set_header Host $http_host;", false).0, "saved");
    "the own form behind nginx".to_owned()
}
