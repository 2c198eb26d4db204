//! A policy in full, and what protects an application beside its policies: of their parts.

use super::{Protection, SharedPolicy};
use crate::own_origins::OwnOrigins;
use crate::policy::{AllowHeaders, Origins, Policy, PolicyParts};

impl SharedPolicy {
    pub(crate) fn of(policy: &Policy) -> Self {
        let parts = &policy.parts;
        SharedPolicy {
            origins: origins(parts),
            debug_origins: owned(parts.debug_origins),
            lists: owned(parts.lists),
            checks: owned(parts.checks),
            credentials: parts.credentials,
            allow_headers: match parts.allow_headers {
                AllowHeaders::Listed(names) => split(names),
                AllowHeaders::Any => owned(&["any"]),
                AllowHeaders::AnyAndAuthorization => owned(&["any", "authorization"]),
            },
            expose_headers: split(parts.expose_headers),
            max_age: parts.max_age.parse().ok(),
            enforce: parts.enforce,
            allow: owned(parts.allow),
        }
    }
}

impl Protection {
    pub(crate) fn of(own: Option<&OwnOrigins>, protect_all: bool, report_only: bool) -> Self {
        let sorted = |texts: Option<Vec<&str>>| {
            let mut texts = owned(&texts.unwrap_or_default());
            texts.sort();
            texts.dedup();
            texts
        };
        Protection {
            own_origins: sorted(own.map(|own| own.iter().collect())),
            own_hosts: sorted(own.map(|own| own.names().collect())),
            protect_all,
            report_only,
        }
    }
}

fn origins(parts: &PolicyParts) -> Vec<String> {
    match &parts.origins {
        Origins::Any => owned(&["any"]),
        Origins::Listed { exact, patterns } => {
            let mut origins = owned(exact);
            origins.extend(patterns.iter().map(ToString::to_string));
            origins.sort();
            origins
        }
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// The names of a header value, which the policy holds ready to send.
fn split(names: &str) -> Vec<String> {
    match names {
        "" => Vec::new(),
        "*" => owned(&["any"]),
        names => names.split(", ").map(str::to_owned).collect(),
    }
}
