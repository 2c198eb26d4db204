//! Lists of origins that are known at run time only: checked by the rules of the attribute, and indexed.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use cors_rules::table::{find, table};
use cors_rules::{Checked, Declared, Element, Finding, Origins, Pattern, Port, Scope, check};

use crate::origin::Origin;
use crate::policy::Policy;

/// The lists of an application, of one moment. They are few, since policies name them.
#[derive(Debug, Default)]
pub(crate) struct Lists(Vec<(&'static str, OriginList)>);

impl Lists {
    /// Adds a list, in the place of one with that name.
    pub(crate) fn insert(&mut self, name: &'static str, list: OriginList) {
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, list));
    }

    /// The list of this name, if a policy names it.
    pub(crate) fn get(&self, name: &str) -> Option<&OriginList> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, list)| list)
    }

    /// Whether a list of the policy names the origin.
    pub(crate) fn names(&self, policy: &Policy, origin: &str) -> bool {
        policy.parts.lists.iter().filter_map(|name| self.get(name)).any(|list| list.names(origin))
    }
}

/// A list of origins and patterns. The time that it takes to find an origin does not grow with the list.
#[derive(Debug, Default)]
pub(crate) struct OriginList {
    exact: Vec<Box<str>>,
    /// Where they are found, if there are many.
    table: Vec<u32>,
    /// That of the table. Nobody knows it: the list may have been made by many, each of whom added an origin.
    seed: u64,
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
            list.seed = RandomState::new().hash_one(exact.len());
            list.table = table(&exact, list.seed);
            list.exact = exact.into_iter().map(Box::from).collect();
            for Pattern { scheme, host, subdomains, port } in patterns {
                let pattern = OwnPattern { scheme: scheme.into(), subdomains, port };
                list.patterns.entry(host.into()).or_default().push(pattern);
            }
        }
        Ok(list)
    }

    /// Whether the list names this origin.
    pub(crate) fn names(&self, origin: &str) -> bool {
        if find(&self.exact, &self.table, self.seed, origin.as_bytes()).is_some() {
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
