//! Random tables of routes and requests to them. Rocket itself says which routes it tries, and the library must agree: in what
//! it answers, in which handlers it lets run, and in what `explain` says of both.
//!
//! The same routes are launched twice, without the library and with it. Their handlers write down that they run, and forward
//! where the request says so, as guards do. If all forward, what is written down is the order in which Rocket tries them.
#![no_main]

mod tables;

use std::cell::{Cell, RefCell};

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Answer, Question};
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
use tables::{Asked, Entry, Input, METHODS, Policy, TYPES_OF_ALL_FORMATS, is_write};

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
