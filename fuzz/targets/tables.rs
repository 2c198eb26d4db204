//! What an input of `routes` stands for: a table of routes with their policies, and requests.

use cors_runtime::cross_origin;
use rocket::Route;
use rocket::http::Method;

pub(crate) const APP: &str = "https://app.example.com";

#[cross_origin(origins = ["https://app.example.com"])]
pub(crate) struct App;

#[cross_origin(origins = ["https://partner.example.com", "https://*.example.org"])]
pub(crate) struct Partner;

#[cross_origin(origins = any)]
pub(crate) struct Anybody;

#[cross_origin(origins = ["https://app.example.com"], enforce)]
pub(crate) struct Strict;

#[cross_origin(origins = ["https://partner.example.com"], enforce = false)]
pub(crate) struct Lenient;

pub(crate) const ORIGINS: [&str; 5] =
    [APP, "https://partner.example.com", "https://a.example.org", "https://evil.example", "null"];
pub(crate) const METHODS: [Method; 9] = [
    Method::Post,
    Method::Get,
    Method::Options,
    Method::Delete,
    Method::Head,
    Method::Put,
    Method::Patch,
    Method::Trace,
    Method::Connect,
];
pub(crate) const BASES: [&str; 4] = ["/", "/a", "/a/", "/a/b"];
pub(crate) const SEGMENTS: [&str; 13] =
    ["a", "<x>", "<x..>", "b", "<_..>", "<_>", "", "a<x>", "<x>b", "%61", "<>", "A", "<x"];
pub(crate) const FIELDS: [&str; 10] = ["a", "<q>", "a=1", "<q..>", "b=2", "a=%31", "b=", "=", "<x>=1", "a=1+2"];
pub(crate) const FORMATS: [Option<&str>; 7] = [
    None,
    Some("application/json"),
    Some("text/*"),
    Some("*/*"),
    Some("text/plain"),
    Some("text/html; charset=utf-8"),
    Some("application/x-www-form-urlencoded"),
];
pub(crate) const RANKS: [Option<isize>; 6] = [None, Some(1), Some(2), Some(0), Some(-1), Some(-20)];

pub(crate) const ASKED_SEGMENTS: [&str; 10] = ["a", "b", "", "%61", "A", "c", "a%2Fb", "a<x>", "..", "a;b"];
pub(crate) const ASKED_FIELDS: [&str; 10] = ["a", "a=1", "b=2", "a=%31", "b", "c", "", "a=1+2", "a=1%202", "="];
pub(crate) const CONTENT_TYPES: [Option<&str>; 9] = [
    Some("application/json"),
    Some("text/plain"),
    None,
    Some("application/x-www-form-urlencoded"),
    Some("TEXT/HTML; charset=utf-8"),
    Some("text/*"),
    Some("*/*"),
    Some("json"),
    Some("application/json; a=b, text/plain"),
];
pub(crate) const ACCEPTS: [Option<&str>; 8] = [
    None,
    Some("*/*"),
    Some("application/json"),
    Some("text/plain, application/json;q=0.9"),
    Some("application/json;q=0.1, text/html"),
    Some("text/*"),
    Some("json"),
    Some("text/plain;q=0, */*;q=0.5"),
];
/// What routes of each format take, among requests with a body.
pub(crate) const TYPES_OF_ALL_FORMATS: [Option<&str>; 5] =
    [CONTENT_TYPES[0], CONTENT_TYPES[1], CONTENT_TYPES[2], CONTENT_TYPES[3], CONTENT_TYPES[4]];
/// A form's field that makes Rocket take another method, if it is POST.
pub(crate) const OTHER_METHODS: [(&str, Option<Method>); 4] =
    [("", None), ("_method=delete", Some(Method::Delete)), ("_method=get&a=1", Some(Method::Get)), ("a=b", None)];

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Policy {
    App,
    Partner,
    Anybody,
    Strict,
    Lenient,
}

pub(crate) const POLICIES: [Option<Policy>; 6] = [
    Some(Policy::App),
    None,
    Some(Policy::Partner),
    Some(Policy::Strict),
    Some(Policy::Anybody),
    Some(Policy::Lenient),
];

impl Policy {
    pub(crate) fn cover(self, route: Route) -> Vec<Route> {
        match self {
            Policy::App => App.cover(vec![route]),
            Policy::Partner => Partner.cover(vec![route]),
            Policy::Anybody => Anybody.cover(vec![route]),
            Policy::Strict => Strict.cover(vec![route]),
            Policy::Lenient => Lenient.cover(vec![route]),
        }
    }

    pub(crate) fn names(self, origin: &str) -> bool {
        match self {
            Policy::App | Policy::Strict => origin == ORIGINS[0],
            Policy::Partner => origin == ORIGINS[1] || origin == ORIGINS[2],
            Policy::Lenient => origin == ORIGINS[1],
            Policy::Anybody => true,
        }
    }

    pub(crate) fn enforces(self, method: Method) -> bool {
        self == Policy::Strict || self != Policy::Lenient && is_write(method)
    }

    /// The value of `Access-Control-Allow-Origin`.
    pub(crate) fn allows(self, origin: Option<&str>) -> Option<&str> {
        if self == Policy::Anybody { Some("*") } else { origin.filter(|origin| self.names(origin)) }
    }
}

pub(crate) fn is_write(method: Method) -> bool {
    !matches!(method, Method::Get | Method::Head | Method::Options)
}

/// One route of a table.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) method: Method,
    pub(crate) base: &'static str,
    pub(crate) uri: String,
    pub(crate) rank: Option<isize>,
    pub(crate) format: Option<&'static str>,
    pub(crate) policy: Option<Policy>,
}

/// One request.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) origin: Option<&'static str>,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) accept: Option<&'static str>,
    pub(crate) body: &'static str,
    /// The method that Rocket takes.
    pub(crate) method_taken: Method,
    /// The routes that forward it: a bit for each.
    pub(crate) forwarded: u8,
}

/// The bytes that choose; zeros at their end.
pub(crate) struct Input<'a>(pub(crate) &'a [u8]);

impl Input<'_> {
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// One of these: more often one of the first, so that requests meet routes.
    pub(crate) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[(usize::from(self.byte()).pow(2) * of.len()) >> 16]
    }

    /// Some of these, joined. As many bytes are read however many they are, so that a mutation changes one thing.
    pub(crate) fn joined<const N: usize>(&mut self, count: [usize; N], of: &[&str], sign: &str) -> String {
        let (count, all) = (self.one(&count), [(); N].map(|()| self.one(of)));
        all[..count].join(sign)
    }

    pub(crate) fn uri<const N: usize>(&mut self, count: [usize; N], segments: &[&str], fields: &[&str]) -> String {
        let (path, query) = (self.joined(count, segments, "/"), self.joined([0, 1, 2], fields, "&"));
        format!("/{path}{}{query}", if query.is_empty() { "" } else { "?" })
    }

    /// The method that most routes and requests of the table have, or another.
    pub(crate) fn method(&mut self, usual: Method) -> Method {
        let byte = self.byte();
        if byte < 0xC0 { usual } else { METHODS[usize::from(byte) % METHODS.len()] }
    }

    pub(crate) fn entry(&mut self, usual: Method) -> Entry {
        Entry {
            method: self.method(usual),
            base: self.one(&BASES),
            uri: self.uri([1, 2, 0, 3], &SEGMENTS, &FIELDS),
            rank: self.one(&RANKS),
            format: self.one(&FORMATS),
            policy: self.one(&POLICIES),
        }
    }

    /// A path and a query that the route takes, most of the time.
    pub(crate) fn path_of(&mut self, entry: &Entry) -> String {
        let whole = format!("{}{}", entry.base.trim_end_matches('/'), entry.uri);
        let (path, query) = whole.split_once('?').unwrap_or((&whole, ""));
        let mut filled = |text: &str, sign: &str, values: &[&'static str]| {
            let is_dynamic = |text: &str| text.starts_with('<') && text.ends_with('>');
            let parts = text.split(sign);
            parts
                .map(|part| if is_dynamic(part) { self.one(values) } else { part }.to_owned())
                .collect::<Vec<_>>()
                .join(sign)
        };
        let (path, query) = (filled(path, "/", &ASKED_SEGMENTS), filled(query, "&", &ASKED_FIELDS));
        format!("{path}{}{query}", if query.is_empty() { "" } else { "?" })
    }

    pub(crate) fn asked(&mut self, usual: Method, entries: &[Entry]) -> Asked {
        let method = self.method(usual);
        let path = match usize::from(self.byte()) {
            like @ ..0xC0 => self.path_of(&entries[like % entries.len()]),
            _ => self.uri([2, 1, 3, 0, 4], &ASKED_SEGMENTS, &ASKED_FIELDS),
        };
        let origin = if self.byte() < 0xE0 { Some(self.one(&ORIGINS)) } else { None };
        let (content_type, accept) = (self.one(&CONTENT_TYPES), self.one(&ACCEPTS));
        let (body, other) = self.one(&OTHER_METHODS);
        let is_form = method == Method::Post && content_type == CONTENT_TYPES[3];
        let method_taken = other.filter(|_| is_form).unwrap_or(method);
        Asked { method, path, origin, content_type, accept, body, method_taken, forwarded: self.byte() }
    }
}
