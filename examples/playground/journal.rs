//! What the server saw of each call and what it answered, so that the page can show it beside what the browser let it
//! do.
//!
//! The page gives every call a name, `?call=<name>`: a query is the one place in which all requests of a call, the
//! preflight among them, can carry one. No other page can guess the name, so no other page reads about the call.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Answer, Question, cross_origin};
use rocket::fairing::AdHoc;
use rocket::http::{Method, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::serde::Serialize;
use rocket::serde::json::Json;
use rocket::{Request, State, get, routes};

/// How many calls are remembered before all of them are forgotten.
const CALLS: usize = 2_000;

/// How many requests of one call are remembered. The rest is not.
const REQUESTS: usize = 16;

/// How long the name of a call may be, in bytes.
const NAME: usize = 64;

/// The calls by their names.
#[derive(Clone, Default)]
pub(crate) struct Journal(Arc<Mutex<HashMap<String, Call>>>);

/// What the server saw of one call.
#[derive(Clone, Default, Serialize)]
#[serde(crate = "rocket::serde")]
struct Call {
    /// The requests in their order.
    requests: Vec<Arrived>,
    /// How often the handler ran.
    runs: usize,
}

impl Call {
    fn add(&mut self, arrived: Arrived) {
        if self.requests.len() < REQUESTS {
            self.requests.push(arrived);
        }
    }
}

/// One request of a call.
#[derive(Clone, Default, Serialize)]
#[serde(crate = "rocket::serde")]
struct Arrived {
    /// As it was routed: Rocket takes a form with `_method` for another method than the one on the wire.
    method: String,
    /// Whether it brought the cookie that the page set.
    cookie: bool,
    /// Who decided, and why not.
    decided: Decided,
    /// What went over the wire.
    wire: Exchange,
}

/// What the library says about a request: as in `cargo cors explain`.
#[derive(Clone, Default, Serialize)]
#[serde(crate = "rocket::serde")]
struct Decided {
    route: Option<String>,
    source: Option<String>,
    policy: Option<String>,
    refusal: Option<String>,
}

/// A request and its answer as they went over the wire, without their bodies: the first line, then the headers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(crate = "rocket::serde")]
pub(crate) struct Exchange {
    pub(crate) sent: Vec<String>,
    pub(crate) answered: Vec<String>,
}

impl Journal {
    fn calls(&self) -> MutexGuard<'_, HashMap<String, Call>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the entry of a call.
    fn note(&self, name: &str, change: impl FnOnce(&mut Call)) {
        if name.is_empty() || name.len() > NAME {
            return;
        }
        let mut calls = self.calls();
        if calls.len() >= CALLS && !calls.contains_key(name) {
            calls.clear();
        }
        change(calls.entry(name.to_owned()).or_default());
    }

    /// Notes what went over the wire for the last request of a call. A page makes the requests of a call one after the
    /// other.
    pub(crate) fn answered(&self, name: &str, wire: Exchange) {
        self.note(name, |call| match call.requests.last_mut() {
            Some(last) if last.wire == Exchange::default() => last.wire = wire,
            // Rocket answers what it cannot read before any fairing sees it.
            _ => {
                let method = wire.sent.first().and_then(|line| line.split(' ').next()).unwrap_or_default().to_owned();
                call.add(Arrived { method, wire, ..Arrived::default() });
            }
        });
    }
}

/// Keeps the journal of a server, and shows it at `/calls/<name>`.
pub(crate) fn stage() -> AdHoc {
    AdHoc::on_ignite("Journal", |rocket| async {
        let arrivals = AdHoc::on_request("Journal: arrivals", |request, _| {
            Box::pin(async move {
                let cookie = request.cookies().get("visitor").is_some();
                let (method, decided) = (request.method().to_string(), decided(request).unwrap_or_default());
                note(request, |call| call.add(Arrived { method, cookie, decided, ..Arrived::default() }));
            })
        });
        let runs = AdHoc::on_response("Journal: runs", |request, response| {
            Box::pin(async move {
                if ran(request, response.status()) {
                    note(request, |call| call.runs += 1);
                }
            })
        });
        rocket.manage(Journal::default()).attach(arrivals).attach(runs).mount("/calls", routes![call])
    })
}

/// Both pages may read this, so the policy shares it with anybody: there is nothing private in it for who does not know
/// the name of a call.
#[cross_origin(origins = any)]
#[get("/<name>")]
fn call(name: &str, _ran: Ran, journal: &State<Journal>) -> Json<Call> {
    Json(journal.calls().get(name).cloned().unwrap_or_default())
}

/// Changes the entry of the call that a request belongs to, if it says so.
fn note(request: &Request<'_>, change: impl FnOnce(&mut Call)) {
    let Some(Ok(name)) = request.query_value::<&str>("call") else {
        return;
    };
    if let Some(journal) = request.rocket().state::<Journal>() {
        journal.note(name, change);
    }
}

/// Asks the library which route and which policy decide on a request. `None` if it is not from another origin.
fn decided(request: &Request<'_>) -> Option<Decided> {
    let headers = request.headers();
    let origin = headers.get_one("Origin")?;
    let announced = headers.get_one("Access-Control-Request-Method").filter(|_| request.method() == Method::Options);
    let method = announced.unwrap_or(request.method().as_str());
    let names = headers.get_one("Access-Control-Request-Headers");
    let names = names.map(|names| format!("Access-Control-Request-Headers: {names}\n")).unwrap_or_default();
    let question: Question = format!("{method} {}\nOrigin: {origin}\n{names}", request.uri().path()).parse().ok()?;
    let answers = CrossOrigin::explain(request.rocket(), &question).ok()?;
    let answer = if announced.is_some() { answers.preflight } else { answers.request };
    let Answer { route, source, policy, refusal, .. } = answer;
    Some(Decided { route, source, policy, refusal })
}

/// As a guard of a handler: lets the journal note that the handler ran.
#[derive(Clone, Copy)]
pub(crate) struct Ran;

/// Whether the guards of a handler let the request pass.
struct Passed(bool);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Ran {
    type Error = Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Infallible> {
        request.local_cache(|| Passed(true));
        Outcome::Success(Ran)
    }
}

/// Whether a handler ran. Rocket reads parameters and data after the guards, and answers with one of these statuses
/// if it cannot; no handler here does.
fn ran(request: &Request<'_>, status: Status) -> bool {
    let unread = [Status::BadRequest, Status::PayloadTooLarge, Status::UnprocessableEntity];
    request.local_cache(|| Passed(false)).0 && !unread.contains(&status)
}
