//! Finds the routes that may take a path, without looking at each: a tree of the segments of their paths.
//!
//! It may find too many, and never too few: [`Shape`] has the last word.

use std::collections::BTreeMap;

use rocket::http::uri::Origin;

use super::routing::{Segment, Shape};
use super::version::TRAILING_TAKES_NOTHING;

/// Routes of one method by their paths. A route is the number that it was inserted with.
#[derive(Debug, Default)]
pub(super) struct Index {
    root: Node,
}

#[derive(Debug, Default)]
struct Node {
    // Few comparisons cost less than the hash of a segment.
    fixed: BTreeMap<String, Node>,
    dynamic: Option<Box<Node>>,
    /// The routes that end here.
    ends: Vec<usize>,
    /// The routes that go on with any segments, or with none.
    trailing: Vec<usize>,
}

impl Index {
    pub(super) fn insert(&mut self, shape: &Shape, route: usize) {
        let mut node = &mut self.root;
        for segment in shape.segments() {
            node = match segment {
                Segment::Static(text) => node.fixed.entry(text.clone()).or_default(),
                Segment::Dynamic => node.dynamic.get_or_insert_default(),
                Segment::Trailing => return node.trailing.push(route),
            };
        }
        node.ends.push(route);
    }

    /// The routes that may take a request to this URI, in the order of their numbers.
    pub(super) fn taking(&self, uri: &Origin<'_>) -> Vec<usize> {
        let mut found = Vec::new();
        self.root.taking(uri.path().segments(), &mut found);
        found.sort_unstable();
        found
    }

    /// The routes of which some path may be one of this shape's as well, in the order of their numbers.
    pub(super) fn overlapping(&self, shape: &Shape) -> Vec<usize> {
        let mut found = Vec::new();
        self.root.overlapping(shape.segments(), &mut found);
        found.sort_unstable();
        found
    }
}

impl Node {
    fn taking<'s>(&self, mut segments: impl Iterator<Item = &'s str> + Clone, found: &mut Vec<usize>) {
        let first = segments.next();
        if TRAILING_TAKES_NOTHING || first.is_some() {
            found.extend_from_slice(&self.trailing);
        }
        let Some(first) = first else { return found.extend_from_slice(&self.ends) };
        if let Some(node) = self.fixed.get(first) {
            node.taking(segments.clone(), found);
        }
        if let Some(node) = &self.dynamic {
            node.taking(segments, found);
        }
    }

    fn overlapping(&self, segments: &[Segment], found: &mut Vec<usize>) {
        let Some((first, rest)) = segments.split_first() else {
            if TRAILING_TAKES_NOTHING {
                found.extend_from_slice(&self.trailing);
            }
            return found.extend_from_slice(&self.ends);
        };
        match first {
            Segment::Trailing if TRAILING_TAKES_NOTHING => return self.all(found),
            Segment::Trailing => return self.longer(found),
            Segment::Static(text) => {
                let fixed = self.fixed.get(text);
                fixed.into_iter().chain(self.dynamic.as_deref()).for_each(|node| node.overlapping(rest, found));
            }
            Segment::Dynamic => {
                self.fixed.values().chain(self.dynamic.as_deref()).for_each(|node| node.overlapping(rest, found));
            }
        }
        found.extend_from_slice(&self.trailing);
    }

    /// All routes from here on.
    fn all(&self, found: &mut Vec<usize>) {
        found.extend_from_slice(&self.ends);
        self.longer(found);
    }

    /// Those of them that take a further segment.
    fn longer(&self, found: &mut Vec<usize>) {
        found.extend_from_slice(&self.trailing);
        self.fixed.values().chain(self.dynamic.as_deref()).for_each(|node| node.all(found));
    }
}

#[cfg(test)]
mod tests {
    use rocket::http::Method;
    use rocket::http::uri::Origin;
    use rocket::route::{Route, dummy_handler};

    use super::Index;
    use crate::rocket::routing::Shape;

    /// All paths of up to three of these segments.
    fn paths(segments: &[&str]) -> Vec<String> {
        let mut paths = vec![String::new()];
        for _ in 0..3 {
            let longer: Vec<_> =
                paths.iter().flat_map(|path| segments.iter().map(move |segment| format!("{path}/{segment}"))).collect();
            paths.extend(longer);
            paths.sort();
            paths.dedup();
        }
        paths[0] = "/".to_owned();
        paths
    }

    #[test]
    fn it_finds_what_a_look_at_each_finds() {
        let routes = paths(&["a", "b", "<x>", "<y..>"]);
        // A trailing parameter in the middle is for routes that are made by hand, which Rocket takes.
        let shapes: Vec<_> =
            routes.iter().map(|path| Shape::of(&Route::new(Method::Get, path, dummy_handler).uri)).collect();
        let mut index = Index::default();
        for (number, shape) in shapes.iter().enumerate() {
            index.insert(shape, number);
        }
        let has_more = |number: &usize| routes[*number].contains("..>/");
        for (number, shape) in shapes.iter().enumerate() {
            let found = index.overlapping(shape);
            assert!(found.is_sorted());
            for (other, route) in routes.iter().enumerate() {
                let expected = shape.overlaps(&shapes[other]);
                let is_right = found.contains(&other) == expected || has_more(&other) && !expected;
                assert!(is_right, "{} and {route}", routes[number]);
            }
        }
        for path in paths(&["a", "b", "c"]) {
            let uri = Origin::parse(&path).expect("a path");
            let found = index.taking(&uri);
            for (number, route) in routes.iter().enumerate() {
                let expected = shapes[number].matches(&uri);
                let is_right = found.contains(&number) == expected || has_more(&number) && !expected;
                assert!(is_right, "{path} and {route}");
            }
        }
    }
}
