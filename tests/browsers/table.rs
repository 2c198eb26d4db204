//! The table: what a script does, and what has to come of it in each engine.

use std::fmt;

use rocket::Route;

use crate::engines::Engine;

/// Cases about one thing, with the handlers that they call.
#[derive(Clone, Debug)]
pub struct Topic {
    pub title: &'static str,
    /// The file that the handlers, their policies and the cases stand in.
    pub file: &'static str,
    pub routes: Vec<Route>,
    pub cases: Vec<Case>,
}

/// Where a script runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `http://localhost:8701`, which most policies name.
    Page,
    /// `http://localhost` with a port that no policy names but by pattern.
    Stranger,
    /// `http://localhost` with the port that `config("friends")` names.
    Friend,
    /// The API's own origin.
    Own,
    /// `http://app.localhost:8701`.
    App,
    /// `http://a.app.localhost:8701`.
    Below,
    /// `http://a.b.app.localhost:8701`.
    FarBelow,
    /// `http://evilapp.localhost:8701`.
    LookAlike,
    /// `http://app.localhost.evil.localhost:8701`.
    Suffixed,
    /// `http://127.0.0.1:8701`.
    Numeric,
    /// A frame with the attribute `sandbox`: its origin is `null`.
    Sandboxed,
    /// A frame whose address is a `data:` URL: its origin is `null`.
    Data,
    /// A frame with `srcdoc`, which has the page's origin.
    Srcdoc,
    Worker,
    ModuleWorker,
    /// A worker from a `blob:` URL.
    BlobWorker,
    /// A worker from a `data:` URL: its origin is `null`.
    DataWorker,
    SharedWorker,
    /// A shared worker from a `data:` URL: its origin is `null`.
    DataSharedWorker,
    ServiceWorker,
}

impl Place {
    pub const ALL: [Place; 20] = [
        Place::Page,
        Place::Stranger,
        Place::Friend,
        Place::Own,
        Place::App,
        Place::Below,
        Place::FarBelow,
        Place::LookAlike,
        Place::Suffixed,
        Place::Numeric,
        Place::Sandboxed,
        Place::Data,
        Place::Srcdoc,
        Place::Worker,
        Place::ModuleWorker,
        Place::BlobWorker,
        Place::DataWorker,
        Place::SharedWorker,
        Place::DataSharedWorker,
        Place::ServiceWorker,
    ];

    /// Its name in `page/page.js` and in the documentation.
    pub fn name(self) -> &'static str {
        match self {
            Place::Page => "page",
            Place::Stranger => "stranger",
            Place::Friend => "friend",
            Place::Own => "own",
            Place::App => "app",
            Place::Below => "below",
            Place::FarBelow => "far_below",
            Place::LookAlike => "look_alike",
            Place::Suffixed => "suffixed",
            Place::Numeric => "numeric",
            Place::Sandboxed => "sandboxed",
            Place::Data => "data",
            Place::Srcdoc => "srcdoc",
            Place::Worker => "worker",
            Place::ModuleWorker => "module_worker",
            Place::BlobWorker => "blob_worker",
            Place::DataWorker => "data_worker",
            Place::SharedWorker => "shared_worker",
            Place::DataSharedWorker => "data_shared_worker",
            Place::ServiceWorker => "service_worker",
        }
    }

    /// The host of a frame that is served on the page's own port.
    pub fn host(self) -> Option<&'static str> {
        match self {
            Place::App => Some("app.localhost"),
            Place::Below => Some("a.app.localhost"),
            Place::FarBelow => Some("a.b.app.localhost"),
            Place::LookAlike => Some("evilapp.localhost"),
            Place::Suffixed => Some("app.localhost.evil.localhost"),
            Place::Numeric => Some("127.0.0.1"),
            _ => None,
        }
    }
}

/// The outcome that a case has to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What the browser lets the script do, in the words of `page/agent.js`.
    pub verdict: String,
    /// What the server sees, in the words of [`Record::of`](crate::record::Record::of).
    pub sees: String,
    /// The response headers that the script can read beside the safelisted ones.
    pub reads: String,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_nothing = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
        write!(f, "{}; server: {}; headers: {}", self.verdict, or_nothing(&self.sees), or_nothing(&self.reads))
    }
}

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    pub id: &'static str,
    pub place: Place,
    /// A JavaScript expression.
    pub script: &'static str,
    pub expected: Outcome,
    /// Engines in which the outcome has to be another one, each with its reason.
    pub unlike: Vec<Unlike>,
}

/// The outcome that a case has to have in one engine.
#[derive(Clone, Debug)]
pub struct Unlike {
    pub engine: Engine,
    pub why: &'static str,
    /// Any of these.
    pub outcomes: Vec<Outcome>,
}

/// What a page of the API's own origin can read, and any page under `expose_headers = any`: all that there is.
pub const EVERY: &str = "all";

/// A case that comes out the same in each engine, where the script can read no header but the safelisted ones.
pub fn case(id: &'static str, place: Place, script: &'static str, verdict: &str, sees: &str) -> Case {
    let expected = Outcome { verdict: verdict.to_owned(), sees: sees.to_owned(), reads: String::new() };
    Case { id, place, script, expected, unlike: Vec::new() }
}

impl Case {
    /// The script can read these response headers, too.
    pub fn reads(mut self, names: &str) -> Self {
        names.clone_into(&mut self.expected.reads);
        self
    }

    /// Something else comes of it in this engine.
    pub fn unlike(self, engine: Engine, verdict: &str, sees: &str, why: &'static str) -> Self {
        let outcome =
            Outcome { verdict: verdict.to_owned(), sees: sees.to_owned(), reads: self.expected.reads.clone() };
        self.unlike_in(engine, why, vec![outcome])
    }

    /// In this engine the server may see something else as well.
    pub fn or_sees(self, engine: Engine, sees: &str, why: &'static str) -> Self {
        let other = Outcome { sees: sees.to_owned(), ..self.expected.clone() };
        let outcomes = vec![self.expected.clone(), other];
        self.unlike_in(engine, why, outcomes)
    }

    fn unlike_in(mut self, engine: Engine, why: &'static str, outcomes: Vec<Outcome>) -> Self {
        self.unlike.push(Unlike { engine, why, outcomes });
        self
    }

    /// What may come of it in this engine.
    pub fn expected(&self, engine: Engine) -> &[Outcome] {
        let unlike = self.unlike.iter().find(|unlike| unlike.engine == engine);
        unlike.map_or(std::slice::from_ref(&self.expected), |unlike| &unlike.outcomes)
    }
}
