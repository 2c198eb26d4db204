//! Compares what arrived with what the application says.

use cors_runtime::Answer;
use serde::Serialize;

use super::plan::{Asked, Kind};
use super::server::Arrived;

/// One exchange, and what is different.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) asked: Asked,
    /// The origin that asked. Empty for none.
    pub(super) origin: String,
    pub(super) expected: Answer,
    pub(super) arrived: Arrived,
    pub(super) differences: Vec<Difference>,
    /// Why nothing was compared.
    pub(super) uncompared: Option<String>,
}

/// Something that arrived otherwise than the application says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Difference {
    /// `status`, or the name of a header in lower case.
    pub(super) what: String,
    /// What the application says: the lines, or for `vary` the names that are missing.
    pub(super) expected: Vec<String>,
    pub(super) arrived: Vec<String>,
}

/// Why the answer to a preflight is not compared that a layer has not granted.
const UNSERVED: &str =
    "the server does not serve it, and the layer does not know whether it should: give a method and a path";

pub(super) const ALLOW_ORIGIN: &str = "access-control-allow-origin";

impl Outcome {
    pub(super) fn new(asked: Asked, origin: String, expected: Answer, arrived: Arrived) -> Self {
        let mut differences = differences(&expected, &arrived);
        let mut uncompared = expected.undecided.clone();
        let is_compared = is_shared_by_others(asked.kind, &expected, &arrived);
        if uncompared.is_none() && !differences.is_empty() && asked.kind == Kind::Request && !is_compared {
            // The handler's own headers, and other handlers, may be the reason.
            uncompared = expected.notes.first().cloned();
        }
        if uncompared.is_some() {
            differences.clear();
        }
        Outcome { asked, origin, expected, arrived, differences, uncompared }
    }

    /// Compares nothing where nothing is served, if the application does not know whether something is. `are_answered` tells
    /// whether preflights reach it.
    pub(super) fn excuse(&mut self, are_answered: bool) {
        let Outcome { asked, arrived, differences, .. } = self;
        let is_unserved = matches!(arrived.status, 404 | 405) && difference_in(differences, "status");
        // Debug builds say so.
        let is_of_layer = || match arrived.reason() {
            Some(reason) => reason.starts_with("no handler here serves"),
            None => are_answered && arrived.varies_by("origin"),
        };
        if asked.kind == Kind::Preflight && asked.is_assumed && is_unserved && is_of_layer() {
            differences.clear();
            self.uncompared = Some(UNSERVED.to_owned());
        }
    }

    /// Whether this is a request to a route for which the application has no policy.
    pub(super) fn is_unshared(&self) -> bool {
        is_unshared(self.asked.kind, &self.expected)
    }

    /// Whether a page gets the answer of a route for which the application has no policy.
    pub(super) fn is_shared_by_others(&self) -> bool {
        is_shared_by_others(self.asked.kind, &self.expected, &self.arrived)
    }

    pub(super) fn is(&self, kind: Kind) -> bool {
        self.asked.kind == kind
    }

    /// The values of `Access-Control-Allow-Origin` in the application's answer.
    pub(super) fn expected_allow_origin(&self) -> Option<&str> {
        values(&self.expected, ALLOW_ORIGIN).next()
    }

    pub(super) fn difference(&self, what: &str) -> Option<&Difference> {
        self.differences.iter().find(|difference| difference.what == what)
    }

    /// Whether the library decides the status, and that is the one that has arrived.
    pub(super) fn is_status_expected(&self) -> bool {
        self.expected.status == Some(self.arrived.status)
    }

    /// Whether the answer names the origin that asked, perhaps among others.
    pub(super) fn has_own_origin(&self) -> bool {
        !self.origin.is_empty() && self.arrived.all(ALLOW_ORIGIN).contains(&&*self.origin)
    }

    /// Whether this is the application's answer too.
    pub(super) fn is_also(&self, arrived: &Arrived) -> bool {
        differences(&self.expected, arrived).is_empty()
    }

    /// Whether the application grants something, and exactly that has arrived.
    pub(super) fn is_granted(&self) -> bool {
        self.uncompared.is_none() && self.differences.is_empty() && self.expected_allow_origin().is_some()
    }
}

fn is_unshared(kind: Kind, expected: &Answer) -> bool {
    kind == Kind::Request && expected.kind.as_deref() == Some("unshared")
}

/// Whoever writes the header, the handler or a proxy: the application's report says that nobody shares this.
fn is_shared_by_others(kind: Kind, expected: &Answer, arrived: &Arrived) -> bool {
    is_unshared(kind, expected) && !arrived.all(ALLOW_ORIGIN).is_empty()
}

/// The values of a header in the application's answer.
fn values<'a>(answer: &'a Answer, name: &'a str) -> impl Iterator<Item = &'a str> {
    answer.headers.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
}

fn difference_in(differences: &[Difference], what: &str) -> bool {
    differences.iter().any(|difference| difference.what == what)
}

fn differences(expected: &Answer, arrived: &Arrived) -> Vec<Difference> {
    let mut differences = Vec::new();
    if let Some(status) = expected.status.filter(|status| *status != arrived.status) {
        differences.push(Difference {
            what: "status".to_owned(),
            expected: vec![status.to_string()],
            arrived: vec![arrived.status.to_string()],
        });
    }
    let said = expected.headers.iter().map(|(name, _)| name.to_ascii_lowercase());
    let mut names: Vec<_> = said.chain(arrived.headers.iter().map(|(name, _)| name.clone())).collect();
    names.retain(|name| name.starts_with("access-control-"));
    names.sort();
    names.dedup();
    for name in names {
        let mut said: Vec<_> = values(expected, &name).map(str::to_owned).collect();
        let mut found: Vec<_> = arrived.all(&name).into_iter().map(str::to_owned).collect();
        said.sort();
        found.sort();
        if said != found {
            differences.push(Difference { what: name, expected: said, arrived: found });
        }
    }
    // Others may add to it: an answer that is compressed depends on `Accept-Encoding` too.
    let vary = values(expected, "vary").flat_map(|line| line.split(", "));
    let missing: Vec<_> = vary.filter(|name| !arrived.varies_by(name)).map(str::to_owned).collect();
    if !missing.is_empty() {
        let arrived = arrived.all("vary").into_iter().map(str::to_owned).collect();
        differences.push(Difference { what: "vary".to_owned(), expected: missing, arrived });
    }
    differences
}
