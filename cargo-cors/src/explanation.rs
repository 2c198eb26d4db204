//! One request of a page, step by step: what the browser sends, what the application answers and by which rule, and what
//! the browser does with the answer.

use std::fmt::Write as _;

use cors_runtime::{Answer, Answers, Origin, Question};
use serde::Serialize;

use crate::browser::{self, Failed, Page};
use crate::output::{Style, safe};

/// The outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The page reads the answer.
    Shared,
    /// The page sees a network error.
    Refused,
    /// It depends on something that only a real request can show.
    Undecided,
}

/// An explanation: what is known when the browser has finished.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The outcome of the request.
    pub verdict: Verdict,
    /// The outcome in a sentence.
    pub conclusion: String,
    /// Whether the page calls with credentials.
    pub credentials: bool,
    /// Why the browser sends a preflight, if it does.
    pub reasons: browser::Reasons,
    /// The preflight, if there is one.
    pub preflight: Option<Exchange>,
    /// The request itself, if it is sent.
    pub request: Option<Exchange>,
    /// Other facts about the request.
    pub notes: Vec<String>,
}

/// A request and its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Exchange {
    /// The lines that the browser sends and that matter for CORS.
    pub sent: Vec<String>,
    /// What the application answers.
    pub answer: Answer,
    /// The check that fails. `None` if all checks pass.
    pub failed: Option<Failed>,
}

impl Explanation {
    /// Explains the outcome of a page's request if the application gives these answers.
    #[must_use]
    pub fn new(page: &Page, question: &Question, answers: Answers) -> Self {
        let Answers { preflight, request, .. } = answers;
        let reasons = page.reasons(question);
        let preflight = (!reasons.is_empty()).then(|| {
            let failed = browser::preflight(&preflight, question, page.credentials).err();
            Exchange { sent: preflight_lines(question), answer: preflight, failed }
        });
        let stopped = preflight.as_ref().filter(|exchange| exchange.failed.is_some());
        // If a check may allow the preflight, it may allow the request as well.
        let goes_on = stopped.is_none_or(|exchange| exchange.answer.undecided.is_some());
        let request = goes_on.then(|| {
            let failed = browser::cors_check(&request, &question.origin, page.credentials).err();
            Exchange { sent: request_lines(question, page.credentials), answer: request, failed }
        });
        let (verdict, conclusion) = conclude(question, page.credentials, preflight.as_ref(), request.as_ref());
        let notes = notes(page, question);
        Explanation { verdict, conclusion, credentials: page.credentials, reasons, preflight, request, notes }
    }

    /// The explanation for people.
    #[must_use]
    pub fn shown(&self, style: Style) -> String {
        let mut text = String::new();
        let mut line = |line: String| {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{line}");
        };
        for note in &self.notes {
            line(format!("{} {}", style.open("note:"), safe(note)));
        }
        line(style.heading("Does the browser send a preflight?"));
        if self.reasons.is_empty() {
            line("  no: the method and the headers are those that a form could send".to_owned());
        }
        for reason in &self.reasons {
            line(format!("  yes: {}", safe(reason)));
        }
        let exchanges = [("The preflight", &self.preflight), ("The request", &self.request)];
        for (name, exchange) in exchanges.iter().filter_map(|(name, exchange)| Some((name, exchange.as_ref()?))) {
            line(String::new());
            line(style.heading(name));
            exchange.lines(style).into_iter().for_each(&mut line);
        }
        line(String::new());
        let (word, paint): (_, fn(Style, &str) -> String) = match self.verdict {
            Verdict::Shared => ("shared:", Style::good),
            Verdict::Refused => ("refused:", Style::bad),
            Verdict::Undecided => ("undecided:", Style::open),
        };
        line(format!("{} {}", paint(style, word), safe(&self.conclusion)));
        text
    }
}

impl Exchange {
    fn lines(&self, style: Style) -> Vec<String> {
        let Answer { status, headers, route, source, policy, refusal, undecided, notes, .. } = &self.answer;
        let mut lines: Vec<_> = self.sent.iter().map(|line| format!("  > {}", safe(line))).collect();
        let mut add = |text: String| lines.push(format!("  {}", safe(&text)));
        if let Some(route) = route {
            add(format!("decided by {route}{}", source.as_ref().map(|at| format!(", {at}")).unwrap_or_default()));
        }
        if let Some(policy) = policy {
            add(format!("shared with {policy}"));
        }
        if let Some(refusal) = refusal {
            add(refusal.clone());
        }
        undecided.iter().chain(notes).for_each(|note| add(note.clone()));
        match status {
            Some(status) => add(format!("< {status}")),
            None => add("< the status of the handler".to_owned()),
        }
        for (name, value) in headers {
            add(format!("< {name}: {value}"));
        }
        match &self.failed {
            None => lines.push(format!("  {} the browser's checks pass", style.good("✓"))),
            Some(Failed { what, step, help }) => {
                lines.push(format!("  {} {}  {}", style.bad("✗"), safe(what), style.aside(step)));
                lines.extend(help.as_ref().map(|help| format!("    help: {}", safe(help))));
            }
        }
        lines
    }
}

fn preflight_lines(question: &Question) -> Vec<String> {
    let mut lines = vec![
        format!("OPTIONS {}", question.path),
        format!("Origin: {}", question.origin),
        format!("Access-Control-Request-Method: {}", question.method),
    ];
    if !question.headers.is_empty() {
        lines.push(format!("Access-Control-Request-Headers: {}", question.headers.join(",")));
    }
    lines
}

fn request_lines(question: &Question, credentials: bool) -> Vec<String> {
    let mut lines = vec![format!("{} {}", question.method, question.path), format!("Origin: {}", question.origin)];
    lines.extend(credentials.then(|| "(with the cookies that `SameSite` allows)".to_owned()));
    lines
}

fn conclude(
    question: &Question,
    include: bool,
    preflight: Option<&Exchange>,
    request: Option<&Exchange>,
) -> (Verdict, String) {
    let failed: Vec<_> = preflight.into_iter().chain(request).filter(|exchange| exchange.failed.is_some()).collect();
    let undecided: Option<Vec<_>> = failed.iter().map(|exchange| exchange.answer.undecided.as_deref()).collect();
    let method = &question.method;
    match (request, undecided.as_deref()) {
        (Some(exchange), Some([])) => {
            let names = browser::exposed(&exchange.answer, include);
            let and =
                if names.is_empty() { String::new() } else { format!(", and these headers: {}", names.join(", ")) };
            (Verdict::Shared, format!("the page reads the answer{and}"))
        }
        // One refusal that is final decides.
        (_, Some([undecided, ..])) => {
            (Verdict::Undecided, format!("{undecided}; unless that allows the request, the page sees a network error"))
        }
        (Some(exchange), _) if preflight.is_none_or(|preflight| preflight.failed.is_none()) => {
            let what = match exchange.answer.status {
                Some(403) => "the application rejects the request before any guard or the handler runs",
                Some(_) => "no handler runs",
                None => "the handler runs, and the browser keeps its answer from the page",
            };
            (Verdict::Refused, format!("{what}; the page sees a network error"))
        }
        _ => {
            let what = format!("the browser does not send the {method}, and the page sees a network error");
            (Verdict::Refused, what)
        }
    }
}

fn notes(page: &Page, question: &Question) -> Vec<String> {
    let mut notes = Vec::new();
    if question.origin != "null" && Origin::parse(question.origin.as_bytes()).is_none() {
        notes.push(format!(
            "browsers never send the origin `{}`: an origin is in lower case and ends after the host or the port",
            question.origin
        ));
    }
    if question.method != page.method {
        notes.push(format!("browsers send the method `{}` as `{}`", page.method, question.method));
    } else if question.method != question.method.to_ascii_uppercase() {
        notes.push(format!("browsers send the method `{}` as written: they do not change its case", question.method));
    }
    let left_out = page.left_out().into_iter();
    notes.extend(left_out.map(|name| format!("scripts cannot set the header `{name}`: the browser leaves it out")));
    notes
}
