//! What the server saw of each call and what it answered, so that the page can show it beside what the browser let it
//! do.
//!
//! The page gives every call a name, `?call=<name>`: a query is the one place in which all requests of a call, the
//! preflight among them, can carry one. No other page can guess the name, so no other page reads about the call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

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
pub(crate) struct Call {
    /// The requests in their order.
    pub(crate) requests: Vec<Arrived>,
    /// How often the handler ran.
    pub(crate) runs: usize,
}

impl Call {
    pub(crate) fn add(&mut self, arrived: Arrived) {
        if self.requests.len() < REQUESTS {
            self.requests.push(arrived);
        }
    }
}

/// One request of a call.
#[derive(Clone, Default, Serialize)]
pub(crate) struct Arrived {
    /// As it was routed: Rocket takes a form with `_method` for another method than the one on the wire.
    pub(crate) method: String,
    /// Whether it brought the cookie that the page set.
    pub(crate) cookie: bool,
    /// Who decided, and why not.
    pub(crate) decided: Decided,
    /// What went over the wire.
    pub(crate) wire: Exchange,
}

/// What the library says about a request: as in `cargo cors explain`.
#[derive(Clone, Default, Serialize)]
pub(crate) struct Decided {
    pub(crate) route: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) policy: Option<String>,
    pub(crate) refusal: Option<String>,
}

/// A request and its answer as they went over the wire, without their bodies: the first line, then the headers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Exchange {
    pub(crate) sent: Vec<String>,
    pub(crate) answered: Vec<String>,
}

impl Journal {
    fn calls(&self) -> MutexGuard<'_, HashMap<String, Call>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a call.
    pub(crate) fn call(&self, name: &str) -> Call {
        self.calls().get(name).cloned().unwrap_or_default()
    }

    /// Changes the entry of a call.
    pub(crate) fn note(&self, name: &str, change: impl FnOnce(&mut Call)) {
        if name.is_empty() || name.len() > NAME {
            return;
        }
        let mut calls = self.calls();
        if calls.len() >= CALLS && !calls.contains_key(name) {
            calls.clear();
        }
        change(calls.entry(name.to_owned()).or_default());
    }
}

/// A line of a head. Of cookies the names are kept: the browser sends those of all servers on this machine.
pub(crate) fn without_values_of_cookies(line: &str) -> String {
    let Some((name, cookies)) = line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("cookie")) else {
        return line.to_owned();
    };
    let names = cookies.split("; ").map(|cookie| cookie.split('=').next().unwrap_or_default());
    format!("{name}: {}", names.map(|name| format!("{name}=…")).collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::without_values_of_cookies;

    #[test]
    fn cookies_are_noted_without_their_values() {
        assert_eq!(without_values_of_cookies("cookie: a=secret; b=c=d"), "cookie: a=…; b=…");
        assert_eq!(without_values_of_cookies("x: a=b"), "x: a=b");
    }
}
