//! The servers of one engine's run: two copies of the API, and the pages.

use std::collections::HashMap;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use cors_tests::Server;
use rocket::fairing::AdHoc;
use rocket::http::{ContentType, Cookie, CookieJar, SameSite};
use rocket::response::Redirect;
use rocket::serde::json::Json;
use rocket::serde::{Deserialize, Serialize};
use rocket::shield::{Frame, Shield};
use rocket::{Build, Rocket, State, get, post, routes};

use crate::api;
use crate::cases::swapped::Swapped;
use crate::engines::Browser;
use crate::record::Record;
use crate::table::{Case, Place};

/// The port of the page. It cannot be another: policies are constants, and say `http://localhost:8701`.
pub const PORT: u16 = 8701;

/// How long a browser may take from its start to its report. It takes some seconds on an idle machine.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// A file of a page.
pub type File = (ContentType, &'static str);

/// What a page found of one case.
#[derive(Clone, Debug, Deserialize)]
#[serde(crate = "rocket::serde")]
pub struct Found {
    pub id: String,
    pub verdict: String,
    /// The names of the response headers that the script could read beside the safelisted ones.
    pub readable: Vec<String>,
}

/// What a page found.
#[derive(Clone, Debug, Deserialize)]
#[serde(crate = "rocket::serde")]
pub struct Report {
    pub results: Vec<Found>,
    /// Why the page could not go through the table.
    pub broken: Option<String>,
}

/// What the page has to know.
#[derive(Debug, Serialize)]
#[serde(crate = "rocket::serde")]
struct Setup {
    addresses: HashMap<&'static str, String>,
    frames: HashMap<&'static str, String>,
    cases: Vec<Task>,
}

#[derive(Debug, Serialize)]
#[serde(crate = "rocket::serde")]
struct Task {
    id: &'static str,
    place: &'static str,
    script: &'static str,
}

/// The servers of one run.
#[derive(Debug)]
pub struct Stage {
    record: Record,
    reports: Receiver<Report>,
    _servers: Vec<Server>,
}

impl Stage {
    /// Launches everything.
    pub fn launch(cases: &[Case]) -> Self {
        let record = Record::default();
        let launch = |rocket| Server::launch(rocket).unwrap_or_else(|refused| panic!("{refused}"));

        // Pages first: a list in the API's configuration names one of them.
        let stranger = launch(agents());
        let friend = launch(agents());
        let friends = [localhost(&friend)];
        let api = launch(api::rocket("", &record, &friends));
        let other = launch(api::rocket("other", &record, &friends));
        let swapped = Swapped::launch(&record);

        let addresses = HashMap::from([
            ("api", localhost(&api)),
            ("other", localhost(&other)),
            ("swapped", swapped.address()),
            ("own", format!("http://localhost:{PORT}")),
        ]);
        let frame = |place: Place| {
            Some((
                place.name(),
                format!(
                    "{}/agent",
                    match place {
                        Place::Stranger => localhost(&stranger),
                        Place::Friend => localhost(&friend),
                        Place::Own => localhost(&api),
                        _ => format!("http://{}:{PORT}", place.host()?),
                    }
                ),
            ))
        };
        let task = |case: &Case| Task { id: case.id, place: case.place.name(), script: case.script };
        let setup = Setup {
            addresses,
            frames: Place::ALL.into_iter().filter_map(frame).collect(),
            cases: cases.iter().map(task).collect(),
        };

        let (sender, reports) = mpsc::channel();
        wait_for(PORT);
        let page = agents()
            .manage(setup)
            .manage(Mutex::new(sender))
            .manage(swapped)
            .attach(port())
            .mount("/", routes![index, script, setup_of, swap, away, report]);
        let page = launch(page);
        Stage { record, reports, _servers: vec![page, api, other, stranger, friend] }
    }

    /// The address of the page.
    pub fn url() -> String {
        format!("http://localhost:{PORT}/")
    }

    /// What the servers saw.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Waits for the page's report.
    pub fn report(&self, browser: &mut Browser) -> Report {
        wait_for_report(&self.reports, browser, || format!("the last request was one of {:?}", self.record.last()))
    }
}

/// Waits for what a page reports. `state` says how far it came, if there is no report.
pub fn wait_for_report<T>(reports: &Receiver<T>, browser: &mut Browser, state: impl Fn() -> String) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Ok(report) = reports.recv_timeout(Duration::from_millis(200)) {
            return report;
        }
        assert!(!browser.is_gone(), "the browser ended before the page had reported");
        assert!(Instant::now() < end, "no report after {PATIENCE:?}; {}", state());
    }
}

/// Waits until nobody listens on a port. Another run of this test may, in another copy of the workspace.
pub fn wait_for(port: u16) {
    let end = Instant::now() + PATIENCE;
    while TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(Instant::now() < end, "port {port} is taken, and policies are constants that name it");
        thread::sleep(Duration::from_millis(200));
    }
}

/// By name, since cookies and origins go by the name in the address bar; and Firefox repeats remembered preflights to
/// `127.0.0.1`.
fn localhost(server: &Server) -> String {
    format!("http://localhost:{}", server.port())
}

/// Sets the port, which a [`Server`] would choose itself.
fn port() -> AdHoc {
    AdHoc::on_ignite("Port", |rocket| async {
        let figment = rocket.figment().clone().merge(("port", PORT));
        rocket.configure(figment)
    })
}

/// An application with nothing but a page that can be put into a frame and told what to do.
fn agents() -> Rocket<Build> {
    rocket::build().attach(Shield::default().disable::<Frame>()).mount("/", routes![agent_page, agent_script])
}

#[get("/agent")]
pub fn agent_page() -> File {
    (ContentType::HTML, include_str!("page/agent.html"))
}

#[get("/agent.js")]
pub fn agent_script() -> File {
    (ContentType::JavaScript, include_str!("page/agent.js"))
}

/// The page. It leaves a cookie, which goes to the API as well: cookies belong to a host, whatever the port.
#[get("/")]
fn index(cookies: &CookieJar<'_>) -> File {
    cookies.add(Cookie::build(("session", "1")).same_site(SameSite::Lax));
    (ContentType::HTML, include_str!("page/index.html"))
}

#[get("/page.js")]
fn script() -> File {
    (ContentType::JavaScript, include_str!("page/page.js"))
}

#[get("/setup")]
fn setup_of(setup: &State<Setup>) -> Json<&Setup> {
    Json(setup.inner())
}

/// Puts another version of the swapped application in the place of the one that is running.
#[post("/swap")]
async fn swap(swapped: &State<Swapped>) {
    swapped.swap().await;
}

/// Sends the browser on to somewhere else.
#[get("/away?<to>")]
fn away(to: String) -> Redirect {
    Redirect::to(to)
}

#[post("/report", format = "json", data = "<report>")]
fn report(report: Json<Report>, sender: &State<Mutex<Sender<Report>>>) {
    let sender = sender.lock().unwrap_or_else(PoisonError::into_inner);
    // Nobody waits any longer where the test has failed.
    let _ = sender.send(report.into_inner());
}
