//! Rocket's part of the journal: notes which requests arrive, who decides on them, and which handlers run.

use std::convert::Infallible;

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Answer, Question, cross_origin};
use rocket::fairing::AdHoc;
use rocket::http::{Method, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::serde::json::Json;
use rocket::{Request, State, get, routes};

use crate::calls::{Arrived, Call, Decided, Exchange, Journal};

impl Journal {
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
    Json(journal.call(name))
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
