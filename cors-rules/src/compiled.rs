//! From a policy as written to lists that are ready for use.

use std::collections::HashSet;

use crate::declared::{Declared, Element, MaxAge};
use crate::fetch::LONGEST_MAX_AGE;
use crate::origin;

/// The origins of a policy, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoweredOrigins {
    /// Every origin.
    Any,
    /// Those that are listed.
    List {
        /// Exact origins, each once, in the order of their lengths and then of their bytes.
        exact: Vec<String>,
        /// Patterns as text, each once, as written; [`Pattern::parse`](crate::Pattern::parse) reads them.
        patterns: Vec<String>,
    },
}

/// The header names of a list, ready for use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoweredHeaders {
    /// Those that are listed: in lower case, each once, as ordered.
    List(Vec<String>),
    /// Every name; in `allow_headers` every name but `authorization`.
    Any,
    /// Every name, and `authorization`. In `allow_headers` only.
    AnyAndAuthorization,
}

/// A policy ready for use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lowered {
    /// `origins`.
    pub origins: LoweredOrigins,
    /// `origins` and `debug_origins` together.
    pub debug_origins: LoweredOrigins,
    /// `credentials`.
    pub credentials: bool,
    /// `allow_headers`.
    pub allow_headers: LoweredHeaders,
    /// `expose_headers`.
    pub expose_headers: LoweredHeaders,
    /// `max_age`, in seconds.
    pub max_age: Option<u32>,
}

/// Turns a policy without hard findings into lists that are ready for use.
///
/// Elements with hard findings are left out, so that the result never allows more than what is right in the policy.
#[must_use]
pub fn lower(policy: &Declared<'_>) -> Lowered {
    let origins = policy.origins.as_deref().unwrap_or_default();
    let all: Vec<_> = origins.iter().chain(&policy.debug_origins).copied().collect();
    Lowered {
        origins: lower_origins(origins, policy.credentials),
        debug_origins: lower_origins(&all, policy.credentials),
        credentials: policy.credentials,
        allow_headers: lower_headers(&policy.allow_headers, true),
        expose_headers: match lower_headers(&policy.expose_headers, false) {
            // Browsers would take the star literally.
            LoweredHeaders::Any if policy.credentials => LoweredHeaders::List(Vec::new()),
            headers => headers,
        },
        max_age: match policy.max_age {
            Some(MaxAge::Seconds(seconds)) if seconds <= LONGEST_MAX_AGE => u32::try_from(seconds).ok(),
            _ => None,
        },
    }
}

fn lower_origins(elements: &[Element<'_>], credentials: bool) -> LoweredOrigins {
    if elements.contains(&Element::Any) && !credentials {
        return LoweredOrigins::Any;
    }
    let (mut exact, mut patterns) = (Vec::new(), Vec::new());
    for element in elements {
        let Element::Text(text) = *element else {
            continue;
        };
        match origin::parse(text) {
            Ok(pattern) if pattern.is_exact() => exact.push(text.to_owned()),
            Ok(_) if !patterns.iter().any(|pattern| pattern == text) => {
                patterns.push(text.to_owned());
            }
            Ok(_) | Err(_) => {}
        }
    }
    exact.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    exact.dedup();
    LoweredOrigins::List { exact, patterns }
}

fn lower_headers(elements: &[Element<'_>], request: bool) -> LoweredHeaders {
    let (mut names, mut seen) = (Vec::new(), HashSet::new());
    for element in elements {
        let Element::Text(text) = *element else {
            continue;
        };
        let name = text.to_ascii_lowercase();
        if crate::check::is_header_name(&name) && seen.insert(name.clone()) {
            names.push(name);
        }
    }
    if !elements.contains(&Element::Any) {
        LoweredHeaders::List(names)
    } else if request && names.iter().any(|name| name == "authorization") {
        LoweredHeaders::AnyAndAuthorization
    } else {
        LoweredHeaders::Any
    }
}
