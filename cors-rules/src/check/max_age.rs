//! `max_age`.

use super::collector::Collector;
use crate::declared::{Declared, MaxAge};
use crate::fetch::LONGEST_MAX_AGE;
use crate::finding::{Finding, Place};
use crate::rules;

/// The number of seconds, if it is right.
pub(super) fn check(declared: &Declared<'_>, collector: &mut Collector<'_>) -> Option<u32> {
    let (rule, message, help) = match declared.max_age? {
        MaxAge::Seconds(seconds) if seconds <= LONGEST_MAX_AGE => return u32::try_from(seconds).ok(),
        MaxAge::Seconds(seconds) => (
            &rules::MAX_AGE_TOO_LARGE,
            // Above `u64` the number itself is not known.
            if seconds == u64::MAX {
                "no browser caches a preflight for that long".to_owned()
            } else {
                format!("no browser caches a preflight for {seconds} seconds")
            },
            format!(
                "write at most `max_age = {LONGEST_MAX_AGE}` (Chromium caches for at most 7200 seconds, Safari for 600)"
            ),
        ),
        MaxAge::Negative => (
            &rules::MAX_AGE_NEGATIVE,
            "`max_age` cannot be negative".to_owned(),
            "write `max_age = 0` if browsers must not cache preflights".to_owned(),
        ),
        MaxAge::NotAnInteger(meant) => (
            &rules::MAX_AGE_NOT_AN_INTEGER,
            "`max_age` takes an integer literal, in seconds".to_owned(),
            match meant {
                Some(seconds) if seconds <= LONGEST_MAX_AGE => {
                    format!("write `max_age = {seconds}`")
                }
                Some(_) => format!("write a number up to {LONGEST_MAX_AGE}, such as `max_age = 600`"),
                None => "write a number of seconds, such as `max_age = 600`".to_owned(),
            },
        ),
    };
    collector.hard(Finding { rule, place: Place::MaxAge, message, help });
    None
}
