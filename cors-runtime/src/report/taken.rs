//! Which requests a route of a report takes, and which are taken by two routes.

use std::cmp::Reverse;

use super::ANY_METHOD;
use super::route::Route;

/// The two parts of a media type. `None` for one that is not told.
type Format<'r> = [Option<&'r str>; 2];

/// The requests that a route takes.
pub(super) struct Taken<'r> {
    method: &'r str,
    /// `None` for a parameter, which takes every text.
    segments: Vec<Option<&'r str>>,
    /// Whether further segments may follow.
    rest: bool,
    /// What has to be in the query.
    query: Vec<&'r str>,
    format: Format<'r>,
    rank: Option<isize>,
    /// Whether a parameter is parsed: a value that does not fit makes the router try the next route.
    pub(super) parses: bool,
}

/// A request that is taken by two routes, and otherwise by as few as possible: what the two do not spell, no route spells.
pub(super) struct Sample<'r> {
    pub(super) method: &'r str,
    segments: Vec<Option<&'r str>>,
    query: Vec<&'r str>,
    /// `None` if every route takes it, whatever its format is: a read that accepts everything, and a preflight, which does not
    /// say the format of the request that it announces.
    format: Option<Format<'r>>,
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('<')
}

/// Whether a parameter is not ignored.
fn is_parsed(segment: &str) -> bool {
    is_parameter(segment) && !matches!(segment, "<_>" | "<_..>")
}

fn format(text: Option<&str>) -> Format<'_> {
    let kind = text.unwrap_or("*").split(';').next().unwrap_or_default().trim();
    let (top, sub) = kind.split_once('/').unwrap_or((kind, "*"));
    [top, sub].map(|part| (part != "*").then_some(part))
}

impl<'r> Taken<'r> {
    pub(super) fn of(route: &Route<'r>) -> Self {
        let (path, query) = route.path.split_once('?').unwrap_or((route.path, ""));
        let is_layer = route.rank.is_none();
        // A layer stands around everything below its path, and spells parameters as axum does.
        let path = if is_layer || path == "/" { path.trim_end_matches('/') } else { path };
        let (mut segments, mut rest, mut parses) = (Vec::new(), is_layer, false);
        for segment in path.split('/').skip(1) {
            parses |= is_parsed(segment);
            // The router does not compare what stands behind it.
            if is_parameter(segment) && segment.ends_with("..>") {
                rest = true;
                break;
            }
            let takes_all = is_parameter(segment) || is_layer && segment.starts_with('{');
            segments.push((!takes_all).then_some(segment));
        }
        let fields = || query.split('&').filter(|field| !field.is_empty());
        Taken {
            method: route.method,
            segments,
            rest,
            query: fields().filter(|field| !is_parameter(field)).collect(),
            format: format(route.format),
            rank: route.rank,
            parses: !is_layer && (parses || fields().any(is_parsed)),
        }
    }

    /// How many segments it spells.
    pub(super) fn length(&self) -> usize {
        self.segments.len()
    }

    /// Routes with a lesser key are tried first. HEAD requests are tried on the routes of GET after those of HEAD. Of layers
    /// the innermost decides.
    pub(super) fn key(&self, method: &str) -> (bool, Option<isize>, Reverse<usize>) {
        let inside = if self.rank.is_none() { self.length() } else { 0 };
        (method == "HEAD" && self.method != method, self.rank, Reverse(inside))
    }

    /// Whether the request is tried on this route.
    pub(super) fn takes(&self, sample: &Sample<'_>) -> bool {
        let Sample { method, segments, query, format } = sample;
        let of_method = |mine: &str| mine == *method || mine == ANY_METHOD || (mine, *method) == ("GET", "HEAD");
        let fits =
            if self.rest { self.segments.len() <= segments.len() } else { self.segments.len() == segments.len() };
        of_method(self.method)
            && fits
            && self.segments.iter().zip(segments).all(|(mine, asked)| mine.is_none() || mine == asked)
            && self.query.iter().all(|field| query.contains(field))
            && format.is_none_or(|asked| takes_format(self.format, asked))
    }

    /// Whether it takes every request that the other one takes.
    pub(super) fn covers(&self, other: &Taken<'_>) -> bool {
        let (mine, theirs) = (self.segments.len(), other.segments.len());
        let fits = if self.rest { mine <= theirs } else { mine == theirs && !other.rest };
        self.method == other.method
            && fits
            && self.segments.iter().zip(&other.segments).all(|(mine, other)| mine.is_none() || mine == other)
            && self.query.iter().all(|field| other.query.contains(field))
            && takes_format(self.format, other.format)
    }

    /// Requests that both take: one for each number of segments, up to one more than the `longest` path of all routes has. If
    /// a request of this one goes to the other one, then one of them does.
    pub(super) fn shared_with(&self, other: &Taken<'r>, longest: usize) -> Vec<Sample<'r>> {
        let both = (self.method, other.method);
        let method = match both {
            (ANY_METHOD, method) | (method, ANY_METHOD) => method,
            ("HEAD", "GET") | ("GET", "HEAD") => "HEAD",
            (one, other) if one == other => one,
            _ => return Vec::new(),
        };
        let is_longer = self.segments.len() > other.segments.len();
        let (long, short) = if is_longer { (self, other) } else { (other, self) };
        if long.segments.len() > short.segments.len() && !short.rest {
            return Vec::new();
        }
        let mut segments = long.segments.clone();
        for (one, other) in segments.iter_mut().zip(&short.segments) {
            match (*one, *other) {
                (Some(one), Some(other)) if one != other => return Vec::new(),
                (spelled, other) => *one = spelled.or(other),
            }
        }
        let format = common(self.format, other.format);
        let query: Vec<_> = self.query.iter().chain(&other.query).copied().collect();
        let most = if long.rest && short.rest { longest + 1 } else { segments.len() };
        let of_length = |length| {
            let mut segments = segments.clone();
            segments.resize(length, None);
            Sample { method, segments, query: query.clone(), format }
        };
        (segments.len()..=most).map(of_length).collect()
    }
}

fn takes_format(mine: Format<'_>, asked: Format<'_>) -> bool {
    mine.into_iter().zip(asked).all(|(mine, asked)| match (mine, asked) {
        (None, _) => true,
        (Some(mine), Some(asked)) => mine.eq_ignore_ascii_case(asked),
        (Some(_), None) => false,
    })
}

/// A format that both have, if there is one.
fn common<'r>([top, sub]: Format<'r>, [other_top, other_sub]: Format<'r>) -> Option<Format<'r>> {
    let found = [top.or(other_top), sub.or(other_sub)];
    (takes_format([top, sub], found) && takes_format([other_top, other_sub], found)).then_some(found)
}

impl Sample<'_> {
    /// Whether the routes have no format in common.
    pub(super) fn has_no_format(&self) -> bool {
        self.format.is_none()
    }
}
