//! Lists of origins that are known at run time only: checked by the rules of the attribute, and indexed.

use std::collections::{HashMap, HashSet};

use cors_rules::{Checked, Declared, Element, Finding, Origins, Pattern, Port, Scope, check};

use crate::origin::Origin;
use crate::policy::Policy;

/// A list of origins and patterns. The time that it takes to find an origin does not grow with the list.
#[derive(Debug, Default)]
pub(crate) struct OriginList {
    exact: HashSet<Box<str>>,
    /// Patterns by their host: that of a request, or one of the domains that it is below.
    patterns: HashMap<Box<str>, Vec<OwnPattern>>,
}

/// A [`Pattern`] that owns its scheme. Its host is the key under which it stands.
#[derive(Debug)]
struct OwnPattern {
    scheme: Box<str>,
    subdomains: bool,
    port: Port,
}

impl OwnPattern {
    fn matches(&self, host: &str, origin: &[u8]) -> bool {
        let OwnPattern { scheme, subdomains, port } = self;
        Pattern { scheme, host, subdomains: *subdomains, port: *port }.matches(origin)
    }
}

impl OriginList {
    /// Checks a list by the rules, as the policy that names it has it: with its `credentials`, and with the lints that it
    /// allows.
    ///
    /// # Errors
    /// Everything that the rules find in the list.
    pub(crate) fn checked(texts: &[String], policy: &Policy) -> Result<Self, Vec<Finding>> {
        let declared = Declared {
            origins: Some(texts.iter().map(|text| Element::Text(text)).collect()),
            credentials: policy.parts.credentials,
            allow: policy.parts.allow.to_vec(),
            ..Declared::default()
        };
        let Checked { findings, policy } = check(&declared, Scope::ConfiguredList);
        if !findings.is_empty() {
            return Err(findings);
        }
        let mut list = OriginList::default();
        // Only the word `any` names every origin, and a list that is known at run time has texts only.
        if let Origins::Listed { exact, patterns } = policy.release {
            list.exact.extend(exact.into_iter().map(Box::from));
            for Pattern { scheme, host, subdomains, port } in patterns {
                let pattern = OwnPattern { scheme: scheme.into(), subdomains, port };
                list.patterns.entry(host.into()).or_default().push(pattern);
            }
        }
        Ok(list)
    }

    /// Whether the list names this origin.
    pub(crate) fn names(&self, origin: &str) -> bool {
        if self.exact.contains(origin) {
            return true;
        }
        if self.patterns.is_empty() {
            return false;
        }
        let Some(host) = Origin::parse(origin.as_bytes()).map(|origin| origin.host()) else { return false };
        let below = host.match_indices('.').map(|(dot, _)| &host[dot + 1..]);
        std::iter::once(host).chain(below).any(|domain| {
            let patterns = self.patterns.get(domain).into_iter().flatten();
            patterns.into_iter().any(|pattern| pattern.matches(domain, origin.as_bytes()))
        })
    }
}
