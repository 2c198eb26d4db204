//! Which requests a route is tried for, as Rocket's router sees it.
//!
//! Rocket 0.5 keeps `Route::matches` to itself. A preflight is compared by path and query, since it does not know the format
//! of the request that it announces.

use rocket::form::ValueField;
use rocket::http::uri::Origin;
use rocket::http::{MediaType, RawStr};

use super::version::{TRAILING_TAKES_NOTHING, count};

/// The path and query of a route's URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    segments: Vec<Segment>,
    /// `?name=value` pairs that have to be there.
    query: Vec<(String, String)>,
    /// Whether a part of the path or of the query is a parameter with a name, whose value is parsed.
    has_parameters: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    Static(String),
    /// `<name>`
    Dynamic,
    /// `<name..>`: any number of segments, also none.
    Trailing,
}

impl Segment {
    fn of(text: &RawStr) -> Self {
        match text.as_str().strip_prefix('<').and_then(|text| text.strip_suffix('>')) {
            None => Segment::Static(text.to_string()),
            Some(name) if name.ends_with("..") => Segment::Trailing,
            Some(_) => Segment::Dynamic,
        }
    }
}

/// Whether a route takes a request with this format: its `Content-Type`, or for methods without a body what it accepts
/// first. A route with a method that has a body, and with a format, needs a whole media type.
pub(super) fn takes_format(needs_content_type: bool, format: Option<&MediaType>, asked: Option<&MediaType>) -> bool {
    let Some(format) = format else { return true };
    let part = |a: &str, b: &str| a == "*" || b == "*" || a.eq_ignore_ascii_case(b);
    let collides = |asked: &MediaType| {
        part(format.top().as_str(), asked.top().as_str()) && part(format.sub().as_str(), asked.sub().as_str())
    };
    if needs_content_type {
        asked.is_some_and(|asked| asked.specificity() == 2 && collides(asked))
    } else {
        asked.is_none_or(collides)
    }
}

impl Shape {
    pub(super) fn of(uri: &Origin<'_>) -> Self {
        let fields = uri.query().map(|query| query.raw_segments()).into_iter().flatten();
        let (fixed, dynamic): (Vec<_>, Vec<_>) =
            fields.partition(|field| matches!(Segment::of(field), Segment::Static(_)));
        // Rocket does not look at what it is told to ignore.
        let is_parsed = |text: &RawStr| text.starts_with('<') && !matches!(text.as_str(), "<_>" | "<_..>");
        Shape {
            has_parameters: uri.path().raw_segments().chain(dynamic).any(is_parsed),
            segments: uri.path().raw_segments().map(Segment::of).collect(),
            query: fixed
                .into_iter()
                .map(|field| ValueField::parse(field.as_str()))
                .map(|field| (field.name.source().to_string(), field.value.to_string()))
                .collect(),
        }
    }

    /// The segments of the path.
    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether a request to this URI is tried on the route.
    pub(super) fn matches(&self, uri: &Origin<'_>) -> bool {
        self.path_matches(uri) && self.query_matches(uri)
    }

    fn path_matches(&self, uri: &Origin<'_>) -> bool {
        let asked = uri.path().segments();
        let count = count(&asked);
        let trailing = matches!(self.segments.last(), Some(Segment::Trailing));
        let most = count + usize::from(TRAILING_TAKES_NOTHING);
        if trailing && self.segments.len() > most || !trailing && self.segments.len() != count {
            return false;
        }
        // A route that is made by hand may have a trailing segment in its middle: Rocket does not compare the segments
        // after it.
        let before = self.segments.iter().take_while(|segment| **segment != Segment::Trailing);
        before.zip(asked).all(|(segment, asked)| match segment {
            Segment::Static(text) => text == asked,
            Segment::Dynamic | Segment::Trailing => true,
        })
    }

    fn query_matches(&self, uri: &Origin<'_>) -> bool {
        self.query.iter().all(|(name, value)| {
            let mut asked = uri.query().map(|query| query.segments()).into_iter().flatten();
            asked.any(|field| field == (name.as_str(), value.as_str()))
        })
    }

    /// Whether it has parameters with a name: a value that cannot be parsed makes Rocket try the next route.
    pub(super) fn has_parameters(&self) -> bool {
        self.has_parameters
    }

    /// Whether it matches each path that the other one matches.
    pub(super) fn covers(&self, other: &Shape) -> bool {
        let covers = |(a, b): (&Segment, &Segment)| match (a, b) {
            (Segment::Static(a), Segment::Static(b)) => a == b,
            (Segment::Dynamic, Segment::Static(_) | Segment::Dynamic) => true,
            _ => false,
        };
        let before = self.segments.iter().take_while(|segment| **segment != Segment::Trailing).count();
        let length = other.segments.len();
        let most = length + usize::from(TRAILING_TAKES_NOTHING);
        let fits = if before < self.segments.len() { before < most } else { before == length };
        let covered = self.segments.iter().zip(&other.segments).take(before).all(covers);
        fits && covered && self.query.iter().all(|field| other.query.contains(field))
    }

    /// Whether some path is matched by both.
    pub(super) fn overlaps(&self, other: &Shape) -> bool {
        for (a, b) in self.segments.iter().zip(&other.segments) {
            match (a, b) {
                (Segment::Trailing, _) | (_, Segment::Trailing) => return true,
                (Segment::Static(a), Segment::Static(b)) if a != b => return false,
                _ => {}
            }
        }
        let may_end = |shape: &Shape, length| {
            TRAILING_TAKES_NOTHING && matches!(shape.segments.get(length), Some(Segment::Trailing))
        };
        self.segments.len() == other.segments.len()
            || may_end(self, other.segments.len())
            || may_end(other, self.segments.len())
    }
}

#[cfg(test)]
mod tests {
    use rocket::http::Method;
    use rocket::route::{Route, dummy_handler};

    use super::{Shape, TRAILING_TAKES_NOTHING};

    fn shape(uri: &str) -> Shape {
        Shape::of(&Route::new(Method::Get, uri, dummy_handler).uri)
    }

    #[test]
    fn which_shapes_match_all_that_others_do() {
        for (one, other, covers) in [
            ("/a", "/a", true),
            ("/a", "/b", false),
            ("/a", "/a/b", false),
            ("/a/b", "/a", false),
            ("/<x>", "/a", true),
            ("/<x>", "/<y>", true),
            ("/<x>", "/<y..>", false),
            ("/<x>", "/a/b", false),
            ("/a", "/<x>", false),
            ("/<x..>", "/a", true),
            ("/<x..>", "/<y>", true),
            ("/<x..>", "/<y..>", true),
            ("/<x..>", "/a/b/<y..>", true),
            ("/a/<x..>", "/a/b/c", true),
            ("/a/<x..>", "/a", TRAILING_TAKES_NOTHING),
            ("/a/<x..>", "/b", false),
            ("/a/b/<x..>", "/a", false),
            ("/a/<x>/<y..>", "/a", false),
            ("/a/<x>/<y..>", "/a/b", TRAILING_TAKES_NOTHING),
            ("/a/<x>/<y..>", "/a/b/c", true),
            ("/a", "/a?x=1", true),
            ("/a?x=1", "/a", false),
            ("/a?x=1", "/a?x=2", false),
            ("/a?x=1", "/a?y=2&x=1", true),
        ] {
            assert_eq!(shape(one).covers(&shape(other)), covers, "{one} {other}");
        }
    }
}
