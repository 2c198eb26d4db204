//! `origins` and `debug_origins`: each element, and the lists as a whole.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::collector::Collector;
use super::scope::Scope;
use crate::beside::{Beside, example};
use crate::compiled::Origins;
use crate::declared::{Declared, Element};
use crate::finding::{Finding, Place};
use crate::origin::{self, Fault, Offer, Written, lints};
use crate::pattern::{Pattern, Port};
use crate::public_suffix;
use crate::quote::code;
use crate::rules;

/// An element as it is read.
enum Read<'a> {
    Any,
    Right(Pattern<'a>),
    /// One with a hard fault, and what the help offers instead.
    Wrong(Fault, Offer),
}

/// An element, where it stands, whether that is in `debug_origins`, and what it is.
type Placed<'a> = (Place, Element<'a>, bool, Read<'a>);

/// An element with its place, or a text that a help offers in its place.
struct Entry<'a: 'r, 'r> {
    place: Place,
    element: Element<'a>,
    debug: bool,
    /// The pattern that it is, if it has no hard fault.
    pattern: Option<Pattern<'a>>,
    /// The pattern that is offered. Nothing of it is in the policy.
    offered: Option<Pattern<'r>>,
    /// Whether the element stands further up as well.
    duplicate: bool,
    /// Whether something about the text itself has been reported.
    reported: bool,
}

impl<'r> Entry<'_, 'r> {
    /// The pattern that will stand there, once what a help says has been done.
    fn meant(&self) -> Option<Pattern<'r>> {
        self.pattern.or(self.offered)
    }
}

/// Checks both lists. Returns the valid part of `origins`, and of both together.
///
/// What a help offers is checked with the rest, so that nobody writes it and meets the next error then.
pub(super) fn check<'a>(
    declared: &Declared<'a>,
    scope: Scope,
    collector: &mut Collector<'_>,
) -> (Origins<'a>, Origins<'a>) {
    if !collector.has_gaps() {
        missing(declared, scope, collector);
    }
    let origins = declared.origins.as_deref().unwrap_or_default().iter().enumerate();
    let debug_origins = declared.debug_origins.iter().enumerate();
    let elements: Vec<Placed<'_>> = origins
        .map(|(i, element)| (Place::Origin(i), *element, false))
        .chain(debug_origins.map(|(i, element)| (Place::DebugOrigin(i), *element, true)))
        .map(|(place, element, debug)| (place, element, debug, read(element)))
        .collect();
    let beside = Beside::of(declared);
    let once = !declared.allow.iter().any(|name| rules::same_name(rules::SHADOWED_ORIGIN.name, name));
    let listed = Listed { elements: &elements, once, patterns: OnceCell::new() };
    let mut entries = Vec::new();
    // The texts of `origins`, then of both lists: an element of `origins` is compared with its own list only.
    let mut seen = HashSet::new();
    for (place, element, debug, read) in &elements {
        let mut entry = Entry {
            place: *place,
            element: *element,
            debug: *debug,
            pattern: None,
            offered: None,
            duplicate: false,
            reported: false,
        };
        match read {
            Read::Wrong(fault, offer) => {
                let already = |text: &String| {
                    let again =
                        seen.contains(&Element::Text(text)).then(|| format!("{} is listed already", code(text)));
                    again.or_else(|| listed.already(&origin::parse(text).ok()?, *debug))
                };
                let further = offer.without(|text| already(text).is_some());
                let written = if scope == Scope::ConfiguredList {
                    Written::ConfiguredList(beside)
                } else {
                    Written::Policy(beside)
                };
                collector.hard(if further.texts.is_empty() && !offer.texts.is_empty() {
                    let why: Vec<_> = offer.texts.iter().filter_map(already).collect();
                    let help = format!("remove it: {}", why.join(", and "));
                    Finding { help, ..fault.finding(*place, written, offer) }
                } else {
                    fault.finding(*place, written, &further)
                });
                // A text that is listed is checked where it is.
                for text in offer.texts.iter().filter(|text| further.texts.contains(text)) {
                    seen.insert(Element::Text(text));
                    let offered = origin::parse(text).ok();
                    let reported =
                        offered.is_some_and(|pattern| lints(declared, scope, collector, &listed, &entry, &pattern));
                    entries.push(Entry { offered, reported, ..entry });
                }
                continue;
            }
            Read::Right(pattern) => entry.pattern = Some(*pattern),
            Read::Any => {}
        }
        entry.duplicate = !seen.insert(*element);
        entry.reported = if entry.duplicate {
            collector.hard(duplicate_element(*place, *element));
            true
        } else {
            entry.pattern.is_some_and(|pattern| lints(declared, scope, collector, &listed, &entry, &pattern))
        };
        entries.push(entry);
    }
    wildcard(declared, scope, collector, &entries);
    shadowed(collector, &entries);
    let release = compile(entries.iter().filter(|entry| !entry.debug), declared.credentials);
    (release, compile(entries.iter(), declared.credentials))
}

fn read(element: Element<'_>) -> Read<'_> {
    match element {
        Element::Any => Read::Any,
        Element::Text(text) => match origin::parse(text) {
            Ok(pattern) => Read::Right(pattern),
            Err(fault) => {
                let offer = fault.offer(public_suffix::may_be_owned);
                Read::Wrong(fault, offer)
            }
        },
    }
}

/// What stands in the lists without a hard fault, each with whether that is `debug_origins`. It is made only where a help
/// offers something.
struct Listed<'e, 'a> {
    elements: &'e [Placed<'a>],
    /// Whether a pattern that another one covers is an error.
    once: bool,
    patterns: OnceCell<HashSet<(bool, Pattern<'a>)>>,
}

impl Listed<'_, '_> {
    /// Why the pattern need not be added to one of the lists, if so.
    fn already(&self, pattern: &Pattern<'_>, debug: bool) -> Option<String> {
        let patterns = self.patterns.get_or_init(|| {
            let right = self.elements.iter().filter_map(|(.., debug, read)| match read {
                Read::Right(pattern) => Some((*debug, *pattern)),
                Read::Any | Read::Wrong(..) => None,
            });
            right.collect()
        });
        let has = |pattern: &Pattern<'_>| {
            patterns.contains(&(false, *pattern)) || debug && patterns.contains(&(true, *pattern))
        };
        let text = code(&pattern.to_string());
        if has(pattern) {
            return Some(format!("{text} is listed already"));
        }
        let covers = |wide: &Pattern<'_>| wide != pattern && wide.covers(pattern) && has(wide);
        let wide = candidates(pattern).find(covers).filter(|_| self.once)?;
        Some(format!("{} covers {text}", code(&wide.to_string())))
    }
}

fn duplicate_element(place: Place, element: Element<'_>) -> Finding {
    let name = match element {
        Element::Any => "`any`".to_owned(),
        Element::Text(text) => code(text),
    };
    Finding {
        rule: &rules::DUPLICATE_ORIGIN,
        place,
        message: format!("{name} is listed twice"),
        help: "remove one of the two".to_owned(),
    }
}

/// Reports what is dangerous or doubtful about a pattern, and tells whether something is.
fn lints(
    declared: &Declared<'_>,
    scope: Scope,
    collector: &mut Collector<'_>,
    listed: &Listed<'_, '_>,
    Entry { place, debug, .. }: &Entry<'_, '_>,
    pattern: &Pattern<'_>,
) -> bool {
    let context = lints::Context {
        credentials: declared.credentials,
        configured: scope == Scope::ConfiguredList,
        alone: declared.origins.as_ref().is_some_and(|origins| origins.len() == 1),
        allow: &declared.allow,
        already: &|pattern| listed.already(pattern, *debug),
        place: *place,
    };
    collector.lints(lints::all(pattern, context))
}

/// The valid part of a list.
fn compile<'a: 'r, 'r: 'e, 'e>(entries: impl Iterator<Item = &'e Entry<'a, 'r>>, credentials: bool) -> Origins<'a> {
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

/// What `any` does not go together with.
fn wildcard(declared: &Declared<'_>, scope: Scope, collector: &mut Collector<'_>, entries: &[Entry<'_, '_>]) {
    let Some(any) = entries.iter().find(|entry| entry.element == Element::Any) else {
        return;
    };
    if declared.credentials {
        let key = if any.debug { "debug_origins" } else { "origins" };
        collector.hard(Finding {
            rule: &rules::WILDCARD_ORIGIN_WITH_CREDENTIALS,
            place: any.place,
            message: "`any` cannot be combined with `credentials`: browsers refuse it, and echoing the origin instead would trust \
                      every site"
                .to_owned(),
            help: format!(
                "list the origins that need credentials: `{key} = [\"{}\"]`, or remove `credentials` (bearer tokens do not \
                 need it)",
                example(key)
            ),
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
    let other = entries.iter().find(|entry| entry.meant().is_some() && (entry.debug || !any.debug));
    if let Some((place, pattern)) = other.and_then(|other| Some((&other.place, other.meant()?))) {
        collector.hard(Finding {
            rule: &rules::WILDCARD_WITH_OTHER_ORIGINS,
            place: *place,
            message: format!("`any` already covers {}", code(&pattern.to_string())),
            help: "keep either `any` or the list".to_owned(),
        });
    }
}

/// Exact origins and patterns that another pattern covers.
///
/// Lists of the configuration can be long, so nothing is compared with each: what could cover an entry is looked up.
fn shadowed(collector: &mut Collector<'_>, entries: &[Entry<'_, '_>]) {
    // The places at which a pattern stands first: among all, and among those of the release build.
    let mut wide: HashMap<Pattern<'_>, [Option<usize>; 2]> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        if let Some(pattern) = entry.meant().filter(|pattern| !pattern.is_exact()) {
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
        let Some(pattern) = &entry.meant() else {
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
