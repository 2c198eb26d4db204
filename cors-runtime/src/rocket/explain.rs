//! Answers a [`Question`] with the code that answers requests: the same table of routes, and the same decision. Only
//! code of the application is left out: handlers, guards, and the functions of `check(…)`.

use std::fmt;

use rocket::http::uri;
use rocket::{Phase, Rocket};

use super::config::Snapshot;
use super::sources::RoutePolicy;
use super::state::State;
use super::table::{Entry, Table};
use crate::decision::{ACTUAL_VARY, ActualAnswer, ENFORCED_VARY, Line, PREFLIGHT_VARY, refuse_unshared};
use crate::origin::Origin;
use crate::question::{Answer, Answers, Question};
use crate::refusal::Refusal;
use crate::request::CorsRequest;

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExplainError {
    /// The CORS fairing is not attached to the application, so no policy is in effect.
    NoFairing,
    /// The path of the question is not the path of a request: what was asked for, and what is wrong with it.
    InvalidPath(String, String),
}

impl fmt::Display for ExplainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExplainError::NoFairing => f.write_str("the CORS fairing is not attached, so no policy is in effect"),
            ExplainError::InvalidPath(path, error) => write!(f, "`{path}`: {error}"),
        }
    }
}

impl std::error::Error for ExplainError {}

/// What an application that has been ignited answers.
pub(super) fn explain<P: Phase>(rocket: &Rocket<P>, question: &Question) -> Result<Answers, ExplainError> {
    let state = State::of(rocket).ok_or(ExplainError::NoFairing)?;
    let uri = uri::Origin::parse(&question.path)
        .map_err(|error| ExplainError::InvalidPath(question.path.clone(), error.to_string()))?;
    let table = Table::read(rocket);
    let names = question.headers.join(",");
    let explainer = Explainer { state, table: &table, lists: state.lists.snapshot(), uri, question, names: &names };
    Ok(Answers { version: Answers::VERSION, preflight: explainer.preflight(), request: explainer.request() })
}

struct Explainer<'a> {
    state: &'a State,
    table: &'a Table,
    lists: Snapshot,
    uri: uri::Origin<'a>,
    question: &'a Question,
    /// The value of `Access-Control-Request-Headers`.
    names: &'a str,
}

impl<'a> Explainer<'a> {
    /// The parts of the request that the decision needs. Its page, if it says which, is of another origin, whatever the
    /// server is called.
    fn read(&self) -> CorsRequest<'a> {
        let lines = [("origin", &*self.question.origin), ("access-control-request-headers", self.names)];
        // Without an origin, or a header to ask for, there is no such line.
        let lines = lines.into_iter().filter(|(_, value)| !value.is_empty());
        CorsRequest::new(&self.question.method, None).with(lines.map(|(name, value)| (name, value.as_bytes())))
    }

    fn preflight(&self) -> Answer {
        let method = self.question.method.as_bytes();
        let Some((method, entry, others_of)) = self.table.trying(&self.question.method, &self.uri) else {
            return self.handed_on(&Refusal::NoHandler(method.into()));
        };
        let Some(route) = entry.policy else {
            let refusal = Refusal::Method(method.as_bytes().into());
            return Answer { route: Some(entry.to_string()), ..self.handed_on(&refusal) };
        };
        let decided = route.policy.preflight(&self.read(), method, |origin| self.lists.names(route.policy, origin));
        let (status, headers, refusal) = match decided {
            Ok(granted) => (204, headers(granted.lines(&self.read())), granted.refusal),
            Err(refusal) => (403, headers([("Vary", PREFLIGHT_VARY)].into_iter()), Some(refusal)),
        };
        Answer { notes: others(route, others_of), ..self.answer(entry, route, Some(status), headers, refusal) }
    }

    /// The answer to a preflight that the library hands on, as the application's own OPTIONS routes are next.
    fn handed_on(&self, refusal: &Refusal<'_>) -> Answer {
        let own = self.table.trying("OPTIONS", &self.uri).map(|(_, entry, _)| entry);
        Answer {
            status: own.is_none().then_some(404),
            headers: if own.is_none_or(|entry| entry.policy.is_some()) { vary() } else { Vec::new() },
            refusal: Some(refusal.to_string()),
            // The headers of an annotated one are removed: its policy does not answer the preflight.
            undecided: own
                .filter(|entry| entry.policy.is_none())
                .map(|entry| format!("the preflight is passed on to {entry}, whose handler answers it")),
            ..Answer::default()
        }
    }

    fn request(&self) -> Answer {
        let Some((_, entry, others_of)) = self.table.trying(&self.question.method, &self.uri) else {
            return self.unserved();
        };
        let Some(route) = entry.policy else { return self.unshared(entry) };
        let decided = self.decide(route);
        let status = (decided.forbidden && !self.state.reports_only()).then_some(403);
        let headers = headers(decided.lines());
        Answer { notes: others(route, others_of), ..self.answer(entry, route, status, headers, decided.refusal) }
    }

    /// A route without a policy: its handler answers, unless the application protects it.
    fn unshared(&self, entry: &Entry) -> Answer {
        let answer = Answer { route: Some(entry.to_string()), ..Answer::default() };
        let (read, own) = (self.read(), self.state.own_origins());
        match refuse_unshared(&read, own).filter(|_| self.state.protects_all()) {
            Some(refusal) => {
                let status = (!self.state.reports_only()).then_some(403);
                let vary = status.map(|_| headers([("Vary", ENFORCED_VARY)].into_iter()));
                let (headers, refusal) = (vary.unwrap_or_default(), Some(refusal.to_string()));
                Answer { status, headers, refusal, ..answer }
            }
            None => Answer {
                refusal: Some("the handler is not shared: it has no `#[cross_origin]`".to_owned()),
                notes: vec!["headers that the handler sets itself are not changed".to_owned()],
                ..answer
            },
        }
    }

    /// No route matches, so a catcher answers, with the headers of the fallback, if there is one.
    fn unserved(&self) -> Answer {
        let no_handler = Refusal::NoHandler(self.question.method.as_bytes().into()).to_string();
        let answer = Answer { status: Some(404), ..Answer::default() };
        let Some(route) = self.state.fallback(self.uri.path()) else {
            return Answer { headers: vary(), refusal: Some(no_handler), ..answer };
        };
        let decided = self.decide(route);
        Answer {
            headers: headers(decided.lines()),
            policy: Some(route.policy.to_string()),
            undecided: self.undecided(route, decided.refusal.as_ref()),
            refusal: decided.refusal.map(|refusal| refusal.refined().to_string()),
            notes: vec![format!("{no_handler}; the fallback policy applies to the 404")],
            ..answer
        }
    }

    fn decide(&self, route: RoutePolicy) -> ActualAnswer<'a> {
        route.policy.actual(&self.read(), self.state.own_origins(), |origin| self.lists.names(route.policy, origin))
    }

    fn answer(
        &self,
        entry: &Entry,
        route: RoutePolicy,
        status: Option<u16>,
        headers: Vec<(String, String)>,
        refusal: Option<Refusal<'_>>,
    ) -> Answer {
        Answer {
            status,
            headers,
            route: Some(entry.to_string()),
            source: entry.source(),
            policy: Some(route.policy.to_string()),
            undecided: self.undecided(route, refusal.as_ref()),
            refusal: refusal.map(|refusal| refusal.refined().to_string()),
            notes: Vec::new(),
        }
    }

    /// The checks that would be asked about the origin.
    fn undecided(&self, route: RoutePolicy, refusal: Option<&Refusal<'_>>) -> Option<String> {
        let origin = Origin::parse(self.question.origin.as_bytes());
        let asked = matches!(refusal, Some(Refusal::Origin(_))) && origin.is_some() && route.has_checks();
        let names: Vec<_> = route.policy.parts.checks.iter().map(|name| format!("`check({name})`")).collect();
        asked.then(|| format!("{} would decide, which needs a real request", names.join(", ")))
    }
}

/// The routes to which the request may be forwarded, and that decide otherwise.
fn others<'a>(route: RoutePolicy, entries: impl Iterator<Item = &'a Entry>) -> Vec<String> {
    let others = entries.filter(|entry| entry.policy != Some(route));
    others.map(|entry| format!("a guard may forward the request to {}", entry.describe())).collect()
}

/// The headers where no policy grants anything.
fn vary() -> Vec<(String, String)> {
    headers([("Vary", ACTUAL_VARY)].into_iter())
}

fn headers<'r>(lines: impl Iterator<Item = Line<'r>>) -> Vec<(String, String)> {
    lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
