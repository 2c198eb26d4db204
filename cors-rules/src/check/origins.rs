//! `origins` and `debug_origins`: each element, and the lists as a whole.

use std::collections::HashSet;

use crate::check::Report;
use crate::declared::{Declared, Element};
use crate::finding::{Finding, Place};
use crate::origin::{self, lints};
use crate::pattern::Pattern;
use crate::quote::code;
use crate::rules;

/// An element with its place, and the pattern that it is, if it has no hard fault.
struct Entry<'a> {
    place: Place,
    element: Element<'a>,
    debug: bool,
    pattern: Option<Pattern<'a>>,
    /// Whether something about the text itself has been reported.
    reported: bool,
}

pub(crate) fn check(policy: &Declared<'_>, report: &mut Report<'_>) {
    missing(policy, report);
    let origins = policy.origins.as_deref().unwrap_or_default();
    let elements = origins
        .iter()
        .enumerate()
        .map(|(i, element)| (Place::Origin(i), *element, false))
        .chain(policy.debug_origins.iter().enumerate().map(|(i, element)| (Place::DebugOrigin(i), *element, true)));
    let mut entries = Vec::new();
    // The texts of `origins`, then of both lists: an element of `origins` is compared with its own list only.
    let mut seen = HashSet::new();
    for (place, element, debug) in elements {
        let duplicate = !seen.insert(element);
        entries.push(check_element(policy, report, (place, element, debug), duplicate));
    }
    wildcard(policy, report, &entries);
    shadowed(report, &entries);
}

fn missing(policy: &Declared<'_>, report: &mut Report<'_>) {
    let (place, message) = match &policy.origins {
        None => (Place::Policy, "`origins` is missing: a policy has to say who may read the responses"),
        Some(list) if list.is_empty() && !policy.more_origins => {
            (Place::Origins, "`origins` is empty: this policy allows nobody")
        }
        Some(_) => return,
    };
    report.hard(Finding {
        rule: &rules::MISSING_ORIGINS,
        place,
        message: message.to_owned(),
        help: "list at least one origin: `origins = [\"https://app.example.com\"]`".to_owned(),
    });
}

fn check_element<'a>(
    policy: &Declared<'_>,
    report: &mut Report<'_>,
    (place, element, debug): (Place, Element<'a>, bool),
    duplicate: bool,
) -> Entry<'a> {
    let mut entry = Entry { place, element, debug, pattern: None, reported: false };
    if let Element::Text(text) = element {
        match origin::parse(text) {
            Ok(pattern) => entry.pattern = Some(pattern),
            Err(fault) => {
                report.hard(fault.into_finding(place));
                entry.reported = true;
                return entry;
            }
        }
    }
    if duplicate {
        let name = match element {
            Element::Any => "`any`".to_owned(),
            Element::Text(text) => code(text),
        };
        report.hard(Finding {
            rule: &rules::DUPLICATE_ORIGIN,
            place,
            message: format!("{name} is listed twice"),
            help: "remove one of the two".to_owned(),
        });
        entry.reported = true;
    } else if let Some(pattern) = &entry.pattern {
        let context = lints::Context { credentials: policy.credentials, debug, place };
        entry.reported = report.lints(lints::all(pattern, context));
    }
    entry
}

/// What `any` does not go together with.
fn wildcard(policy: &Declared<'_>, report: &mut Report<'_>, entries: &[Entry<'_>]) {
    let Some(any) = entries.iter().find(|entry| entry.element == Element::Any) else {
        return;
    };
    if policy.credentials {
        report.hard(Finding {
            rule: &rules::WILDCARD_ORIGIN_WITH_CREDENTIALS,
            place: any.place,
            message: "`any` cannot be combined with `credentials`: browsers refuse it, and echoing the origin instead would trust \
                      every site"
                .to_owned(),
            help: "list the origins that need credentials: `origins = [\"https://app.example.com\"]`, or remove `credentials` \
                   (bearer tokens do not need it)"
                .to_owned(),
        });
    }
    if policy.more_origins && !any.debug {
        report.hard(Finding {
            rule: &rules::WILDCARD_WITH_OTHER_ORIGINS,
            place: any.place,
            message: "`any` already covers every list of the configuration and every check".to_owned(),
            help: "keep either `any` or the others".to_owned(),
        });
    }
    // `debug_origins = any` beside a list of `origins` leaves the release build alone.
    let other = entries.iter().find(|entry| entry.pattern.is_some() && (entry.debug || !any.debug));
    if let Some(Entry { place, element: Element::Text(text), .. }) = other {
        report.hard(Finding {
            rule: &rules::WILDCARD_WITH_OTHER_ORIGINS,
            place: *place,
            message: format!("`any` already covers {}", code(text)),
            help: "keep either `any` or the list".to_owned(),
        });
    }
}

/// Exact origins and patterns that another pattern covers.
fn shadowed(report: &mut Report<'_>, entries: &[Entry<'_>]) {
    let wide: Vec<_> = entries
        .iter()
        .filter_map(|entry| entry.pattern.filter(|pattern| !pattern.is_exact()).map(|p| (entry, p)))
        .collect();
    for entry in entries.iter().filter(|entry| !entry.reported) {
        let Some(pattern) = &entry.pattern else {
            continue;
        };
        let cover =
            wide.iter().find(|(other, wide)| (entry.debug || !other.debug) && wide != pattern && wide.covers(pattern));
        if let Some((_, cover)) = cover {
            let (dead, cover) = (code(&pattern.to_string()), code(&cover.to_string()));
            report.lint(Finding {
                rule: &rules::SHADOWED_ORIGIN,
                place: entry.place,
                message: format!("{dead} is already covered by {cover}"),
                help: format!("remove {dead}, or narrow {cover}"),
            });
        }
    }
}
