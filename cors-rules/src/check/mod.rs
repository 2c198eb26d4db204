//! Every rule, over a whole policy.

use crate::declared::Declared;
use crate::finding::{Finding, Place};
use crate::origin::lints::is_idle;
use crate::quote::{code, shown};
use crate::rule::Rule;
use crate::rules;

pub mod attribute;
mod headers;
mod max_age;
mod origins;

/// Everything that is wrong with a policy, all at once, in the order of its arguments.
///
/// Findings of rules that `allow(…)` can silence and that the policy's `allow` names are left out; an `allow` that
/// silences nothing is a finding itself.
#[must_use]
pub fn check(policy: &Declared<'_>) -> Vec<Finding> {
    let mut report = Report::new(policy);
    origins::check(policy, &mut report);
    headers::check_allow_headers(policy, &mut report);
    headers::check_expose_headers(policy, &mut report);
    if let Some(finding) = policy.max_age.and_then(max_age::check) {
        report.hard(finding);
    }
    if policy.on_options_route {
        report.lint(Finding {
            rule: &rules::POLICY_ON_OPTIONS_ROUTE,
            place: Place::Route,
            message: "the policy of an OPTIONS route does not answer preflights: that of the requested route does"
                .to_owned(),
            help: "put the policy on the routes that pages call; if they call this one, with OPTIONS, write \
                   `allow(policy_on_options_route)`"
                .to_owned(),
        });
    }
    report.finish()
}

pub(crate) use headers::is_name as is_header_name;

/// Collects findings, and keeps count of the opt-outs that were needed.
pub(crate) struct Report<'a> {
    allow: &'a [&'a str],
    used: Vec<bool>,
    findings: Vec<Finding>,
    hard: bool,
    more_origins: bool,
}

impl<'a> Report<'a> {
    fn new(policy: &'a Declared<'a>) -> Self {
        Self {
            allow: &policy.allow,
            used: vec![false; policy.allow.len()],
            findings: Vec::new(),
            hard: false,
            more_origins: policy.more_origins,
        }
    }

    /// Adds a finding that nothing silences.
    pub(crate) fn hard(&mut self, finding: Finding) {
        self.hard = true;
        self.findings.push(finding);
    }

    /// Adds a finding, unless an opt-out silences it.
    pub(crate) fn lint(&mut self, finding: Finding) -> bool {
        self.lints(vec![finding])
    }

    /// Adds the first of the findings about one text that is not silenced, and tells whether there was one.
    pub(crate) fn lints(&mut self, fired: Vec<Finding>) -> bool {
        for finding in &fired {
            if let Some(used) = self.first_allow(finding.rule).and_then(|i| self.used.get_mut(i)) {
                *used = true;
            }
        }
        let first =
            fired.iter().position(|finding| self.first_allow(finding.rule).is_none() && !is_idle(finding, &fired));
        let found = first.and_then(|first| fired.into_iter().nth(first));
        let any = found.is_some();
        self.findings.extend(found);
        any
    }

    fn first_allow(&self, rule: &Rule) -> Option<usize> {
        self.allow.iter().position(|name| rules::same_name(rule.name, name))
    }

    fn finish(mut self) -> Vec<Finding> {
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
            None => (format!("`allow` names an unknown lint: {}", code(name)), unknown(name)),
            Some(rule) if !rule.is_allowable() => (
                format!("the rule {} cannot be allowed", code(rule.name)),
                "remove it, and repair what the error is about: nothing silences it".to_owned(),
            ),
            Some(rule) if self.first_allow(rule).is_some_and(|first| first < i) => (
                format!("{} is given twice", code(&format!("allow({})", rule.allow_name()))),
                "remove one of the two".to_owned(),
            ),
            // Behind a hard error the lint may still be waiting, and in a list that is known at run time only.
            Some(rule) if self.hard || self.more_origins && rules::is_about_origins(rule) => return None,
            Some(rule) => (
                format!("{} has no effect here", code(&format!("allow({})", rule.allow_name()))),
                "remove it".to_owned(),
            ),
        };
        Some(Finding { rule: &rules::UNUSED_ALLOW, place: Place::Allow(i), message, help })
    }
}

/// The help for a name that is no lint's.
fn unknown(name: &str) -> String {
    let written: String = name.chars().take(64).collect::<String>().replace('-', "_");
    let allowable = rules::ALL.iter().filter(|rule| rule.is_allowable()).map(|rule| rule.allow_name());
    match nearest(&written, allowable) {
        Some(near) => format!("did you mean `allow({near})`?"),
        None => "the note below each error names the lint that allows it, if there is one".to_owned(),
    }
}

/// The candidate that the written word was probably meant to be.
pub(crate) fn nearest(written: &str, candidates: impl Iterator<Item = String>) -> Option<String> {
    let score = |candidate: &String| strsim::jaro_winkler(&shown(written), candidate);
    let (near, similarity) = candidates.map(|candidate| (score(&candidate), candidate)).fold(
        (String::new(), 0.0),
        |best, (score, candidate)| {
            if score > best.1 { (candidate, score) } else { best }
        },
    );
    (similarity > 0.85).then_some(near)
}
