//! What the rest of a policy leaves possible where every origin or every header was meant: a help names nothing that the
//! next check would refuse.

use crate::declared::{Declared, Element};
use crate::rules;

/// The parts of a policy that decide what its other arguments can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is one argument, and they are independent")]
pub struct Beside {
    /// The policy has `credentials`.
    pub credentials: bool,
    /// It has `enforce`, and no `allow(enforce_with_any)`.
    pub enforce: bool,
    /// It has `allow(wildcard_allow_headers_with_credentials)`.
    pub every_header: bool,
    /// It has `allow(any_port_with_credentials)`.
    pub every_port: bool,
    /// `origins` is `any`.
    pub any_origin: bool,
    /// There are `debug_origins`.
    pub debug_origins: bool,
}

impl Beside {
    /// Those of a policy.
    pub(crate) fn of(declared: &Declared<'_>) -> Self {
        let allows = |rule: &crate::rule::Rule| declared.allow.iter().any(|name| rules::same_name(rule.name, name));
        Beside {
            credentials: declared.credentials,
            enforce: declared.enforce && !allows(&rules::ENFORCE_WITH_ANY),
            every_header: allows(&rules::WILDCARD_ALLOW_HEADERS_WITH_CREDENTIALS),
            every_port: allows(&rules::ANY_PORT_WITH_CREDENTIALS),
            any_origin: declared.origins.as_ref().is_some_and(|origins| origins.contains(&Element::Any)),
            debug_origins: !declared.debug_origins.is_empty(),
        }
    }

    /// The argument beside which the argument `key` cannot be `any`.
    #[must_use]
    pub fn refuses_any(self, key: &str) -> Option<&'static str> {
        let refused = match key {
            "allow_headers" => self.credentials && !self.every_header,
            _ => self.credentials,
        };
        if refused {
            return Some("credentials");
        }
        (key == "origins" && self.enforce).then_some("enforce")
    }

    /// What to write where the argument `key` was meant to be everything; `words` are before it where that is possible.
    #[must_use]
    pub fn instead_of_everything(self, key: &str, words: &str) -> String {
        if key == "debug_origins" && self.any_origin {
            return "remove it: `origins = any` names every origin already".to_owned();
        }
        if let Some(refusing) = self.refuses_any(key) {
            return format!(
                "{}: `{key} = [\"{}\"]`; `any` is not possible with `{refusing}`",
                if key.ends_with("origins") { "list the origins" } else { "list the names" },
                example(key)
            );
        }
        let debug = if key == "origins" && self.debug_origins { ", and remove `debug_origins`" } else { "" };
        format!("{words}`{key} = any`{debug}")
    }

    /// What names every origin in the argument `key`, if that is possible.
    pub(crate) fn every_origin(self, key: &str) -> Option<String> {
        if self.refuses_any(key).is_some() || key == "debug_origins" && self.any_origin {
            return None;
        }
        let without = if key == "origins" && self.debug_origins { " without `debug_origins`" } else { "" };
        Some(format!("`{key} = any`{without} for every origin"))
    }
}

/// An element that the list of this argument can have.
#[must_use]
pub fn example(key: &str) -> &'static str {
    match key {
        "allow_headers" => "content-type",
        "expose_headers" => "etag",
        "debug_origins" => "http://localhost:3000",
        _ => "https://app.example.com",
    }
}
