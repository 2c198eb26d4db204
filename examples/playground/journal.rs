//! What the server saw of each call, so that the page can show it beside what the browser let it do.
//!
//! The page gives every call a name, `?call=<name>`: a query is the one place in which all requests of a call, the
//! preflight among them, can carry one.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};

use cors_runtime::cross_origin;
use rocket::fairing::AdHoc;
use rocket::http::Method;
use rocket::request::{FromRequest, Outcome};
use rocket::serde::Serialize;
use rocket::serde::json::Json;
use rocket::{Request, State, get, routes};

/// How many calls are remembered before all of them are forgotten.
const CALLS: usize = 10_000;

/// How long the name of a call may be, in bytes.
const NAME: usize = 64;

/// The calls by their names.
#[derive(Default)]
struct Journal(Mutex<HashMap<String, Call>>);

/// What the server saw of one call.
#[derive(Clone, Default, Serialize)]
#[serde(crate = "rocket::serde")]
struct Call {
    /// The requests in their order.
    requests: Vec<Arrived>,
    /// How often the handler ran.
    runs: usize,
}

/// One request of a call.
#[derive(Clone, Serialize)]
#[serde(crate = "rocket::serde")]
struct Arrived {
    method: Method,
    /// Whether it brought the cookie that the page set.
    cookie: bool,
}

/// Keeps the journal of a server, and shows it at `/calls/<name>`.
pub(crate) fn stage() -> AdHoc {
    AdHoc::on_ignite("Journal", |rocket| async {
        let arrivals = AdHoc::on_request("Journal: arrivals", |request, _| {
            Box::pin(async move {
                let arrived = Arrived { method: request.method(), cookie: request.cookies().get("visitor").is_some() };
                note(request, |call| call.requests.push(arrived));
            })
        });
        rocket.manage(Journal::default()).attach(arrivals).mount("/calls", routes![call])
    })
}

/// Both pages may read this, so the policy shares it with anybody: there is nothing private in it.
#[cross_origin(origins = any)]
#[get("/<name>")]
fn call(name: &str, journal: &State<Journal>) -> Json<Call> {
    let calls = journal.0.lock().unwrap_or_else(PoisonError::into_inner);
    Json(calls.get(name).cloned().unwrap_or_default())
}

/// Changes the entry of the call that a request belongs to, if it says so.
fn note(request: &Request<'_>, change: impl FnOnce(&mut Call)) {
    let Some(Ok(name)) = request.query_value::<&str>("call") else {
        return;
    };
    let Some(journal) = request.rocket().state::<Journal>() else {
        return;
    };
    if name.len() > NAME {
        return;
    }
    let mut calls = journal.0.lock().unwrap_or_else(PoisonError::into_inner);
    if calls.len() >= CALLS {
        calls.clear();
    }
    change(calls.entry(name.to_owned()).or_default());
}

/// As the last guard of a handler: notes that the handler ran.
#[derive(Clone, Copy)]
pub(crate) struct Ran;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Ran {
    type Error = Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Infallible> {
        note(request, |call| call.runs += 1);
        Outcome::Success(Ran)
    }
}
