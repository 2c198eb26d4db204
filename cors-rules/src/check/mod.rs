//! Every rule, over a whole policy: the findings, and the policy without the parts that they are about.

use crate::compiled::{Compiled, Origins};
use crate::declared::Declared;
use crate::finding::{Finding, Place};
use crate::rules;
use collector::Collector;

pub mod attribute;
mod collector;
mod content_type;
mod header_name;
mod headers;
mod max_age;
mod origins;
mod scope;

pub use collector::{nearest, nearest_rule};
pub use scope::{ContentType, Scope};

/// A policy that has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked<'a> {
    /// Everything that is wrong with the policy, in the order of its arguments. The policy is right if this is empty.
    ///
    /// Findings of lints that the policy's `allow` names are left out; an `allow` that is not needed is a finding itself.
    pub findings: Vec<Finding>,
    /// The policy without the elements that break a rule which cannot be allowed: it never allows more than
    /// the valid part of the policy as written.
    pub policy: Compiled<'a>,
}

/// Checks a policy, and makes it ready for use. Each text in it is parsed once.
#[must_use]
pub fn check<'a>(declared: &Declared<'a>, scope: Scope) -> Checked<'a> {
    let mut collector = Collector::new(declared, scope);
    let (release, debug) = match scope {
        Scope::Attribute { .. } | Scope::ConfiguredList => origins::check(declared, scope, &mut collector),
        Scope::NamedPolicyOnRoute { .. } => (Origins::none(), Origins::none()),
    };
    let policy = Compiled {
        release,
        debug,
        credentials: declared.credentials,
        allow_headers: headers::check_allow_headers(declared, &mut collector),
        expose_headers: headers::check_expose_headers(declared, &mut collector),
        max_age: max_age::check(declared, &mut collector),
    };
    content_type::check(declared, scope, &mut collector);
    if scope.is_options_route() {
        collector.lint(Finding {
            rule: &rules::POLICY_ON_OPTIONS_ROUTE,
            place: Place::Route,
            message: "a policy on an OPTIONS route does not answer preflights: the policy of the requested route does"
                .to_owned(),
            help: "put the policy on the routes that pages call; if they send OPTIONS requests to this one, add \
                   `allow(policy_on_options_route)`"
                .to_owned(),
        });
    }
    for (index, item) in declared.unseen_items.iter().enumerate() {
        collector.lint(attribute::unseen_item(index, item));
    }
    Checked { findings: collector.finish(), policy }
}
