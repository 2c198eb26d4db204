//! What the servers saw: the requests of each case, and whether a handler ran.
//!
//! A request says in its query which case it belongs to: the one place in which all requests of a call, the preflight
//! among them, can.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rocket::Request;
use rocket::fairing::AdHoc;
use rocket::http::Method;
use rocket::request::{FromRequest, Outcome};

/// The requests of each case, in their order. Clones are one record.
#[derive(Clone, Debug, Default)]
pub struct Record(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    arrivals: HashMap<String, Vec<Arrival>>,
    /// The case of the last request.
    last: String,
}

/// One request.
#[derive(Clone, Debug)]
struct Arrival {
    /// The description of it, except for the last word.
    words: String,
    ran: bool,
}

impl Record {
    /// What the servers saw of a case: `OPTIONS PUT content-type, PUT ran`.
    ///
    /// | word | meaning |
    /// |---|---|
    /// | `other` | the request came to the second API, on another port |
    /// | `OPTIONS PUT a,b` | a preflight: the method and the header names that it asks for, as they were sent |
    /// | `null` | the `Origin` is `null` |
    /// | `no-origin` | there is no `Origin` |
    /// | `cookie` | the request brought the cookie of `localhost` |
    /// | `ran` | the handler ran |
    pub fn of(&self, case: &str) -> String {
        let told = |arrival: &Arrival| format!("{}{}", arrival.words, if arrival.ran { " ran" } else { "" });
        self.lock()
            .arrivals
            .get(case)
            .map(|arrivals| arrivals.iter().map(told).collect::<Vec<_>>().join(", "))
            .unwrap_or_default()
    }

    /// How many requests of a case have arrived.
    pub fn count(&self, case: &str) -> usize {
        self.lock().arrivals.get(case).map_or(0, Vec::len)
    }

    /// The case of the last request.
    pub fn last(&self) -> String {
        self.lock().last.clone()
    }

    /// Writes down the requests to an application. `server` is told with each, unless it is empty.
    pub fn fairing(&self, server: &'static str) -> AdHoc {
        let record = self.clone();
        AdHoc::on_request("Record", move |request, _| {
            let record = record.clone();
            Box::pin(async move {
                let Some(case) = case_of(request) else { return };
                let mut seen = record.lock();
                case.clone_into(&mut seen.last);
                let arrivals = seen.arrivals.entry(case.to_owned()).or_default();
                let index = arrivals.len();
                request.local_cache(|| Index(Some(index)));
                arrivals.push(Arrival { words: words(server, request), ran: false });
            })
        })
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where in its case's list a request stands.
struct Index(Option<usize>);

fn case_of<'r>(request: &'r Request<'_>) -> Option<&'r str> {
    request.query_value::<&str>("case")?.ok()
}

fn words(server: &str, request: &Request<'_>) -> String {
    let header = |name| request.headers().get_one(name);
    let mut words = Vec::from_iter((!server.is_empty()).then_some(server));
    words.push(request.method().as_str());
    if request.method() == Method::Options {
        words.extend(header("Access-Control-Request-Method"));
        words.extend(header("Access-Control-Request-Headers"));
    }
    match header("Origin") {
        None => words.push("no-origin"),
        Some("null") => words.push("null"),
        Some(_) => {}
    }
    words.extend(request.cookies().get("session").map(|_| "cookie"));
    words.join(" ")
}

/// A guard that says that the handler ran, once it is told so.
#[derive(Debug)]
pub struct Ran(Option<Mark>);

/// A request in the record.
#[derive(Debug)]
struct Mark {
    record: Record,
    case: String,
    index: usize,
}

impl Ran {
    /// For the first line of a handler. That a guard runs says nothing: others may come after it.
    pub fn now(self) {
        let Some(Mark { record, case, index }) = self.0 else { return };
        if let Some(arrival) = record.lock().arrivals.get_mut(&case).and_then(|arrivals| arrivals.get_mut(index)) {
            arrival.ran = true;
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Ran {
    type Error = Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Infallible> {
        let Index(index) = request.local_cache(|| Index(None));
        let (case, record) = (case_of(request), request.rocket().state::<Record>());
        let mark = case.zip(*index).zip(record).map(|((case, index), record)| Mark {
            record: record.clone(),
            case: case.to_owned(),
            index,
        });
        Outcome::Success(Ran(mark))
    }
}
