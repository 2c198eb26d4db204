//! Answers a [`Question`] with the code that answers requests: the same table of routes, and the same decision. Only
//! code of the application is left out: handlers, guards, and the functions of `check(…)`.

use std::fmt;

use cors_rules::fetch::SAFELISTED_CONTENT_TYPES;
use rocket::http::{Accept, ContentType, MediaType, Method, uri};
use rocket::{Phase, Rocket};

use super::sources::RoutePolicy;
use super::state::State;
use super::table::{Entry, Table};
use super::version::sends_format;
use crate::answers::{headers, read, refused, turned_away, undecided, vary};
use crate::decision::{ActualAnswer, Name, PREFLIGHT_VARY, refuse_unshared};
use crate::origin_list::Lists;
use crate::question::{Answer, Answers, Question};
use crate::refusal::{Escaped, Refusal};
use crate::request::{CorsRequest, is_write};
use crate::same_origin::refuse_host;

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
    let own = |origin: &str| state.own_origins().is_some_and(|own| own.name(origin.as_bytes()));
    let same_origin = question.same_origin.unwrap_or_else(|| own(&question.origin));
    let explainer = Explainer {
        state,
        table: &table,
        lists: &state.lists.snapshot(),
        uri: &uri,
        question,
        names: &names,
        content_type: question.content_type.as_deref(),
        cookies: question.cookies,
        same_origin,
    };
    Ok(Answers {
        version: Answers::VERSION,
        preflight: explainer.preflight(),
        request: explainer.request(),
        same_origin,
        form: explainer.form(),
    })
}

/// The type of a form that says no other.
const FORM: &str = "application/x-www-form-urlencoded";

#[derive(Clone, Copy)]
struct Explainer<'a> {
    state: &'a State,
    table: &'a Table,
    lists: &'a Lists,
    uri: &'a uri::Origin<'a>,
    question: &'a Question,
    /// The value of `Access-Control-Request-Headers`.
    names: &'a str,
    content_type: Option<&'a str>,
    cookies: bool,
    same_origin: bool,
}

impl<'a> Explainer<'a> {
    /// The parts of the request that the decision needs.
    fn read(&self) -> CorsRequest<'a> {
        read(self.question, self.names, self.cookies, self.same_origin)
    }

    /// The routes that Rocket tries the request on, in their order.
    fn tried(&self) -> impl Iterator<Item = &'a Entry> {
        let (table, uri) = (self.table, self.uri);
        // Rocket's methods are compared byte by byte, and parsed without regard to case.
        let method = self.question.method.parse::<Method>().ok();
        let method = method.filter(|method| method.as_str() == self.question.method);
        let format = method.map(|method| (method, self.format(method)));
        let tried = format.map(|(method, format)| table.taking(method, uri, format.as_ref()).collect::<Vec<_>>());
        tried.unwrap_or_default().into_iter()
    }

    /// What Rocket compares with the format of a route.
    fn format(&self, method: Method) -> Option<MediaType> {
        if sends_format(method) {
            return Some(self.content_type?.parse::<ContentType>().ok()?.media_type().clone());
        }
        let accept = self.question.accept.as_deref().and_then(|accept| accept.parse::<Accept>().ok());
        Some(accept.map_or(MediaType::Any, |accept| accept.preferred().media_type().clone()))
    }

    /// The answer to whoever asks for the application by another name, before Rocket routes the request.
    fn by_other_name(&self) -> Option<Answer> {
        let refusal = refuse_host(&self.read(), self.state.own_origins()).filter(|_| !self.state.reports_only())?;
        Some(turned_away(refusal))
    }

    fn preflight(&self) -> Answer {
        if let Some(answer) = self.by_other_name() {
            return answer;
        }
        let method = self.question.method.as_bytes();
        let Some((method, entry, others_of)) = self.table.trying(&self.question.method, self.uri) else {
            return self.handed_on(Refusal::NoHandler(method.into()));
        };
        let Some(route) = entry.policy else {
            let refusal = Refusal::Method(method.as_bytes().into());
            return Answer { route: Some(entry.to_string()), ..self.handed_on(refusal) };
        };
        let decided = route.policy.preflight(&self.read(), method, |origin| self.lists.names(route.policy, origin));
        let (status, headers, refusal) = match decided {
            Ok(granted) => (204, headers(granted.lines(&self.read())), granted.refusal),
            Err(refusal) => (403, headers([(Name::Vary, PREFLIGHT_VARY)].into_iter()), Some(refusal)),
        };
        Answer { notes: others(Some(route), others_of), ..self.answer(entry, route, Some(status), headers, refusal) }
    }

    /// The answer to a preflight that the library hands on, as the application's own OPTIONS routes are next.
    fn handed_on(&self, refusal: Refusal<'_>) -> Answer {
        let own = self.table.trying("OPTIONS", self.uri).map(|(_, entry, _)| entry);
        Answer {
            status: own.is_none().then_some(404),
            headers: if own.is_none_or(|entry| entry.policy.is_some()) { vary() } else { Vec::new() },
            // The headers of an annotated one are removed: its policy does not answer the preflight.
            undecided: own
                .filter(|entry| entry.policy.is_none())
                .map(|entry| format!("the preflight is passed on to {entry}, whose handler answers it")),
            ..refused(refusal)
        }
    }

    fn request(&self) -> Answer {
        if let Some(answer) = self.by_other_name() {
            return answer;
        }
        let tried: Vec<_> = self.tried().collect();
        let Some((&entry, behind)) = tried.split_first() else { return self.unserved() };
        let behind = behind.iter().copied();
        let (answer, notes) = if let Some(route) = entry.policy {
            let decided = self.decide(route);
            let status = (decided.forbidden && !self.state.reports_only()).then_some(403);
            let headers = headers(decided.lines());
            let notes = others(Some(route), behind.clone());
            (self.answer(entry, route, status, headers, decided.refusal), notes)
        } else {
            let answer = self.unshared(entry);
            // What is turned away is not passed on.
            let next = behind.clone().filter(|next| answer.status.is_none() && entry.passes_on_to(next));
            let notes = others(None, next).into_iter().chain(answer.notes.clone());
            (answer, notes.collect())
        };
        let is_open = answer.refusal.is_some() && answer.status.is_none();
        let passed_on = behind.filter(|next| is_open && entry.passes_on_to(next));
        let undecided = answer.undecided.clone().or_else(|| self.shared_by_one(passed_on));
        Answer { undecided, notes, ..answer }
    }

    /// That one of the routes which may get the request from one that does not share its answer does.
    fn shared_by_one<'e>(&self, mut routes: impl Iterator<Item = &'e Entry>) -> Option<String> {
        let shared = routes.find(|next| next.policy.is_some_and(|route| self.decide(route).refusal.is_none()))?;
        Some(format!("{shared} would share its answer, if a guard forwards the request to it"))
    }

    /// The answer to a form that writes, or to a `no-cors` fetch: one that runs the handler, if there is one. Its cookies are
    /// not in the script's hands, so what they change is a note.
    fn form(&self) -> Option<Answer> {
        if !is_write(&self.question.method) || self.same_origin {
            return None;
        }
        let best = |cookies| {
            // With a form's usual type, Rocket takes the field `_method` for the method.
            let types: &[&str] = if self.question.method == "POST" { SAFELISTED_CONTENT_TYPES } else { &[FORM] };
            let ask = |content_type| Explainer { content_type: Some(content_type), cookies, ..*self }.request();
            types.iter().map(|content_type| ask(content_type)).min_by_key(|answer| match answer.status {
                None => 0,
                Some(403) => 1,
                Some(_) => 2,
            })
        };
        let (with, without) = (best(true)?, best(false)?);
        let note = (with.status != without.status).then(|| "with cookies it is answered with 403".to_owned());
        let refusal = match without.kind.as_deref() {
            Some("format") => Some(format!("{}, which no form sends", self.formats())),
            _ => without.refusal,
        };
        Some(Answer { refusal, notes: without.notes.into_iter().chain(note).collect(), ..without })
    }

    /// A route without a policy: its handler answers, unless the application protects it.
    fn unshared(&self, entry: &Entry) -> Answer {
        let route = Some(entry.to_string());
        let (read, own) = (self.read(), self.state.own_origins());
        match refuse_unshared(&read, own).filter(|_| self.state.protects_all()) {
            Some(refusal) if self.state.reports_only() => Answer { route, ..refused(refusal) },
            Some(refusal) => Answer { route, ..turned_away(refusal) },
            None => Answer {
                route,
                refusal: Some("the handler is not shared: it has no `#[cross_origin]`".to_owned()),
                kind: Some("unshared".to_owned()),
                notes: vec!["headers that the handler sets itself are not changed".to_owned()],
                ..Answer::default()
            },
        }
    }

    /// No route matches, so a catcher answers, with the headers of the fallback, if there is one.
    fn unserved(&self) -> Answer {
        let answer = Answer { status: Some(404), ..self.without_route() };
        let Some(route) = self.state.fallback(self.uri.path()) else { return Answer { headers: vary(), ..answer } };
        let decided = self.decide(route);
        let note = answer.refusal.map(|refusal| format!("{refusal}; the fallback policy applies to the 404"));
        let headers = headers(decided.lines());
        let undecided = self.undecided(route, decided.refusal.as_ref());
        Answer {
            status: answer.status,
            headers,
            policy: Some(route.policy.to_string()),
            undecided,
            notes: note.into_iter().collect(),
            ..decided.refusal.map(refused).unwrap_or_default()
        }
    }

    /// Why no route takes the request: the method, or the format.
    fn without_route(&self) -> Answer {
        let Question { method, accept, .. } = self.question;
        let taken = self.formats();
        if taken.is_empty() {
            return refused(Refusal::NoHandler(method.as_bytes().into()));
        }
        let sent = match (is_write(method), self.content_type) {
            (true, Some(sent)) => format!("the request has the content-type {}", Escaped(sent.as_bytes())),
            (true, None) => "the request has no content-type".to_owned(),
            (false, _) => format!("the request accepts {}", Escaped(accept.as_deref().unwrap_or("*/*").as_bytes())),
        };
        other_format(&format!("{taken}, and {sent}"))
    }

    /// The formats that the routes for this method and path take. Empty if there are no such routes.
    fn formats(&self) -> String {
        let routes = self.table.trying(&self.question.method, self.uri);
        let routes = routes.into_iter().flat_map(|(_, first, others)| std::iter::once(first).chain(others));
        let formats = routes.filter_map(|entry| Some(format!("{entry} takes only `{}`", entry.format.as_ref()?)));
        formats.collect::<Vec<_>>().join(", ")
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
        let undecided = self.undecided(route, refusal.as_ref());
        Answer {
            status,
            headers,
            route: Some(entry.to_string()),
            source: entry.source(),
            policy: Some(route.policy.to_string()),
            undecided,
            ..refusal.map(refused).unwrap_or_default()
        }
    }

    /// The checks that would be asked about the origin.
    fn undecided(&self, route: RoutePolicy, refusal: Option<&Refusal<'_>>) -> Option<String> {
        undecided(route.policy, route.has_checks(), self.question, refusal)
    }
}

/// An answer to a request whose format no route takes.
fn other_format(refusal: &str) -> Answer {
    let (refusal, kind) = (Some(refusal.to_owned()), Some("format".to_owned()));
    Answer { refusal, kind, ..Answer::default() }
}

/// The routes to which the request may be forwarded, and that decide otherwise.
fn others<'a>(policy: Option<RoutePolicy>, entries: impl Iterator<Item = &'a Entry>) -> Vec<String> {
    let others = entries.filter(|entry| entry.policy != policy);
    others.map(|entry| format!("a guard may forward the request to {}", entry.describe())).collect()
}
