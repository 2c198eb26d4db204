//! `cargo cors probe`: whether what arrives at a browser is what the application says. Each file imports only files
//! below it.
//!
//! | file | what it does |
//! |---|---|
//! | `shown` | the text for people |
//! | `mod` | asks the application and the server, and collects what is found |
//! | `host` | whether `Host` arrives |
//! | `prefix` | under which prefix the application answers |
//! | `causes` | what stands between, and the fix |
//! | `comparison` | what is different in one exchange |
//! | `plan` | which requests are sent |
//! | `server` | one exchange with the server |

mod causes;
mod comparison;
mod host;
mod plan;
mod prefix;
mod server;
mod shown;

use std::collections::{BTreeMap, BTreeSet};
use std::process;
use std::time::{SystemTime, UNIX_EPOCH};

use cors_runtime::browser::is_mixed;
use cors_runtime::{Answers, Question, Report};
use serde::Serialize;

use causes::Cause;
use comparison::{Difference, Outcome};
use host::Seen;
use plan::{Plan, Route};
use server::{Address, Arrived, Client, Sent};

pub use plan::Selection;

/// Everything that was asked, and what is wrong.
#[derive(Clone, Debug, Serialize)]
pub struct Probe {
    /// The address that was asked.
    url: String,
    /// What stands between, each with its fix.
    findings: Vec<Finding>,
    /// What was not compared, and why.
    notes: Vec<String>,
    /// All requests whose answers were compared.
    exchanges: Vec<Exchange>,
}

/// Something that stands between.
#[derive(Clone, Debug, Serialize)]
struct Finding {
    name: Cause,
    what: &'static str,
    /// What is known besides.
    detail: Option<String>,
    fix: &'static str,
    /// The requests that show it.
    exchanges: Vec<Exchange>,
}

/// A request, and its two answers.
#[derive(Clone, Debug, Serialize)]
struct Exchange {
    sent: Sent,
    /// What the application says. `None` if it was not asked about this request.
    expected: Option<Expected>,
    arrived: Arrived,
    differences: Vec<Difference>,
    /// Why the answers are not compared.
    not_compared: Option<String>,
}

/// What an application says to a request.
#[derive(Clone, Debug, Serialize)]
struct Expected {
    /// `None` if a handler decides.
    status: Option<u16>,
    headers: Vec<(String, String)>,
}

/// A server that is asked.
pub struct Server {
    client: Client,
    address: Address,
}

impl Server {
    /// The server at this URL.
    ///
    /// # Errors
    /// It is not a URL with `http` or `https`, a host, and perhaps a port and a path.
    pub fn at(url: &str) -> Result<Self, String> {
        Ok(Server { client: Client::new(), address: Address::parse(url)? })
    }

    /// Compares the server with what the application says: its report, and its answers to questions, in their order.
    ///
    /// # Errors
    /// There is nothing to ask, the application has no answers, or the server has none.
    pub fn probe(
        &self,
        report: &Report,
        selection: &Selection,
        ask: impl Fn(&[Question]) -> Result<Vec<Answers>, String>,
    ) -> Result<Probe, String> {
        let mut routes = plan::routes(report, selection);
        if routes.is_empty() {
            return Err("the application has no route that can be asked: give a method and a path".to_owned());
        }
        let Plan { mut questions, asked } = Plan::new(&mut routes, selection, &mark());
        let of_plan = questions.len();
        let turning_away: Vec<_> =
            routes.iter().filter(|route| route.is_shared && (selection.writes || route.is_safe())).collect();
        questions.extend(turning_away.iter().map(|route| host::question(route, &self.address)));
        let answers = ask(&questions)?;
        if answers.len() != questions.len() {
            return Err("the application has not answered each question".to_owned());
        }
        let mut outcomes = Vec::new();
        let mut unanswered = None;
        for asked in asked {
            let is_preflight = asked.kind == plan::Kind::Preflight;
            if is_preflight && unanswered.is_some() {
                continue;
            }
            let Question { origin, .. } = &questions[asked.question];
            let answers = &answers[asked.question];
            let expected = if is_preflight { &answers.preflight } else { &answers.request };
            match self.client.ask(&self.address, &asked.sent) {
                Ok(arrived) => outcomes.push(Outcome::new(asked, origin.clone(), expected.clone(), arrived)),
                Err(error) if is_preflight && self.reads(&asked.sent.path) => unanswered = Some(error),
                Err(error) => return Err(error),
            }
        }
        let are_answered = outcomes.iter().any(causes::answers_preflight);
        for outcome in &mut outcomes {
            outcome.excuse(are_answered);
        }
        if let Some(why) = uncompared(&outcomes) {
            return Err(format!("nothing can be compared: {why}"));
        }
        let own_page = turning_away.iter().zip(&answers[of_plan..]).find(|(_, answers)| host::turns_away(answers));
        let mut found = self.findings(&outcomes);
        found.extend(unanswered.map(|error| Finding::new(Cause::Preflights, Some(error), Vec::new())));
        let mut notes = notes(&routes, &outcomes, selection);
        notes.extend(self.unasked(report, &routes, selection));
        match self.host(report, own_page.map(|(route, _)| *route), &outcomes)? {
            Seen::Unseen(why) if found.is_empty() => {
                notes.push(format!("whether `Host` arrives as it was sent cannot be seen: {why}"));
            }
            // What is wrong elsewhere may be the reason.
            Seen::Same | Seen::Unseen(_) => {}
            Seen::Rewritten(sent, arrived, detail) => {
                let exchange = Exchange { sent, expected: None, arrived, differences: Vec::new(), not_compared: None };
                found.push(Finding::new(Cause::Host, Some(detail), vec![exchange]));
            }
        }
        let exchanges = outcomes.into_iter().map(Exchange::from).collect();
        Ok(Probe { url: self.address.url(""), findings: found, notes, exchanges })
    }

    /// What was not asked, and what no browser would ask.
    fn unasked(&self, report: &Report, routes: &[Route], selection: &Selection) -> Vec<String> {
        let mut notes = Vec::new();
        let which = match plan::unasked(report, selection) {
            0 => None,
            1 => Some("a route without a policy that writes or takes values was".to_owned()),
            count => Some(format!("{count} routes without a policy that write or take values were")),
        };
        notes
            .extend(which.map(|which| {
                format!("{which} not asked, where a proxy may add headers too: give a method and a path")
            }));
        if selection.only.is_none() && routes.iter().any(|route| route.is_assumed) {
            notes.push(
                "what stands outside of all layers is not known to the application, and was not asked, where a proxy may add \
                 headers too: give a method and a path"
                    .to_owned(),
            );
        }
        let origin = &self.address.origin;
        let mixed = routes.iter().filter_map(|route| route.named.as_deref()).find(|page| is_mixed(page, origin));
        notes.extend(mixed.map(|page| {
            format!(
                "browsers block calls of pages of `{page}` to `{origin}` as mixed content: ask the URL with `https`"
            )
        }));
        notes
    }

    /// Whether the server answers something at this address if it is asked without a preflight's headers.
    fn reads(&self, path: &str) -> bool {
        let sent = Sent { method: "GET".to_owned(), path: path.to_owned(), headers: Vec::new() };
        self.client.ask(&self.address, &sent).is_ok()
    }

    fn findings(&self, outcomes: &[Outcome]) -> Vec<Finding> {
        let different = || outcomes.iter().filter(|outcome| !outcome.differences.is_empty());
        let all_of = |outcomes: &mut dyn Iterator<Item = &Outcome>| outcomes.cloned().map(Exchange::from).collect();
        if prefix::is_silent(outcomes) {
            let found = prefix::find(&self.client, &self.address, outcomes);
            let cause = if found.is_some() { Cause::Prefix } else { Cause::Elsewhere };
            let detail = found.map(|prefix::Found { what, asked, answers }| {
                format!("{what}: the application does not answer at {asked}, but at {answers}")
            });
            let detail = detail.or_else(|| {
                // The application's own 404 depends on `Origin` too, and it says no more of a preflight without it.
                let is_own = outcomes.iter().any(|outcome| outcome.arrived.varies_by("origin"));
                let or = if is_own { "; or `Origin` does not reach the application" } else { "" };
                Some(format!("the answers have the status {}{or}", statuses(outcomes)))
            });
            return vec![Finding::new(cause, detail, all_of(&mut different()))];
        }
        let mut by_cause: BTreeMap<Cause, Vec<&Outcome>> = BTreeMap::new();
        for outcome in different() {
            for cause in causes::of(outcome, outcomes) {
                by_cause.entry(cause).or_default().push(outcome);
            }
        }
        let found = by_cause.into_iter();
        found.map(|(cause, outcomes)| Finding::new(cause, None, all_of(&mut outcomes.into_iter()))).collect()
    }

    fn host(&self, report: &Report, own_page: Option<&Route>, outcomes: &[Outcome]) -> Result<Seen, String> {
        let unseen = |why: &str| Ok(Seen::Unseen(why.to_owned()));
        match (report.protection.own_origins.is_empty(), own_page) {
            _ if report.protection.report_only => unseen("the application only reports what it would turn away"),
            (false, _) => host::by_other_name(&self.client, &self.address, outcomes),
            (true, Some(route)) if host::can_be_asked(outcomes) => {
                host::by_own_page(&self.client, &self.address, route)
            }
            (true, Some(_)) => unseen("no answer shows that `Origin` arrives"),
            (true, None) => unseen(
                "no answer to a safe request depends on it, since the application names no own origins, and has no \
                 `enforce` on a GET route",
            ),
        }
    }
}

impl Probe {
    /// Whether everything is as the application says.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.findings.is_empty()
    }
}

impl Finding {
    fn new(name: Cause, detail: Option<String>, exchanges: Vec<Exchange>) -> Self {
        Finding { name, what: name.what(), detail, fix: name.fix(), exchanges }
    }
}

impl From<Outcome> for Exchange {
    fn from(outcome: Outcome) -> Self {
        let Outcome { asked, expected, arrived, differences, uncompared, .. } = outcome;
        let expected = Some(Expected { status: expected.status, headers: expected.headers });
        Exchange { sent: asked.sent, expected, arrived, differences, not_compared: uncompared }
    }
}

/// Why there is nothing to say about the server, if all answers are left open.
fn uncompared(outcomes: &[Outcome]) -> Option<&str> {
    let reasons: Option<Vec<_>> = outcomes.iter().map(|outcome| outcome.uncompared.as_deref()).collect();
    reasons?.first().copied()
}

fn notes(routes: &[Route], outcomes: &[Outcome], selection: &Selection) -> Vec<String> {
    let mut notes = Vec::new();
    let writing = routes.iter().filter(|route| !route.is_safe()).count();
    if writing > 0 && !selection.writes {
        let which =
            if writing == 1 { "a route that writes".to_owned() } else { format!("{writing} routes that write") };
        notes.push(format!(
            "of {which} only preflights were sent: `--writes` sends the requests too, and runs handlers"
        ));
    }
    let mut reasons: BTreeMap<&str, Vec<&Sent>> = BTreeMap::new();
    for (outcome, reason) in outcomes.iter().filter_map(|outcome| Some((outcome, outcome.uncompared.as_ref()?))) {
        reasons.entry(reason).or_default().push(&outcome.asked.sent);
    }
    for (reason, sent) in reasons {
        let first = &sent[0];
        notes.push(format!("not compared: {} {}, and {} more: {reason}", first.method, first.path, sent.len() - 1));
    }
    let unserved = outcomes.iter().find(|outcome| {
        let is_of_handler = outcome.is(plan::Kind::Request) && outcome.expected.status.is_none();
        is_of_handler && outcome.differences.is_empty() && matches!(outcome.arrived.status, 404 | 422)
    });
    if let Some(outcome) = unserved.filter(|_| selection.only.is_none()) {
        notes.push(format!(
            "{} {} was answered with {}, which is right for a value that does not exist, or that a parameter does not take; \
             its headers were compared. Give a method and a path to ask with another value",
            outcome.asked.sent.method, outcome.asked.sent.path, outcome.arrived.status
        ));
    }
    notes
}

/// The statuses that have arrived.
fn statuses(outcomes: &[Outcome]) -> String {
    let statuses: BTreeSet<_> = outcomes.iter().map(|outcome| outcome.arrived.status.to_string()).collect();
    statuses.into_iter().collect::<Vec<_>>().join(", ")
}

/// A text that no earlier address has.
fn mark() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:x}{:x}", now.as_micros(), process::id())
}

#[cfg(test)]
mod tests {
    use cors_runtime::Report;

    use super::plan::{Route, Selection};
    use super::{Question, Server};

    #[test]
    fn what_no_browser_asks_is_said() {
        let report = r#"{"version":2,"shared":[],"unshared":[],"fallbacks":[],"lists":null,
            "protection":{"protect_all":false,"own_origins":[],"own_hosts":[],"report_only":false}}"#;
        let report: Report = serde_json::from_str(report).expect("a report");
        let notes = |url: &str, page: &str| {
            let routes = [Route::unshared("GET", "/", None, Some(page.to_owned()))];
            Server::at(url).expect("a server").unasked(&report, &routes, &Selection::default())
        };
        let note = notes("http://nas.lan", "https://app.example.com");
        assert!(note.len() == 1 && note[0].contains("as mixed content"), "{note:?}");
        assert!(notes("http://nas.lan", "http://app.example.com").is_empty());
        assert!(notes("http://localhost:8000", "https://app.example.com").is_empty());
        assert!(notes("https://nas.lan", "https://app.example.com").is_empty());
        let nothing = |_: &[Question]| Ok(Vec::new());
        let empty = Server::at("http://nas.lan").expect("a server").probe(&report, &Selection::default(), nothing);
        assert!(empty.is_err(), "nothing can be asked");
    }
}
