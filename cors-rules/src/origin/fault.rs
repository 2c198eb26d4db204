//! A hard fault of an origin, with the repair that has been tried out.

use std::collections::HashSet;

use super::instead::{At, CHECK_FIRST};
use crate::beside::Beside;
use crate::finding::{Finding, Place};
use crate::quote::{code, literal, literals};
use crate::rule::Rule;

/// How many repairs may follow each other, as in `HTTPS://Example.com:443/`.
const MOST_REPAIRS: usize = 8;

/// The longest text, in bytes, that is repaired for a message. A longer text is not a typing mistake.
const LONGEST_REPAIR: usize = 400;

/// Where a text stands, since not everything can be written everywhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// In an attribute, or in code that makes a policy, beside these other arguments.
    Policy(Beside),
    /// In a list of the configuration, which a policy with these arguments names.
    ConfiguredList(Beside),
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
        let refused = matches!(written, Written::ConfiguredList(beside) if beside.refuses_any("origins").is_some());
        match self {
            Self::Any | Self::Pattern if written == Written::OwnOrigins => {
                "list each origin under which browsers reach the application: `\"https://app.example.com\"`"
            }
            Self::Any if refused => {
                "remove it, and list the origins: a list of the configuration cannot name every origin, and the policy that \
                 names this one cannot be `any`"
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
#[derive(Clone)]
pub(crate) struct Fault {
    rule: &'static Rule,
    message: String,
    /// Whether the next text is what browsers make of this one; the message then says so.
    sent: bool,
    /// What to write instead, and the words before it.
    fix: Option<Box<(String, String)>>,
    /// Whether that is a pattern of subdomains, which is a help only if the domain may be somebody's alone.
    below: bool,
    /// Several texts to write instead of this one, none of which has a hard fault.
    several: Option<Box<Several>>,
    /// The help where no text can be offered.
    otherwise: String,
    /// The same in a policy, where it depends on the other arguments.
    in_policy: Option<fn(At) -> String>,
    /// The same in a list of the configuration, where it differs: a list cannot contain an argument of the attribute.
    configured: Option<Configured>,
}

impl Fault {
    pub(crate) fn new(rule: &'static Rule, message: String, otherwise: String) -> Self {
        Self {
            rule,
            message,
            sent: false,
            fix: None,
            below: false,
            several: None,
            otherwise,
            in_policy: None,
            configured: None,
        }
    }

    /// Offers a text, if it is without hard faults itself or can be repaired further.
    pub(crate) fn fix(self, words: impl Into<String>, text: String) -> Self {
        Self { fix: Some(Box::new((words.into(), text))), ..self }
    }

    /// Offers the text, a pattern of subdomains, only if the domain may be somebody's alone.
    pub(crate) fn below_a_domain(self) -> Self {
        Self { below: true, ..self }
    }

    /// Offers several texts, each without hard faults, with the words before and behind them. One that stands there twice
    /// is offered once.
    pub(crate) fn several(self, words: &'static str, mut texts: Vec<String>, behind: fn(At) -> &'static str) -> Self {
        let mut seen = HashSet::new();
        texts.retain(|text| seen.insert(text.clone()));
        Self { several: Some(Box::new(Several { words, texts, behind })), ..self }
    }

    /// What to do about it in a policy.
    pub(crate) fn in_policy(self, help: fn(At) -> String) -> Self {
        Self { in_policy: Some(help), ..self }
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
            let pattern = fault.fix.as_ref().filter(|_| fault.below).and_then(|fix| fix.1.split_once("://*."));
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
                    text = next.fix.filter(|_| is_help).map(|fix| fix.1)?;
                }
            }
        }
        None
    }

    /// The texts that the help offers in the place of this one, and whether browsers send it for the text as written.
    /// `is_owned` tells whether a domain may be somebody's alone: not a constant of this file, so that the table of public
    /// suffixes is linked only where policies are checked.
    pub(crate) fn offer(&self, is_owned: fn(&str) -> bool) -> Offer {
        match self.repaired(is_owned) {
            Some((text, sent)) => Offer { texts: vec![text], sent },
            None => Offer {
                texts: self.several.as_ref().map_or_else(Vec::new, |several| several.texts.clone()),
                sent: false,
            },
        }
    }

    /// The finding about a text that stands there, with what it offers.
    pub(crate) fn finding(&self, place: Place, written: Written, offer: &Offer) -> Finding {
        let Self { rule, message, fix, several, mut otherwise, in_policy, .. } = self.clone();
        let fix = fix.map(|fix| match (place, fix.0.strip_prefix(CHECK_FIRST)) {
            (Place::DebugOrigin(_), Some(rest)) => rest.to_owned(),
            _ => fix.0,
        });
        let at = match written {
            Written::Policy(beside) => At::new(place, beside),
            Written::ConfiguredList(beside) => At::elsewhere(beside),
            // Own origins are exact.
            Written::OwnOrigins => At::elsewhere(Beside { credentials: true, ..Beside::default() }),
        };
        match (written, in_policy, self.configured) {
            (Written::Policy(_), Some(help), _) => otherwise = help(at),
            (Written::ConfiguredList(_) | Written::OwnOrigins, _, Some(help)) => {
                help.text(written).clone_into(&mut otherwise);
            }
            _ => {}
        }
        let message = match &*offer.texts {
            [text] if offer.sent => format!("{message}; browsers send {}", code(text)),
            _ => message,
        };
        let help = match (fix, &*offer.texts) {
            (Some(words), [text]) => {
                let question = if words.starts_with("did you mean") { "?" } else { "" };
                format!("{words}{}{question}", literal(text))
            }
            (None, texts) => match several {
                Some(several) => format!("{}{}{}", several.words, literals(texts), (several.behind)(at)),
                None => otherwise,
            },
            _ => otherwise,
        };
        Finding { rule, place, message, help }
    }
}

/// Several texts that a help offers, with the words around them.
#[derive(Clone)]
struct Several {
    words: &'static str,
    texts: Vec<String>,
    behind: fn(At) -> &'static str,
}

/// What a help offers in the place of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offer {
    pub(crate) texts: Vec<String>,
    sent: bool,
}

impl Offer {
    /// The same without some of the texts.
    pub(crate) fn without(&self, is_left_out: impl Fn(&String) -> bool) -> Offer {
        Offer { texts: self.texts.iter().filter(|text| !is_left_out(text)).cloned().collect(), sent: self.sent }
    }
}
