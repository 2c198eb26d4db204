//! Random tables of routes and requests to them. Rocket itself says which routes it tries, and the library must agree: in what
//! it answers, in which handlers it lets run, and in what `explain` says of both.
//!
//! The same routes are launched twice, without the library and with it. Their handlers write down that they run, and forward
//! where the request says so, as guards do. If all forward, what is written down is the order in which Rocket tries them.
#![no_main]

use std::cell::{Cell, RefCell};

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Answer, Question, cross_origin};
use libfuzzer_sys::fuzz_target;
use rocket::config::{Config, LogLevel};
use rocket::error::ErrorKind;
use rocket::figment::Figment;
use rocket::http::uri::Origin;
use rocket::http::{Header, MediaType, Method, Status};
use rocket::local::asynchronous::Client;
use rocket::outcome::Outcome;
use rocket::route::{self, Handler, Route};
use rocket::tokio::runtime::{Builder, Runtime};
use rocket::{Build, Data, Request, Response, Rocket};

const APP: &str = "https://app.example.com";

#[cross_origin(origins = ["https://app.example.com"])]
struct App;

#[cross_origin(origins = ["https://partner.example.com", "https://*.example.org"])]
struct Partner;

#[cross_origin(origins = any)]
struct Anybody;

#[cross_origin(origins = ["https://app.example.com"], enforce)]
struct Strict;

#[cross_origin(origins = ["https://partner.example.com"], enforce = false)]
struct Lenient;

const ORIGINS: [&str; 5] =
    [APP, "https://partner.example.com", "https://a.example.org", "https://evil.example", "null"];
const METHODS: [Method; 9] = [
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
const BASES: [&str; 4] = ["/", "/a", "/a/", "/a/b"];
const SEGMENTS: [&str; 13] = ["a", "<x>", "<x..>", "b", "<_..>", "<_>", "", "a<x>", "<x>b", "%61", "<>", "A", "<x"];
const FIELDS: [&str; 10] = ["a", "<q>", "a=1", "<q..>", "b=2", "a=%31", "b=", "=", "<x>=1", "a=1+2"];
const FORMATS: [Option<&str>; 7] = [
    None,
    Some("application/json"),
    Some("text/*"),
    Some("*/*"),
    Some("text/plain"),
    Some("text/html; charset=utf-8"),
    Some("application/x-www-form-urlencoded"),
];
const RANKS: [Option<isize>; 6] = [None, Some(1), Some(2), Some(0), Some(-1), Some(-20)];

const ASKED_SEGMENTS: [&str; 10] = ["a", "b", "", "%61", "A", "c", "a%2Fb", "a<x>", "..", "a;b"];
const ASKED_FIELDS: [&str; 10] = ["a", "a=1", "b=2", "a=%31", "b", "c", "", "a=1+2", "a=1%202", "="];
const CONTENT_TYPES: [Option<&str>; 9] = [
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
const ACCEPTS: [Option<&str>; 8] = [
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
const TYPES_OF_ALL_FORMATS: [Option<&str>; 5] =
    [CONTENT_TYPES[0], CONTENT_TYPES[1], CONTENT_TYPES[2], CONTENT_TYPES[3], CONTENT_TYPES[4]];
/// A form's field that makes Rocket take another method, if it is POST.
const OTHER_METHODS: [(&str, Option<Method>); 4] =
    [("", None), ("_method=delete", Some(Method::Delete)), ("_method=get&a=1", Some(Method::Get)), ("a=b", None)];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Policy {
    App,
    Partner,
    Anybody,
    Strict,
    Lenient,
}

const POLICIES: [Option<Policy>; 6] = [
    Some(Policy::App),
    None,
    Some(Policy::Partner),
    Some(Policy::Strict),
    Some(Policy::Anybody),
    Some(Policy::Lenient),
];

impl Policy {
    fn cover(self, route: Route) -> Vec<Route> {
        match self {
            Policy::App => App.cover(vec![route]),
            Policy::Partner => Partner.cover(vec![route]),
            Policy::Anybody => Anybody.cover(vec![route]),
            Policy::Strict => Strict.cover(vec![route]),
            Policy::Lenient => Lenient.cover(vec![route]),
        }
    }

    fn names(self, origin: &str) -> bool {
        match self {
            Policy::App | Policy::Strict => origin == ORIGINS[0],
            Policy::Partner => origin == ORIGINS[1] || origin == ORIGINS[2],
            Policy::Lenient => origin == ORIGINS[1],
            Policy::Anybody => true,
        }
    }

    fn enforces(self, method: Method) -> bool {
        self == Policy::Strict || self != Policy::Lenient && is_write(method)
    }

    /// The value of `Access-Control-Allow-Origin`.
    fn allows(self, origin: Option<&str>) -> Option<&str> {
        if self == Policy::Anybody { Some("*") } else { origin.filter(|origin| self.names(origin)) }
    }
}

fn is_write(method: Method) -> bool {
    !matches!(method, Method::Get | Method::Head | Method::Options)
}

/// One route of a table.
#[derive(Debug)]
struct Entry {
    method: Method,
    base: &'static str,
    uri: String,
    rank: Option<isize>,
    format: Option<&'static str>,
    policy: Option<Policy>,
}

/// One request.
#[derive(Debug)]
struct Asked {
    method: Method,
    path: String,
    origin: Option<&'static str>,
    content_type: Option<&'static str>,
    accept: Option<&'static str>,
    body: &'static str,
    /// The method that Rocket takes.
    method_taken: Method,
    /// The routes that forward it: a bit for each.
    forwarded: u8,
}

/// The bytes that choose; zeros at their end.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// One of these: more often one of the first, so that requests meet routes.
    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[(usize::from(self.byte()).pow(2) * of.len()) >> 16]
    }

    /// Some of these, joined. As many bytes are read however many they are, so that a mutation changes one thing.
    fn joined<const N: usize>(&mut self, count: [usize; N], of: &[&str], sign: &str) -> String {
        let (count, all) = (self.one(&count), [(); N].map(|()| self.one(of)));
        all[..count].join(sign)
    }

    fn uri<const N: usize>(&mut self, count: [usize; N], segments: &[&str], fields: &[&str]) -> String {
        let (path, query) = (self.joined(count, segments, "/"), self.joined([0, 1, 2], fields, "&"));
        format!("/{path}{}{query}", if query.is_empty() { "" } else { "?" })
    }

    /// The method that most routes and requests of the table have, or another.
    fn method(&mut self, usual: Method) -> Method {
        let byte = self.byte();
        if byte < 0xC0 { usual } else { METHODS[usize::from(byte) % METHODS.len()] }
    }

    fn entry(&mut self, usual: Method) -> Entry {
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
    fn path_of(&mut self, entry: &Entry) -> String {
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

    fn asked(&mut self, usual: Method, entries: &[Entry]) -> Asked {
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

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread().build().expect("a runtime");
    static FIGMENT: Figment = Figment::from(Config { log_level: LogLevel::Off, ..Config::debug_default() });
    /// With `CORS_SHOW` in the environment, the table and the requests are printed.
    static SHOWS: bool = std::env::var_os("CORS_SHOW").is_some();
    /// The routes that forward: a bit for each.
    static FORWARDED: Cell<u8> = const { Cell::new(0) };
    /// The handlers that have run since it was taken.
    static RAN: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Writes down that it runs.
#[derive(Clone)]
struct Numbered(usize);

#[rocket::async_trait]
impl Handler for Numbered {
    async fn handle<'r>(&self, _: &'r Request<'_>, data: Data<'r>) -> route::Outcome<'r> {
        RAN.with_borrow_mut(|ran| ran.push(self.0));
        if FORWARDED.get() >> self.0 & 1 == 1 {
            return Outcome::Forward((data, Status::NotFound));
        }
        Outcome::Success(Response::new())
    }
}

fn route(number: usize, entry: &Entry) -> Route {
    let handler = Numbered(number);
    let mut route = match entry.rank {
        Some(rank) => Route::ranked(rank, entry.method, &entry.uri, handler),
        None => Route::new(entry.method, &entry.uri, handler),
    };
    route.format = entry.format.and_then(MediaType::parse_flexible);
    route.name = Some(number.to_string().into());
    route
}

/// Launches an application, or says why Rocket does not.
fn launch(rocket: Rocket<Build>) -> Result<Client, bool> {
    let launched = RUNTIME.with(|runtime| runtime.block_on(Client::untracked(rocket)));
    // An error that nobody has looked at panics when it is dropped.
    launched.map_err(|error| matches!(error.kind(), ErrorKind::SentinelAborts(_)))
}

/// The status, the headers of the protocol, and the handlers that have run.
#[derive(Debug, PartialEq)]
struct Answered {
    status: u16,
    allow_origin: Option<String>,
    allow_methods: Option<String>,
    ran: Vec<usize>,
}

/// How a request is sent.
#[derive(Clone, Copy)]
enum Sent {
    /// As it is.
    Plain,
    /// With this type of its body, so that all routes that it is tried on forward it.
    OfType(Option<&'static str>),
    /// Announced by a preflight.
    Announced,
}

impl Asked {
    fn send(&self, client: &Client, sent: Sent) -> Answered {
        let method = if matches!(sent, Sent::Announced) { Method::Options } else { self.method };
        let (content_type, accept) = match sent {
            Sent::Plain => (self.content_type, self.accept),
            Sent::OfType(content_type) => (content_type, None),
            Sent::Announced => (None, None),
        };
        let announced = matches!(sent, Sent::Announced).then(|| self.method.as_str());
        let mut request = client.req(method, self.path.as_str());
        for (name, value) in [
            ("Origin", self.origin),
            ("Content-Type", content_type),
            ("Accept", accept),
            ("Access-Control-Request-Method", announced),
        ] {
            if let Some(value) = value {
                request.add_header(Header::new(name, value));
            }
        }
        if matches!(sent, Sent::Plain) {
            request.set_body(self.body);
        }
        let response = RUNTIME.with(|runtime| runtime.block_on(request.dispatch()));
        let header = |name| response.headers().get_one(name).map(str::to_owned);
        Answered {
            status: response.status().code,
            allow_origin: header("Access-Control-Allow-Origin"),
            allow_methods: header("Access-Control-Allow-Methods"),
            ran: RAN.take(),
        }
    }

    /// The routes that Rocket tries, in their order.
    fn tried(&self, bare: &Client, sent: Sent) -> Vec<usize> {
        FORWARDED.set(u8::MAX);
        let tried = self.send(bare, sent).ran;
        FORWARDED.set(self.forwarded);
        tried
    }

    /// The route that Rocket tries first, if the format does not matter.
    fn first_of_all_formats(&self, bare: &Client, entries: &[Entry], ranks: &[isize]) -> Option<usize> {
        let mut found = Vec::new();
        let types = if self.method.supports_payload() { &TYPES_OF_ALL_FORMATS[..] } else { &[None] };
        for content_type in types {
            found.extend(self.tried(bare, Sent::OfType(*content_type)));
        }
        // Those for GET are tried behind those for HEAD, and those of one rank in the order in which they were mounted.
        let place = |number: &usize| (entries[*number].method != self.method, ranks[*number]);
        let first = found.iter().copied().min_by_key(|number| (place(number), *number))?;
        // A preflight says no format, so that the policy must not depend on it.
        let mut equals = found.iter().filter(|number| place(number) == place(&first));
        assert!(
            equals.all(|number| entries[*number].policy == entries[first].policy),
            "two policies for one preflight"
        );
        Some(first)
    }

    fn question(&self) -> Question {
        Question {
            method: self.method.as_str().to_owned(),
            path: self.path.clone(),
            origin: self.origin.unwrap_or_default().to_owned(),
            content_type: self.content_type.map(str::to_owned),
            accept: self.accept.map(str::to_owned),
            ..Question::default()
        }
    }
}

/// A table, and whether its routes without a policy are protected.
struct Table<'a> {
    entries: &'a [Entry],
    protects_all: bool,
}

/// What becomes of a request.
#[derive(Debug)]
struct Expected {
    /// The handlers that run.
    ran: Vec<usize>,
    /// The route that turns the request away, or whose handler answers it.
    last: Option<usize>,
    is_refused: bool,
}

impl Table<'_> {
    fn refuses(&self, number: usize, method: Method, origin: Option<&str>) -> bool {
        origin.is_some_and(|origin| match self.entries[number].policy {
            None => self.protects_all && is_write(method),
            Some(policy) => policy.enforces(method) && !policy.names(origin),
        })
    }

    /// What becomes of a request that is tried on these routes.
    fn expected(&self, tried: &[usize], method: Method, asked: &Asked) -> Expected {
        let mut ran = Vec::new();
        for number in tried {
            if self.refuses(*number, method, asked.origin) {
                // Where there is no policy, the route before it turns the request away, and its policy has named the origin.
                let before = ran.last().filter(|_| self.entries[*number].policy.is_none());
                let last = before.or(Some(number)).copied();
                return Expected { ran, last, is_refused: true };
            }
            ran.push(*number);
            if asked.forwarded >> number & 1 == 0 {
                return Expected { ran, last: Some(*number), is_refused: false };
            }
        }
        Expected { ran, last: None, is_refused: false }
    }

    fn policy(&self, number: Option<usize>) -> Option<Policy> {
        self.entries[number?].policy
    }

    /// The request itself, and what `explain` says of it. Returns the route whose handler answers.
    fn check_request(&self, bare: &Client, shared: &Client, asked: &Asked, said: Option<&Answer>) -> Option<usize> {
        let tried = asked.tried(bare, Sent::Plain);
        let expected = self.expected(&tried, asked.method_taken, asked);
        let answered = asked.send(shared, Sent::Plain);
        if SHOWS.with(|shows| *shows) {
            println!("tried {tried:?}, {expected:?}, {answered:?}");
        }
        assert_eq!(answered.ran, expected.ran, "{answered:?} {expected:?}");
        let status = if expected.is_refused { 403 } else { asked.send(bare, Sent::Plain).status };
        assert_eq!(answered.status, status, "{expected:?}");
        match (expected.last, &answered.allow_origin) {
            (Some(last), allowed) => {
                let allows = self.policy(Some(last)).and_then(|policy| policy.allows(asked.origin));
                assert_eq!(allowed.as_deref(), allows, "of the route {last}");
            }
            // A catcher has answered: the headers are those of a policy that has seen the request.
            (None, Some(allowed)) => {
                let mut policies = tried.iter().filter_map(|number| self.policy(Some(*number)));
                assert!(policies.any(|policy| policy.allows(asked.origin) == Some(allowed)), "{allowed}");
            }
            (None, None) => {}
        }
        let answers = expected.last.filter(|_| !expected.is_refused);
        let Some(said) = said else { return answers };
        assert_eq!(number(said), tried.first().copied(), "explained, and tried first: {said:?}");
        let status = match tried.first() {
            None => Some(404),
            Some(first) => self.refuses(*first, asked.method, asked.origin).then_some(403),
        };
        assert_eq!(said.status, status, "{said:?}");
        answers
    }

    /// The preflight of a request, and what `explain` says of it. Returns whether it is granted.
    fn check_preflight(
        &self,
        bare: &Client,
        shared: &Client,
        asked: &Asked,
        ranks: &[isize],
        said: Option<&Answer>,
    ) -> bool {
        let Some(origin) = asked.origin else { return false };
        let first = asked.first_of_all_formats(bare, self.entries, ranks);
        FORWARDED.set(asked.forwarded);
        let answered = asked.send(shared, Sent::Announced);
        if let Some(said) = said {
            assert_eq!(number(said), first, "explained, and announced: {said:?}");
        }
        let Some(policy) = self.policy(first) else {
            // The application's own OPTIONS routes are asked.
            let tried = asked.tried(bare, Sent::Announced);
            let expected = self.expected(&tried, Method::Options, asked);
            assert_eq!(answered.ran, expected.ran, "{answered:?} {expected:?}");
            let status = if expected.is_refused { 403 } else { asked.send(bare, Sent::Announced).status };
            assert_eq!((answered.status, answered.allow_origin), (status, None), "{first:?} {expected:?}");
            return false;
        };
        let is_granted = policy.names(origin);
        let expected = Answered {
            status: if is_granted { 204 } else { 403 },
            allow_origin: policy.allows(Some(origin)).map(str::to_owned),
            allow_methods: is_granted.then(|| asked.method.to_string()),
            ran: Vec::new(),
        };
        assert_eq!(answered, expected, "{first:?}");
        if let Some(said) = said {
            assert_eq!(said.status, Some(expected.status), "{said:?}");
        }
        is_granted
    }
}

/// The number of the route in an explanation: its handler's name, in parentheses at its end.
fn number(said: &Answer) -> Option<usize> {
    let name = said.route.as_deref()?.strip_suffix(')')?.rsplit_once('(')?.1;
    Some(name.parse().expect("a number"))
}

fuzz_target!(|input: &[u8]| {
    let mut input = Input(input);
    let flags = input.byte();
    let usual = input.one(&METHODS);
    let entries: Vec<Entry> = (0..=flags % 8).map(|_| input.entry(usual)).collect();
    let protects_all = flags & 0x80 != 0;
    if SHOWS.with(|shows| *shows) {
        println!("{entries:#?}");
    }
    let config = FIGMENT.with(Clone::clone);
    let (mut bare, mut shared) = (rocket::custom(&config), rocket::custom(&config));
    let cors = CrossOrigin::fairing();
    shared = shared.attach(if protects_all { cors.protect_all() } else { cors });
    for (number, entry) in entries.iter().enumerate() {
        let route = route(number, entry);
        bare = bare.mount(entry.base, [route.clone()]);
        shared = shared.mount(entry.base, entry.policy.map_or(vec![route.clone()], |policy| policy.cover(route)));
    }
    let bare = launch(bare);
    let (bare, shared) = match (bare, launch(shared)) {
        (Ok(bare), Ok(shared)) => (bare, shared),
        (Err(_), Err(_)) => return,
        (Ok(_), Err(aborted)) => {
            let differ = |a: &Entry| entries.iter().any(|b| a.method == b.method && a.policy != b.policy);
            assert!(aborted && entries.iter().any(differ), "a launch is refused: {entries:#?}");
            return;
        }
        (Err(_), Ok(_)) => panic!("a launch is not refused: {entries:#?}"),
    };
    let mut ranks = vec![0; entries.len()];
    for route in bare.rocket().routes() {
        let number = route.name.as_deref().and_then(|name| name.parse::<usize>().ok()).expect("a number");
        ranks[number] = route.rank;
    }
    let table = Table { entries: &entries, protects_all };
    for _ in 0..32 {
        if input.0.is_empty() {
            break;
        }
        let asked = input.asked(usual, &entries);
        if Origin::parse(&asked.path).is_err() {
            continue;
        }
        let said = CrossOrigin::explain(shared.rocket(), &asked.question()).expect("a path");
        let said = (asked.method_taken == asked.method).then_some(&said);
        if SHOWS.with(|shows| *shows) {
            println!("{asked:?}\n{said:#?}");
        }
        let answers = table.check_request(&bare, &shared, &asked, said.map(|said| &said.request));
        let is_granted = table.check_preflight(&bare, &shared, &asked, &ranks, said.map(|said| &said.preflight));
        if let (true, Some(answers), Some(origin)) = (is_granted && is_write(asked.method_taken), answers, asked.origin)
        {
            let policy = table.policy(Some(answers));
            let is_form = asked.method_taken != asked.method;
            assert!(is_form || policy.is_some_and(|policy| policy.names(origin)), "granted, and run by {policy:?}");
        }
    }
});
