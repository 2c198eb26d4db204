//! `origins` and `debug_origins`: each element, and the lists as a whole.

use std::collections::{HashMap, HashSet};

use super::collector::Collector;
use super::scope::Scope;
use crate::compiled::Origins;
use crate::declared::{Declared, Element};
use crate::finding::{Finding, Place};
use crate::origin::{self, Written, lints};
use crate::pattern::{Pattern, Port};
use crate::public_suffix;
use crate::quote::code;
use crate::rules;

/// An element with its place, and the pattern that it is, if it has no hard fault.
struct Entry<'a> {
    place: Place,
    element: Element<'a>,
    debug: bool,
    pattern: Option<Pattern<'a>>,
    /// Whether the element stands further up as well.
    duplicate: bool,
    /// Whether something about the text itself has been reported.
    reported: bool,
}

/// Checks both lists. Returns the valid part of `origins`, and of both together.
pub(super) fn check<'a>(
    declared: &Declared<'a>,
    scope: Scope,
    collector: &mut Collector<'_>,
) -> (Origins<'a>, Origins<'a>) {
    if !collector.has_gaps() {
        missing(declared, scope, collector);
    }
    let origins = declared.origins.as_deref().unwrap_or_default();
    let elements =
        origins.iter().enumerate().map(|(i, element)| (Place::Origin(i), *element, false)).chain(
            declared.debug_origins.iter().enumerate().map(|(i, element)| (Place::DebugOrigin(i), *element, true)),
        );
    let mut entries = Vec::new();
    // The texts of `origins`, then of both lists: an element of `origins` is compared with its own list only.
    let mut seen = HashSet::new();
    for (place, element, debug) in elements {
        let duplicate = !seen.insert(element);
        entries.push(check_element(declared, scope, collector, (place, element, debug), duplicate));
    }
    wildcard(declared, scope, collector, &entries);
    shadowed(collector, &entries);
    let release = compile(entries.iter().filter(|entry| !entry.debug), declared.credentials);
    (release, compile(entries.iter(), declared.credentials))
}

/// The valid part of a list.
fn compile<'a: 'e, 'e>(entries: impl Iterator<Item = &'e Entry<'a>>, credentials: bool) -> Origins<'a> {
    let (mut exact, mut patterns) = (Vec::new(), Vec::new());
    for entry in entries {
        match (entry.element, entry.pattern) {
            // With credentials browsers refuse the star.
            (Element::Any, _) if !credentials => return Origins::Any,
            (Element::Text(text), Some(pattern)) if !entry.duplicate => {
                if pattern.is_exact() {
                    exact.push(text);
                } else {
                    patterns.push(pattern);
                }
            }
            _ => {}
        }
    }
    exact.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    Origins::Listed { exact, patterns }
}

fn missing(declared: &Declared<'_>, scope: Scope, collector: &mut Collector<'_>) {
    let (place, message) = match &declared.origins {
        None => (Place::Policy, "`origins` is missing: a policy must say which origins may read the responses"),
        Some(list) if list.is_empty() && scope == Scope::ConfiguredList => return,
        Some(list) if list.is_empty() && !scope.has_runtime_origins() => {
            (Place::Origins, "`origins` is empty: this policy does not allow any origin")
        }
        Some(_) => return,
    };
    collector.hard(Finding {
        rule: &rules::MISSING_ORIGINS,
        place,
        message: message.to_owned(),
        help: "list at least one origin: `origins = [\"https://app.example.com\"]`".to_owned(),
    });
}

fn check_element<'a>(
    declared: &Declared<'_>,
    scope: Scope,
    collector: &mut Collector<'_>,
    (place, element, debug): (Place, Element<'a>, bool),
    duplicate: bool,
) -> Entry<'a> {
    let mut entry = Entry { place, element, debug, pattern: None, duplicate, reported: false };
    if let Element::Text(text) = element {
        match origin::parse(text) {
            Ok(pattern) => entry.pattern = Some(pattern),
            Err(fault) => {
                let written = if scope == Scope::ConfiguredList { Written::ConfiguredList } else { Written::Policy };
                collector.hard(fault.into_finding(place, written, public_suffix::may_be_owned));
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
        collector.hard(Finding {
            rule: &rules::DUPLICATE_ORIGIN,
            place,
            message: format!("{name} is listed twice"),
            help: "remove one of the two".to_owned(),
        });
        entry.reported = true;
    } else if let Some(pattern) = &entry.pattern {
        let context = lints::Context {
            credentials: declared.credentials,
            debug,
            configured: scope == Scope::ConfiguredList,
            place,
        };
        entry.reported = collector.lints(lints::all(pattern, context));
    }
    entry
}

/// What `any` does not go together with.
fn wildcard(declared: &Declared<'_>, scope: Scope, collector: &mut Collector<'_>, entries: &[Entry<'_>]) {
    let Some(any) = entries.iter().find(|entry| entry.element == Element::Any) else {
        return;
    };
    if declared.credentials {
        collector.hard(Finding {
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
    if declared.enforce && !any.debug {
        collector.lint(Finding {
            rule: &rules::ENFORCE_WITH_ANY,
            place: any.place,
            message: "`enforce` does little beside `any`: every origin is named, so only requests with the user's cookies are \
                      turned away"
                .to_owned(),
            help: "remove `enforce`, or list the origins: `origins = [\"https://app.example.com\"]`".to_owned(),
        });
    }
    if scope.has_runtime_origins() && !any.debug {
        collector.hard(Finding {
            rule: &rules::WILDCARD_WITH_OTHER_ORIGINS,
            place: any.place,
            message: "`any` already covers every `config(…)` and `check(…)`".to_owned(),
            help: "keep either `any` or the others".to_owned(),
        });
    }
    // `debug_origins = any` beside a list of `origins` leaves the release build alone.
    let other = entries.iter().find(|entry| entry.pattern.is_some() && (entry.debug || !any.debug));
    if let Some(Entry { place, element: Element::Text(text), .. }) = other {
        collector.hard(Finding {
            rule: &rules::WILDCARD_WITH_OTHER_ORIGINS,
            place: *place,
            message: format!("`any` already covers {}", code(text)),
            help: "keep either `any` or the list".to_owned(),
        });
    }
}

/// Exact origins and patterns that another pattern covers.
///
/// Lists of the configuration can be long, so nothing is compared with each: what could cover an entry is looked up.
fn shadowed(collector: &mut Collector<'_>, entries: &[Entry<'_>]) {
    // The places at which a pattern stands first: among all, and among those of the release build.
    let mut wide: HashMap<Pattern<'_>, [Option<usize>; 2]> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        if let Some(pattern) = entry.pattern.filter(|pattern| !pattern.is_exact()) {
            let [any, release] = wide.entry(pattern).or_default();
            any.get_or_insert(at);
            if !entry.debug {
                release.get_or_insert(at);
            }
        }
    }
    if wide.is_empty() {
        return;
    }
    for entry in entries.iter().filter(|entry| !entry.reported) {
        let Some(pattern) = &entry.pattern else {
            continue;
        };
        let places = candidates(pattern).filter(|wide| wide != pattern && wide.covers(pattern));
        let places = places.filter_map(|cover| wide.get(&cover)?[usize::from(!entry.debug)].map(|at| (at, cover)));
        // The one that stands first.
        if let Some((_, cover)) = places.min_by_key(|(at, _)| *at) {
            let (dead, cover) = (code(&pattern.to_string()), code(&cover.to_string()));
            collector.lint(Finding {
                rule: &rules::SHADOWED_ORIGIN,
                place: entry.place,
                message: format!("{dead} is already covered by {cover}"),
                help: format!("remove {dead}, or narrow {cover}"),
            });
        }
    }
}

/// Every pattern that may cover this one: the same host on every port, and the subdomains of each domain around.
fn candidates<'a>(pattern: &Pattern<'a>) -> impl Iterator<Item = Pattern<'a>> {
    let Pattern { host, port, .. } = *pattern;
    let around = host.match_indices('.').filter_map(move |(dot, _)| host.get(dot + 1..));
    let below = std::iter::once(host).chain(around).map(|host| (host, true));
    let wide = below.chain([(host, false)]);
    let pattern = *pattern;
    wide.flat_map(move |(host, subdomains)| [port, Port::Any].map(|port| Pattern { host, subdomains, port, ..pattern }))
}
