//! A hard fault of an origin, with the repair that has been tried out.

use crate::finding::{Finding, Place};
use crate::quote::{code, literal};
use crate::rule::Rule;

/// How many repairs may follow each other, as in `HTTPS://Example.com:443/`.
const MOST_REPAIRS: usize = 8;

/// The longest text, in bytes, that is repaired for a message. A longer text is not a typing mistake.
const LONGEST_REPAIR: usize = 400;

/// What is wrong with an origin.
pub(crate) struct Fault {
    rule: &'static Rule,
    message: String,
    /// Whether the next text is what browsers make of this one; the message then says so.
    sent: bool,
    /// What to write instead, and the words before it.
    fix: Option<(String, String)>,
    /// The help where no text can be offered.
    otherwise: String,
}

impl Fault {
    pub(crate) fn new(rule: &'static Rule, message: String, otherwise: String) -> Self {
        Self { rule, message, sent: false, fix: None, otherwise }
    }

    /// Offers a text, if it is without hard faults itself or can be repaired further.
    pub(crate) fn fix(self, words: impl Into<String>, text: String) -> Self {
        Self { fix: Some((words.into(), text)), ..self }
    }

    /// Says that browsers send the repaired text instead of the one that was written.
    pub(crate) fn sent(self) -> Self {
        Self { sent: true, ..self }
    }

    /// The repaired text, once it has no hard fault left, and whether browsers send it for the text as written.
    fn repaired(&self) -> Option<(String, bool)> {
        let mut text = self.fix.as_ref()?.1.clone();
        let mut sent = self.sent;
        for _ in 0..MOST_REPAIRS {
            if text.len() > LONGEST_REPAIR {
                return None;
            }
            match super::parse(&text) {
                Ok(_) => return Some((text, sent)),
                Err(next) => {
                    sent &= next.sent;
                    text = next.fix?.1;
                }
            }
        }
        None
    }

    pub(crate) fn into_finding(self, place: Place) -> Finding {
        let repaired = self.repaired();
        let Self { rule, message, fix, otherwise, .. } = self;
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
