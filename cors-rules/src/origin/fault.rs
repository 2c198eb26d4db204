//! A hard fault of an origin, with the repair that has been tried out.

use crate::finding::{Finding, Place};
use crate::quote::{code, literal};
use crate::rule::Rule;

/// How many repairs may follow each other, as in `HTTPS://Example.com:443/`.
const MOST_REPAIRS: usize = 8;

/// The longest text, in bytes, that is repaired for a message. A longer text is not a typing mistake.
const LONGEST_REPAIR: usize = 400;

/// Where a text stands, since not everything can be written everywhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// In an attribute, or in code that makes a policy.
    Policy,
    /// In a list of the configuration.
    ConfiguredList,
    /// Among the origins of the application itself.
    OwnOrigins,
}

/// What to do about a text that is not in an attribute.
#[derive(Clone, Copy)]
pub(crate) enum Configured {
    /// Every origin was meant.
    Any,
    /// What the text stands for.
    RealOrigin,
    /// Nothing can be in its place.
    Remove,
    /// One of the patterns.
    Pattern,
}

impl Configured {
    fn text(self, written: Written) -> &'static str {
        match self {
            Self::Any | Self::Pattern if written == Written::OwnOrigins => {
                "list each origin under which browsers reach the application: `\"https://app.example.com\"`"
            }
            Self::Any => {
                "remove it: a list of the configuration cannot name every origin; write `origins = any` in the attribute \
                 instead of `config(…)`"
            }
            Self::RealOrigin => "write the real origin: nothing is expanded here",
            Self::Remove => "remove it",
            Self::Pattern => {
                "write `\"https://*.example.com\"` for the subdomains of a domain, `:*` for any port, or `check(path)` in \
                 the attribute, with a function, for a part of a host"
            }
        }
    }
}

/// What is wrong with an origin.
pub(crate) struct Fault {
    rule: &'static Rule,
    message: String,
    /// Whether the next text is what browsers make of this one; the message then says so.
    sent: bool,
    /// What to write instead, and the words before it.
    fix: Option<(String, String)>,
    /// Whether that is a pattern of subdomains, which is a help only if the domain may be somebody's alone.
    below: bool,
    /// The help where no text can be offered.
    otherwise: String,
    /// The same in a list of the configuration, where it differs: a list cannot contain an argument of the attribute.
    configured: Option<Configured>,
}

impl Fault {
    pub(crate) fn new(rule: &'static Rule, message: String, otherwise: String) -> Self {
        Self { rule, message, sent: false, fix: None, below: false, otherwise, configured: None }
    }

    /// Offers a text, if it is without hard faults itself or can be repaired further.
    pub(crate) fn fix(self, words: impl Into<String>, text: String) -> Self {
        Self { fix: Some((words.into(), text)), ..self }
    }

    /// Offers the text, a pattern of subdomains, only if the domain may be somebody's alone.
    pub(crate) fn below_a_domain(self) -> Self {
        Self { below: true, ..self }
    }

    /// What to do about it in a list of the configuration.
    pub(crate) fn in_configuration(self, help: Configured) -> Self {
        Self { configured: Some(help), ..self }
    }

    /// Says that browsers send the repaired text instead of the one that was written.
    pub(crate) fn sent(self) -> Self {
        Self { sent: true, ..self }
    }

    /// The repaired text, once it has no hard fault left, and whether browsers send it for the text as written.
    fn repaired(&self, is_owned: fn(&str) -> bool) -> Option<(String, bool)> {
        let helps = |fault: &Self| {
            let pattern = fault.fix.as_ref().filter(|_| fault.below).and_then(|(_, text)| text.split_once("://*."));
            pattern.is_none_or(|(_, domain)| is_owned(domain.split(':').next().unwrap_or(domain)))
        };
        let mut text = self.fix.as_ref().filter(|_| helps(self))?.1.clone();
        let mut sent = self.sent;
        for _ in 0..MOST_REPAIRS {
            if text.len() > LONGEST_REPAIR {
                return None;
            }
            match super::parse(&text) {
                Ok(_) => return Some((text, sent)),
                Err(next) => {
                    sent &= next.sent;
                    let is_help = helps(&next);
                    text = next.fix.filter(|_| is_help)?.1;
                }
            }
        }
        None
    }

    /// The finding about a text that stands there. `is_owned` tells whether a domain may be somebody's alone: not a constant
    /// of this file, so that the table of public suffixes is linked only where policies are checked.
    pub(crate) fn into_finding(self, place: Place, written: Written, is_owned: fn(&str) -> bool) -> Finding {
        let repaired = self.repaired(is_owned);
        let Self { rule, message, fix, mut otherwise, .. } = self;
        if let Some(help) = self.configured.filter(|_| written != Written::Policy) {
            help.text(written).clone_into(&mut otherwise);
        }
        let message = match &repaired {
            Some((text, true)) => format!("{message}; browsers send {}", code(text)),
            _ => message,
        };
        let help = match (fix, &repaired) {
            (Some((words, _)), Some((text, _))) => {
                let question = if words.starts_with("did you mean") { "?" } else { "" };
                format!("{words}{}{question}", literal(text))
            }
            _ => otherwise,
        };
        Finding { rule, place, message, help }
    }
}
