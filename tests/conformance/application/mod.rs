//! The applications that the rows are tried on. What depends on a policy is written by the build script, one module for
//! each policy of the table; what the handlers do is written here: whatever the row asks of them, in private request
//! headers.

mod on_axum;
mod on_rocket;

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cors_runtime::tower::CrossOriginLayer;
use cors_tests::Server;
use rocket::Route;

pub(crate) use on_rocket::rocket;

include!(concat!(env!("OUT_DIR"), "/policies.rs"));

/// What the handlers of every policy name.
pub(crate) mod prelude {
    pub(crate) use cors_runtime::cross_origin;
    pub(crate) use cors_runtime::tower::CrossOriginLayer;
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

/// A policy of the table, its handlers and its layer.
pub(crate) struct Mounted {
    /// The cell of the table.
    pub(crate) policy: &'static str,
    /// Where the handlers are mounted.
    pub(crate) mount: &'static str,
    pub(crate) credentials: bool,
    /// In seconds.
    pub(crate) max_age: Option<&'static str>,
    /// The methods of the resource, as the table has them.
    methods: &'static [&'static str],
    routes: fn() -> Vec<Route>,
    layer: fn() -> CrossOriginLayer,
}

/// What puts the policies on the handlers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Adapter {
    Rocket,
    /// The layers of tower, around routes of axum.
    Axum,
}

impl Adapter {
    /// Launches the application with the handlers of every policy.
    pub(crate) fn launch(self) -> Result<Server, String> {
        match self {
            Adapter::Rocket => Server::launch(rocket()),
            Adapter::Axum => Ok(Server::serve(on_axum::router())),
        }
    }

    /// Whether a request with this method can reach a handler of this policy, as far as the framework goes.
    pub(crate) fn serves(self, mounted: &Mounted, method: &[u8]) -> bool {
        match self {
            // Rocket's methods are a closed set.
            Adapter::Rocket => METHODS.iter().any(|known| known.as_bytes() == method),
            Adapter::Axum => mounted.takes(method),
        }
    }
}

impl Mounted {
    /// Whether the resource has this method. What has GET has HEAD.
    fn takes(&self, method: &[u8]) -> bool {
        let has = |method: &[u8]| self.methods.iter().any(|known| *known == "*" || known.as_bytes() == method);
        has(method) || method == b"HEAD" && has(b"GET")
    }
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

impl Case {
    /// Reads it from the lines of a request's header.
    fn read(lines: impl Fn(&str) -> Vec<String>) -> Self {
        let text = |name| lines(name).into_iter().next().unwrap_or_default();
        let line = |line: String| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
        Case { id: text(ID), status: text(STATUS), headers: lines(HEADER).into_iter().filter_map(line).collect() }
    }
}

/// The answer of a handler.
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
}

/// What every handler does.
pub(crate) fn answer(case: Case) -> Answer {
    ran().insert(case.id);
    if case.status == "panic" {
        // A panic like any other, but for the message on the terminal.
        std::panic::resume_unwind(Box::new("as the row asks"));
    }
    Answer { status: case.status.parse().unwrap_or(200), headers: case.headers }
}
