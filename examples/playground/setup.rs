//! What a page has to know before it can call anybody, and what it reports when it is done.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::addresses::Addresses;

/// What the policies make of a page's origin.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    /// They name it.
    Named,
    /// They do not.
    Stranger,
}

/// What the page has to know before it can call anybody.
#[derive(Serialize)]
pub(crate) struct Setup {
    pub(crate) role: Role,
    pub(crate) addresses: Addresses,
    /// Where frameworks differ, the page expects what this one does.
    pub(crate) framework: &'static str,
    /// The source of the API's handlers by their names.
    pub(crate) handlers: BTreeMap<String, String>,
}

impl Setup {
    /// The origin of this page.
    fn origin(&self) -> &str {
        match self.role {
            Role::Named => &self.addresses.named,
            Role::Stranger => &self.addresses.stranger,
        }
    }
}

/// What a page found, as it reports it when it is done.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

/// One row of the page's table.
#[derive(Clone, Serialize, Deserialize)]
struct Row {
    name: String,
    expected: String,
    observed: String,
    /// Who decided: `allowed`, `refused` or `turned-away`.
    kind: String,
    /// Why the page did not get what it asked for, if it did not.
    reason: String,
}

impl Row {
    fn is_as_expected(&self) -> bool {
        self.expected == self.observed
    }
}

/// The last report of a page.
#[derive(Default)]
pub(crate) struct LastReport(Mutex<Option<Report>>);

impl LastReport {
    /// Keeps a report, and says in the terminal what is in it.
    pub(crate) fn put(&self, report: Report, setup: &Setup) {
        let rows = &report.rows;
        let green = rows.iter().filter(|row| row.is_as_expected()).count();
        println!("{}: {green} of {} as the policy says", setup.origin(), rows.len());
        for Row { name, expected, observed, .. } in rows.iter().filter(|row| !row.is_as_expected()) {
            println!("  {name:?}: expected {expected:?}, observed {observed:?}");
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(report);
    }

    /// The last report. `None` until there is one.
    pub(crate) fn get(&self) -> Option<Report> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use crate::page::handlers;

    #[test]
    fn every_handler_in_the_table_is_shown() {
        let found = handlers(crate::page::API);
        let rows = include_str!("page/calls.js").split("handler: '").skip(1);
        let mut names = rows.filter_map(|row| row.split('\'').next()).peekable();
        assert!(names.peek().is_some());
        assert!(names.all(|name| found.contains_key(name)), "{found:?}");
    }
}
