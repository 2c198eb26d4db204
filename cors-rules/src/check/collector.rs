//! Collects the findings about a policy, and keeps count of the opt-outs that were needed.

use super::scope::Scope;
use crate::declared::{Declared, Unread};
use crate::finding::{Finding, Place};
use crate::origin::lints::is_idle;
use crate::quote::{code, shown};
use crate::rule::Rule;
use crate::rules;

/// The findings so far.
pub(super) struct Collector<'a> {
    allow: &'a [&'a str],
    used: Vec<bool>,
    findings: Vec<Finding>,
    hard: bool,
    scope: Scope,
    unread: Unread,
}

impl<'a> Collector<'a> {
    pub(super) fn new(declared: &'a Declared<'_>, scope: Scope) -> Self {
        Self {
            allow: &declared.allow,
            used: vec![false; declared.allow.len()],
            findings: Vec::new(),
            hard: false,
            scope,
            unread: declared.unread,
        }
    }

    /// Whether a part of the policy is missing only because it could not be read.
    pub(super) fn has_gaps(&self) -> bool {
        self.unread != Unread::Nothing
    }

    /// Adds a finding that cannot be allowed.
    pub(super) fn hard(&mut self, finding: Finding) {
        self.hard = true;
        self.findings.push(finding);
    }

    /// Adds a finding, unless an opt-out allows it.
    pub(super) fn lint(&mut self, finding: Finding) -> bool {
        self.lints(vec![finding])
    }

    /// Adds the first of the findings about one text that is not silenced, and tells whether there was one.
    pub(super) fn lints(&mut self, fired: Vec<Finding>) -> bool {
        for finding in &fired {
            if let Some(used) = self.first_allow(finding.rule).and_then(|i| self.used.get_mut(i)) {
                *used = true;
            }
        }
        let first =
            fired.iter().position(|finding| self.first_allow(finding.rule).is_none() && !is_idle(finding, &fired));
        let mut found = first.and_then(|first| fired.into_iter().nth(first));
        // The compiler names the opt-out in a note, and a launch has none.
        if let Some(Finding { rule, help, .. }) = found.as_mut().filter(|_| self.scope == Scope::ConfiguredList)
            && !help.contains("allow(")
        {
            *help = format!("{help}; to accept it, add `allow({})` to the policy", rule.allow_name());
        }
        let any = found.is_some();
        if self.unread < Unread::Allow {
            self.findings.extend(found);
        }
        any
    }

    fn first_allow(&self, rule: &Rule) -> Option<usize> {
        self.allow.iter().position(|name| rules::same_name(rule.name, name))
    }

    /// The findings, with those about opt-outs that were not needed.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        if self.has_gaps() || self.scope == Scope::ConfiguredList {
            return self.findings;
        }
        let mut unused = Vec::new();
        for (i, name) in self.allow.iter().copied().enumerate() {
            if self.used.get(i) != Some(&true) {
                unused.extend(self.unused(i, name));
            }
        }
        self.findings.append(&mut unused);
        self.findings
    }

    /// Why the opt-out has no effect.
    fn unused(&self, i: usize, name: &str) -> Option<Finding> {
        let (message, help) = match rules::by_name(name) {
            None => (format!("unknown lint in `allow`: {}", code(name)), unknown(name)),
            Some(rule) if !rule.is_allowable() => (
                format!("the rule {} cannot be allowed", code(rule.name)),
                "remove it and fix the error: this rule cannot be allowed".to_owned(),
            ),
            Some(rule) if self.first_allow(rule).is_some_and(|first| first < i) => (
                format!("{} is given twice", code(&format!("allow({})", rule.allow_name()))),
                "remove one of the two".to_owned(),
            ),
            // Behind a hard error the lint may still be waiting, and in a list that is known at run time only.
            Some(rule) if self.hard || self.scope.has_runtime_origins() && rules::is_about_origins(rule) => {
                return None;
            }
            Some(rule) => (
                format!("{} has no effect here", code(&format!("allow({})", rule.allow_name()))),
                "remove it".to_owned(),
            ),
        };
        Some(Finding { rule: &rules::UNUSED_ALLOW, place: Place::Allow(i), message, help })
    }
}

/// The help for a name that does not belong to a lint.
fn unknown(name: &str) -> String {
    let written: String = name.chars().take(64).collect::<String>().replace('-', "_");
    let allowable = rules::ALL.iter().filter(|rule| rule.is_allowable()).map(|rule| rule.allow_name());
    match nearest(&written, allowable) {
        Some(near) => format!("did you mean `allow({near})`?"),
        None => "if an error can be allowed, the note below it shows the name to write".to_owned(),
    }
}

/// The rule whose name the written word was probably meant to be.
#[must_use]
pub fn nearest_rule(written: &str) -> Option<&'static Rule> {
    rules::by_name(&nearest(written, rules::ALL.iter().map(|rule| rule.name.to_owned()))?)
}

/// The candidate that the written word was probably meant to be.
#[must_use]
pub fn nearest(written: &str, candidates: impl Iterator<Item = String>) -> Option<String> {
    let score = |candidate: &String| strsim::jaro_winkler(&shown(written), candidate);
    let (near, similarity) = candidates.map(|candidate| (score(&candidate), candidate)).fold(
        (String::new(), 0.0),
        |best, (score, candidate)| {
            if score > best.1 { (candidate, score) } else { best }
        },
    );
    (similarity > 0.85).then_some(near)
}
