//! Which requests a route is tried for, as Rocket's router sees it.
//!
//! Rocket 0.5 keeps `Route::matches` to itself. A preflight is compared by path and query, since it does not know the format
//! of the request that it announces.

use rocket::form::ValueField;
use rocket::http::uri::Origin;
use rocket::http::{MediaType, Method, RawStr};
use rocket::route::RouteUri;

/// The path and query of a route's URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    segments: Vec<Segment>,
    /// `?name=value` pairs that have to be there.
    query: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
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
pub(super) fn takes_format(method: Method, format: Option<&MediaType>, asked: Option<&MediaType>) -> bool {
    let Some(format) = format else { return true };
    let part = |a: &str, b: &str| a == "*" || b == "*" || a.eq_ignore_ascii_case(b);
    let collides = |asked: &MediaType| {
        part(format.top().as_str(), asked.top().as_str()) && part(format.sub().as_str(), asked.sub().as_str())
    };
    if method.supports_payload() {
        asked.is_some_and(|asked| asked.specificity() == 2 && collides(asked))
    } else {
        asked.is_none_or(collides)
    }
}

impl Shape {
    pub(super) fn of(uri: &RouteUri<'_>) -> Self {
        let fields = uri.origin.query().map(|query| query.raw_segments()).into_iter().flatten();
        let fixed = fields.filter(|field| matches!(Segment::of(field), Segment::Static(_)));
        Shape {
            segments: uri.origin.path().raw_segments().map(Segment::of).collect(),
            query: fixed
                .map(|field| ValueField::parse(field.as_str()))
                .map(|field| (field.name.source().to_string(), field.value.to_string()))
                .collect(),
        }
    }

    /// Whether a request to this URI is tried on the route.
    pub(super) fn matches(&self, uri: &Origin<'_>) -> bool {
        self.path_matches(uri) && self.query_matches(uri)
    }

    fn path_matches(&self, uri: &Origin<'_>) -> bool {
        let asked = uri.path().segments();
        let trailing = matches!(self.segments.last(), Some(Segment::Trailing));
        if trailing && asked.len() + 1 < self.segments.len() || !trailing && asked.len() != self.segments.len() {
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

    /// Whether some path is matched by both.
    pub(super) fn overlaps(&self, other: &Shape) -> bool {
        for (a, b) in self.segments.iter().zip(&other.segments) {
            match (a, b) {
                (Segment::Trailing, _) | (_, Segment::Trailing) => return true,
                (Segment::Static(a), Segment::Static(b)) if a != b => return false,
                _ => {}
            }
        }
        let next = |shape: &Shape, length| matches!(shape.segments.get(length), Some(Segment::Trailing));
        self.segments.len() == other.segments.len()
            || next(self, other.segments.len())
            || next(other, self.segments.len())
    }
}
