//! The column `policy` of the table: what it says, and how a user would write it down. Part of the build script.

use std::collections::BTreeSet;

use cors_rules::{ContentType, Declared, Element, MaxAge, Scope, check};

use crate::tsv::split_unescape;

/// The methods that Rocket has route attributes for.
pub(crate) const METHODS: [&str; 7] = ["GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH"];

/// One policy of the table. A lone `*` in a list stays as it is.
#[derive(Default)]
pub(crate) struct Policy {
    origins: Vec<String>,
    pub(crate) credentials: bool,
    pub(crate) methods: Vec<String>,
    allow_headers: Vec<String>,
    expose_headers: Vec<String>,
    pub(crate) max_age: Option<String>,
    /// The format of the handlers, as the route attribute has it.
    pub(crate) format: Option<String>,
    /// `enforce`, or `enforce = false`.
    enforce: Option<&'static str>,
}

impl Policy {
    /// Reads `key=value;key=value`.
    pub(crate) fn parse(cell: &str) -> Result<Self, String> {
        let mut policy = Policy::default();
        for part in split_unescape(cell, ";") {
            let part = String::from_utf8(part).map_err(|_| format!("not UTF-8: {cell}"))?;
            let (key, value) = part.split_once('=').unwrap_or((&part, ""));
            let list = || value.split(',').filter(|element| !element.is_empty()).map(str::to_owned).collect();
            match key {
                "origins" => policy.origins = list(),
                "credentials" => policy.credentials = true,
                "methods" => policy.methods = list(),
                "allow_headers" => policy.allow_headers = list(),
                "expose_headers" => policy.expose_headers = list(),
                "enforce" if value.is_empty() => policy.enforce = Some("enforce"),
                "enforce" => policy.enforce = Some("enforce = false"),
                "format" => policy.format = Some(value.to_owned()),
                "max_age" => policy.max_age = Some(value.to_owned()),
                "" => {}
                key => return Err(format!("no such key in a policy: {key}")),
            }
        }
        Ok(policy)
    }

    /// The methods that handlers can be written for. A GET handler answers HEAD as well.
    pub(crate) fn handlers(&self) -> Vec<&'static str> {
        let lists = |name: &str| self.methods.iter().any(|method| method == name);
        let wanted = |method: &&str| lists("*") || (lists(method) && !(*method == "HEAD" && lists("GET")));
        METHODS.into_iter().filter(wanted).collect()
    }

    /// The arguments of `#[cross_origin(…)]` above the handler for this method; `None` is for the struct of the policy's
    /// layer.
    ///
    /// # Errors
    /// The library refuses the policy, and no `allow(…)` helps: the names of the rules.
    pub(crate) fn arguments(&self, method: Option<&str>) -> Result<String, String> {
        let mut arguments = vec![format!("origins = {}", list(&self.origins))];
        if self.credentials {
            arguments.push("credentials".to_owned());
        }
        if !self.allow_headers.is_empty() {
            arguments.push(format!("allow_headers = {}", list(&self.allow_headers)));
        }
        if !self.expose_headers.is_empty() {
            arguments.push(format!("expose_headers = {}", list(&self.expose_headers)));
        }
        if let Some(seconds) = &self.max_age {
            arguments.push(format!("max_age = {seconds}"));
        }
        arguments.extend(self.enforce.map(str::to_owned));
        let lints = self.lints(method)?;
        if !lints.is_empty() {
            arguments.push(format!("allow({})", lints.join(", ")));
        }
        Ok(arguments.join(", "))
    }

    /// The lints that have to be allowed before the library takes the policy.
    fn lints(&self, method: Option<&str>) -> Result<Vec<String>, String> {
        let mut allowed: Vec<String> = Vec::new();
        loop {
            let declared = Declared {
                origins: Some(elements(&self.origins)),
                credentials: self.credentials,
                allow_headers: elements(&self.allow_headers),
                expose_headers: elements(&self.expose_headers),
                max_age: self.max_age.as_deref().map(max_age),
                allow: allowed.iter().map(String::as_str).collect(),
                ..Declared::default()
            };
            let scope = Scope::Attribute {
                runtime_origins: false,
                options_route: method == Some("OPTIONS"),
                content_type: match method {
                    Some(_) if self.format.is_some() => ContentType::Required,
                    _ => ContentType::Simple,
                },
            };
            let findings = check(&declared, scope).findings;
            if findings.is_empty() {
                return Ok(allowed);
            }
            let repeated = |name: &String| allowed.contains(name);
            let names: BTreeSet<_> = findings.iter().map(|finding| finding.rule.allow_name()).collect();
            if !findings.iter().all(|finding| finding.rule.is_allowable()) || names.iter().any(repeated) {
                return Err(names.into_iter().collect::<Vec<_>>().join(", "));
            }
            allowed.extend(names);
        }
    }
}

/// A list as the attribute spells it.
fn list(names: &[String]) -> String {
    let one = |name: &String| {
        if name == "*" { "any".to_owned() } else { format!("{name:?}") }
    };
    match names {
        [name] if name == "*" => "any".to_owned(),
        names => format!("[{}]", names.iter().map(one).collect::<Vec<_>>().join(", ")),
    }
}

fn elements(names: &[String]) -> Vec<Element<'_>> {
    let element = |name| {
        if name == "*" { Element::Any } else { Element::Text(name) }
    };
    names.iter().map(String::as_str).map(element).collect()
}

fn max_age(text: &str) -> MaxAge {
    match text.parse() {
        Ok(seconds) => MaxAge::Seconds(seconds),
        Err(_) if text.starts_with('-') => MaxAge::Negative,
        Err(_) => MaxAge::NotAnInteger(None),
    }
}
