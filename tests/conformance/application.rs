//! The application that the rows are tried on. Its handlers are written by the build script, one module for each policy
//! of the table; what they do is written here: whatever the row asks of them, in private request headers.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cors_runtime::rocket::CrossOrigin;
use cors_tests::Server;
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome};
use rocket::response::{self, Responder, Response};
use rocket::{Build, Request, Rocket, Route};

include!(concat!(env!("OUT_DIR"), "/policies.rs"));

/// What the handlers of every policy name.
pub(crate) mod prelude {
    pub(crate) use cors_runtime::cross_origin;
    pub(crate) use rocket::{Route, routes};
    // A table need not use every method.
    #[allow(unused_imports)]
    pub(crate) use rocket::{delete, get, head, options, patch, post, put};

    pub(crate) use super::{Answer, Case, answer};
}

/// Names the row, so that the test can ask whether the handler ran for it.
pub(crate) const ID: &str = "x-case-id";
/// The status of the answer, or `panic`.
pub(crate) const STATUS: &str = "x-case-status";
/// A header line of the answer, as `name: value`.
pub(crate) const HEADER: &str = "x-case-header";

/// A policy of the table and its handlers.
pub(crate) struct Mounted {
    /// The cell of the table.
    pub(crate) policy: &'static str,
    /// Where the handlers are mounted.
    pub(crate) mount: &'static str,
    pub(crate) credentials: bool,
    /// In seconds.
    pub(crate) max_age: Option<&'static str>,
    routes: fn() -> Vec<Route>,
}

/// Launches the application with the handlers of every policy.
pub(crate) fn launch() -> Result<Server, String> {
    Server::launch(rocket())
}

/// The application with the handlers of every policy.
pub(crate) fn rocket() -> Rocket<Build> {
    let rocket = rocket::build().attach(CrossOrigin::fairing());
    MOUNTED.iter().fold(rocket, |rocket, policy| rocket.mount(policy.mount, (policy.routes)()))
}

/// The rows whose handlers ran.
static RAN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

fn ran() -> MutexGuard<'static, BTreeSet<String>> {
    // Handlers panic where a row says so; the set is whole at every moment.
    RAN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the handler ran for this row since the last call.
pub(crate) fn take_ran(id: &str) -> bool {
    ran().remove(id)
}

/// What the row asks of its handler.
pub(crate) struct Case {
    id: String,
    status: String,
    headers: Vec<(String, String)>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Case {
    type Error = Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Infallible> {
        let text = |name| request.headers().get_one(name).unwrap_or_default().to_owned();
        let line = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
        let headers = request.headers().get(HEADER).filter_map(line).collect();
        Outcome::Success(Case { id: text(ID), status: text(STATUS), headers })
    }
}

/// The answer of a handler.
pub(crate) struct Answer {
    status: Status,
    headers: Vec<(String, String)>,
}

/// What every handler does.
pub(crate) fn answer(case: Case) -> Answer {
    ran().insert(case.id);
    if case.status == "panic" {
        // A panic like any other, but for the message on the terminal.
        std::panic::resume_unwind(Box::new("as the row asks"));
    }
    let status = case.status.parse().map_or(Status::Ok, Status::new);
    Answer { status, headers: case.headers }
}

impl<'r> Responder<'r, 'static> for Answer {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        // Errors go the way of most handlers' errors: through a catcher.
        if self.status.code >= 400 && self.headers.is_empty() {
            return Err(self.status);
        }
        let mut response = Response::new();
        response.set_status(self.status);
        for (name, value) in self.headers {
            response.adjoin_raw_header(name, value);
        }
        Ok(response)
    }
}
