//! Answers a [`Question`] with the code that answers requests: the same table of routes, the same decision, the same
//! writing of headers. Only what runs is left out: handlers, guards, and the functions of `check(…)`.

use rocket::http::uri::Origin;
use rocket::{Phase, Response, Rocket};

use super::launch::{Entry, Table};
use super::lists::Snapshot;
use super::response::{self, Judged};
use super::{CrossOrigin, preflight};
use crate::decision::OriginHeader;
use crate::explain::{Answer, Answers, Question};
use crate::policy::Policy;
use crate::refusal::Refusal;

impl Answers {
    /// What an application that has been ignited answers.
    ///
    /// # Errors
    /// The path is none, or the application has no CORS fairing: in words.
    pub fn of<P: Phase>(rocket: &Rocket<P>, question: &Question) -> Result<Self, String> {
        let cors =
            rocket.state::<CrossOrigin>().ok_or("the CORS fairing is not attached, so no policy is in effect")?;
        let uri = Origin::parse(&question.path).map_err(|error| format!("`{}`: {error}", question.path))?;
        let table = Table::read(rocket);
        let asked = Asked { cors, table: &table, lists: cors.lists.snapshot(), uri, question };
        Ok(Answers { version: Self::VERSION, preflight: asked.preflight(), request: asked.request() })
    }
}

struct Asked<'a> {
    cors: &'a CrossOrigin,
    table: &'a Table,
    lists: Snapshot,
    uri: Origin<'a>,
    question: &'a Question,
}

impl Asked<'_> {
    fn origin(&self) -> OriginHeader<'_> {
        OriginHeader::One(self.question.origin.as_bytes())
    }

    fn preflight(&self) -> Answer {
        let method = self.question.method.as_bytes();
        let Some((method, mut entries)) = self.table.trying(&self.question.method, &self.uri) else {
            return self.handed_on(Refusal::NoHandler(method));
        };
        let Some(entry) = entries.next() else { return self.handed_on(Refusal::NoHandler(method.as_bytes())) };
        let Some(policy) = entry.policy else {
            return Answer { route: Some(entry.to_string()), ..self.handed_on(Refusal::Method(method.as_bytes())) };
        };
        let value = self.question.headers.join(",");
        // Without a header to ask for there is no `Access-Control-Request-Headers`.
        let names = || (!value.is_empty()).then_some(&*value).into_iter();
        let also = |origin: &[u8]| self.lists.name(policy, origin);
        let decided = policy.preflight_or(self.origin(), also, || names().map(str::as_bytes));
        let mut response = Response::new();
        let refusal = preflight::put(&mut response, method, decided, names).map(|(_, refusal)| refusal);
        let status = Some(response.status().code);
        Answer { notes: others(policy, entries), ..self.answer(entry, policy, status, &response, refusal) }
    }

    /// The answer to a preflight that the library hands on, as the application's own OPTIONS routes are next.
    fn handed_on(&self, refusal: Refusal<'_>) -> Answer {
        let own = self.table.trying("OPTIONS", &self.uri).and_then(|(_, mut entries)| entries.next());
        Answer {
            status: own.is_none().then_some(404),
            headers: if own.is_none_or(|entry| entry.policy.is_some()) { vary() } else { Vec::new() },
            refusal: Some(refusal.to_string()),
            // The headers of an annotated one are taken away: its policy is no answer to the preflight.
            open: own
                .filter(|entry| entry.policy.is_none())
                .map(|entry| format!("the preflight is passed on to {entry}, whose handler answers it")),
            ..Answer::default()
        }
    }

    fn request(&self) -> Answer {
        let method = &*self.question.method;
        let served = self.table.trying(method, &self.uri).and_then(|(_, mut entries)| Some((entries.next()?, entries)));
        let Some((entry, others_of)) = served else {
            return self.unserved();
        };
        let Some(policy) = entry.policy else {
            return Answer {
                route: Some(entry.to_string()),
                refusal: Some("the handler is not shared: it has no `#[cross_origin]`".to_owned()),
                notes: vec!["headers that the handler sets itself are not changed".to_owned()],
                ..Answer::default()
            };
        };
        let judged = self.judge(policy, method);
        let mut response = Response::new();
        response::put(&mut response, &judged.answer, false);
        let status = judged.forbidden.then_some(403);
        Answer {
            notes: others(policy, others_of),
            ..self.answer(entry, policy, status, &response, judged.answer.refusal)
        }
    }

    /// No route matches, so a catcher answers, with the headers of the fallback, if there is one.
    fn unserved(&self) -> Answer {
        let method = &*self.question.method;
        let no_handler = Refusal::NoHandler(method.as_bytes()).to_string();
        let answer = Answer { status: Some(404), ..Answer::default() };
        let Some(policy) = self.cors.fallback_of(self.uri.path()) else {
            return Answer { headers: vary(), refusal: Some(no_handler), ..answer };
        };
        let judged = self.judge(policy, method);
        let mut response = Response::new();
        response::put(&mut response, &judged.answer, false);
        Answer {
            headers: headers(&response),
            policy: Some(policy.to_string()),
            refusal: judged.answer.refusal.map(|refusal| refusal.refined().to_string()),
            open: self.open(policy, judged.answer.refusal),
            notes: vec![format!("{no_handler}; the fallback policy applies to the 404")],
            ..answer
        }
    }

    /// The page is of another origin, whatever the server is called.
    fn judge(&self, policy: &'static Policy, method: &str) -> Judged<'_> {
        let answer = policy.actual_or(self.origin(), |origin| self.lists.name(policy, origin));
        Judged::of(policy, answer, method, false)
    }

    fn answer(
        &self,
        entry: &Entry,
        policy: &'static Policy,
        status: Option<u16>,
        response: &Response<'_>,
        refusal: Option<Refusal<'_>>,
    ) -> Answer {
        Answer {
            status,
            headers: headers(response),
            route: Some(entry.to_string()),
            source: entry.source(),
            policy: Some(policy.to_string()),
            refusal: refusal.map(|refusal| refusal.refined().to_string()),
            open: self.open(policy, refusal),
            notes: Vec::new(),
        }
    }

    /// The checks that would be asked about the origin.
    fn open(&self, policy: &Policy, refusal: Option<Refusal<'_>>) -> Option<String> {
        let origin = crate::Origin::parse(self.question.origin.as_bytes());
        let asked = matches!(refusal, Some(Refusal::Origin(_))) && origin.is_some() && !policy.checks.is_empty();
        let names: Vec<_> = policy.checks.iter().map(|check| format!("`check({})`", check.name)).collect();
        asked.then(|| format!("{} would decide, which needs a real request", names.join(", ")))
    }
}

/// The routes that the request may be forwarded to, and that decide otherwise.
fn others<'a>(policy: &'static Policy, entries: impl Iterator<Item = &'a Entry>) -> Vec<String> {
    let others = entries.filter(|entry| entry.policy != Some(policy));
    others.map(|entry| format!("a guard may forward the request to {}", entry.describe())).collect()
}

/// The headers where no policy grants anything.
fn vary() -> Vec<(String, String)> {
    let mut response = Response::new();
    response::vary(&mut response);
    headers(&response)
}

fn headers(response: &Response<'_>) -> Vec<(String, String)> {
    response.headers().iter().map(|header| (header.name().to_string(), header.value().to_owned())).collect()
}
