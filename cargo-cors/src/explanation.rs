//! One request of a page, step by step: what the browser sends, what the application answers and by which rule, and what
//! the browser does with the answer.

use std::fmt::Write as _;

use cors_runtime::browser::{self, Failed};
use cors_runtime::{Answer, Answers, Origin, Question};
use serde::Serialize;

use crate::asked::Asked;
use crate::curl;
use crate::output::{Style, safe};

/// The outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The page reads the answer.
    Shared,
    /// The page sees a network error, or the application rejects the request of its own page.
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
    /// Whether the page is one of the server itself.
    pub same_origin: bool,
    /// Why the browser sends a preflight, if it does.
    pub reasons: browser::Reasons,
    /// The preflight, if there is one.
    pub preflight: Option<Exchange>,
    /// The request itself, if it is sent.
    pub request: Option<Exchange>,
    /// What becomes of the same write if a form of the page sends it, where the page does not read the answer: `yes: …`,
    /// `no: …`, and what can be done about it.
    pub form: Vec<String>,
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
    /// The command that sends the same request.
    pub curl: String,
}

impl Explanation {
    /// Explains the outcome of a page's request if the application gives these answers.
    #[must_use]
    pub fn new(asked: &Asked, question: &Question, answers: Answers) -> Self {
        let Answers { preflight, request, same_origin, form, .. } = answers;
        let page = &asked.page;
        let reasons = if same_origin { Vec::new() } else { page.reasons(question) };
        let exchange = |sent: Vec<(&str, &str)>, method: &str, answer, failed| {
            let curl = curl::command(asked.server(same_origin), method, &question.path, &sent);
            let first = std::iter::once(format!("{method} {}", question.path));
            let sent = first.chain(sent.iter().map(|(name, value)| format!("{name}: {value}"))).collect();
            Exchange { sent, answer, failed, curl }
        };
        let names = question.headers.join(",");
        let preflight = (!reasons.is_empty()).then(|| {
            let failed = browser::preflight(&preflight, question, page.credentials).err();
            exchange(preflight_headers(question, &names), "OPTIONS", preflight, failed)
        });
        let stopped = preflight.as_ref().filter(|exchange| exchange.failed.is_some());
        // If a check may allow the preflight, it may allow the request as well.
        let goes_on = stopped.is_none_or(|exchange| exchange.answer.undecided.is_some());
        let request = goes_on.then(|| {
            let check = || browser::cors_check(&request, &question.origin, page.credentials).err();
            let failed = if same_origin { None } else { check() };
            exchange(request_headers(asked, question, same_origin), &question.method, request, failed)
        });
        let (verdict, conclusion) = match &request {
            Some(request) if same_origin => conclude_own(&request.answer),
            _ => conclude(question, page.credentials, preflight.as_ref(), request.as_ref()),
        };
        let form = form.filter(|_| verdict != Verdict::Shared).map(|form| by_form(question, &form)).unwrap_or_default();
        let notes = notes(asked, question, same_origin);
        let credentials = page.credentials;
        Explanation { verdict, conclusion, credentials, same_origin, reasons, preflight, request, form, notes }
    }

    /// The explanation for people.
    #[must_use]
    pub fn shown(&self, style: Style, with_curl: bool) -> String {
        let mut text = String::new();
        let mut line = |line: String| {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{line}");
        };
        for note in &self.notes {
            line(format!("{} {}", style.open("note:"), safe(note)));
        }
        line(style.heading("Does the browser send a preflight?"));
        if self.same_origin {
            line("  no: the page is one of the server itself".to_owned());
        } else if self.reasons.is_empty() {
            line("  no: the method and the headers are those that a form could send".to_owned());
        }
        for reason in &self.reasons {
            line(format!("  yes: {}", safe(reason)));
        }
        let exchanges = [("The preflight", &self.preflight), ("The request", &self.request)];
        for (name, exchange) in exchanges.iter().filter_map(|(name, exchange)| Some((name, exchange.as_ref()?))) {
            line(String::new());
            line(style.heading(name));
            exchange.lines(style, self.same_origin).into_iter().for_each(&mut line);
        }
        if with_curl {
            line(String::new());
            line(style.heading("The same with `curl`"));
            for (_, exchange) in exchanges.iter().filter_map(|(name, exchange)| Some((name, exchange.as_ref()?))) {
                line(format!("  {}", safe(&exchange.curl)));
            }
        }
        if !self.form.is_empty() {
            line(String::new());
            line(style.heading("Could a form of the page still send it?"));
            self.form.iter().for_each(|text| line(format!("  {}", safe(text))));
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
    fn lines(&self, style: Style, same_origin: bool) -> Vec<String> {
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
            None if same_origin => lines.push(format!("  {} the browser makes no checks", style.good("✓"))),
            None => lines.push(format!("  {} the browser's checks pass", style.good("✓"))),
            Some(Failed { what, step, help }) => {
                lines.push(format!("  {} {}  {}", style.bad("✗"), safe(what), style.aside(step)));
                // Nothing needs to be changed if what is undecided allows it.
                let help = help.as_ref().filter(|_| undecided.is_none());
                lines.extend(help.map(|help| format!("    help: {}", safe(help))));
            }
        }
        lines
    }
}

fn preflight_headers<'q>(question: &'q Question, names: &'q str) -> Vec<(&'q str, &'q str)> {
    let mut headers = vec![("Origin", &*question.origin), ("Access-Control-Request-Method", &*question.method)];
    if !names.is_empty() {
        headers.push(("Access-Control-Request-Headers", names));
    }
    headers
}

fn request_headers<'q>(asked: &'q Asked, question: &'q Question, same_origin: bool) -> Vec<(&'q str, &'q str)> {
    let mut headers = Vec::new();
    if same_origin {
        headers.push(("Sec-Fetch-Site", "same-origin"));
    }
    if !same_origin || !matches!(&*question.method, "GET" | "HEAD") {
        headers.push(("Origin", &question.origin));
    }
    headers.extend(curl::script_headers(&asked.page));
    if question.cookies || same_origin {
        headers.push(("Cookie", curl::COOKIES));
    }
    headers
}

/// The outcome of a request of the server's own page, which reads every answer.
fn conclude_own(answer: &Answer) -> (Verdict, String) {
    let rejected = "the application rejects the request before any guard or the handler runs; the page reads the 403";
    match answer.status {
        None => (Verdict::Shared, "the page reads the answer".to_owned()),
        Some(403) => (Verdict::Refused, rejected.to_owned()),
        Some(status) => (Verdict::Shared, format!("no handler runs; the page reads the {status}")),
    }
}

/// What becomes of a write that a form sends.
fn by_form(question: &Question, answer: &Answer) -> Vec<String> {
    const HELP: &str = "help: a policy (`none` for nobody) or `protect_all` turns it away, unless `enforce = false` or \
                        `report_only` says otherwise";
    let way = if question.method == "POST" {
        "a form or a `no-cors` fetch".to_owned()
    } else {
        format!("a form with the field `_method={}`, which Rocket reads,", question.method)
    };
    let runs = format!("yes: {way} sends no preflight, and the handler runs");
    let mut lines = match (&answer.undecided, answer.status, answer.kind.as_deref()) {
        (Some(undecided), ..) => vec![format!("perhaps: {undecided}")],
        (None, None, None) => vec![format!("{runs}, as the policy names the origin of the page")],
        (None, None, Some(_)) => {
            vec![format!("{runs}, with the cookies that `SameSite` allows"), HELP.to_owned()]
        }
        (None, Some(403), _) => vec!["no: it is answered with 403 before any guard or the handler runs".to_owned()],
        (None, _, Some("format")) => vec![format!("no: {}", answer.refusal.as_deref().unwrap_or_default())],
        _ => Vec::new(),
    };
    lines.extend(answer.notes.iter().cloned());
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

fn notes(asked: &Asked, question: &Question, same_origin: bool) -> Vec<String> {
    let page = &asked.page;
    let mut notes = asked.notes.clone();
    if same_origin && page.same_origin.is_none() {
        notes.push(format!(
            "`{}` is one of the application's own origins: asked about a page that calls its own server",
            question.origin
        ));
    }
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
    if page.headers().any(|(name, value)| name == "content-type" && value.is_none()) {
        notes.push("the value of `content-type` is taken to be `application/json`".to_owned());
    }
    let left_out = page.left_out().into_iter();
    notes.extend(left_out.map(|name| format!("scripts cannot set the header `{name}`: the browser leaves it out")));
    notes
}
