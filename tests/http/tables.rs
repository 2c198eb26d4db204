//! Random tables of routes: whatever route runs, a write of another origin ran only where that is meant.
//!
//! `CORS_TABLES=100000` asks for as many tables.

use std::env;

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use cors_tests::{APP, EVIL};
use rocket::http::{ContentType, Header, MediaType, Method};
use rocket::local::blocking::Client;
use rocket::route::{Handler, Outcome};
use rocket::{Data, Request, Route};

const TABLES: u32 = 1_500;

#[cross_origin(origins = ["https://app.example.com"])]
struct App;

#[cross_origin(origins = ["https://evil.example.net"])]
struct Evil;

#[cross_origin(origins = any)]
struct Everybody;

/// Whether a policy names an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    NoPolicy,
    App,
    Evil,
    Everybody,
}

impl Named {
    fn names(self, origin: &str) -> bool {
        match self {
            Named::NoPolicy => false,
            Named::App => origin == APP,
            Named::Evil => origin == EVIL,
            Named::Everybody => true,
        }
    }
}

/// Says which route it is, or passes the request on if it is told to.
#[derive(Clone)]
struct Probe(usize);

#[rocket::async_trait]
impl Handler for Probe {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        let own = self.0.to_string();
        let forwards = request.headers().get("X-Forward").any(|index| index == own);
        if forwards { Outcome::forward(data, rocket::http::Status::NotFound) } else { Outcome::from(request, own) }
    }
}

/// Numbers that are the same in each run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % end
    }

    fn of<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

const METHODS: [Method; 4] = [Method::Post, Method::Delete, Method::Put, Method::Get];
const URIS: [&str; 9] = ["/", "/a", "/a/b", "/a/<_>", "/<_>/b", "/<_>/<_>", "/a/<_..>", "/<_..>", "/a?k=v"];
const PATHS: [&str; 6] = ["/", "/a", "/a/b", "/a/c", "/c/b", "/a?k=v"];

fn table(numbers: &mut Numbers) -> (Vec<Route>, Vec<(Method, Named)>) {
    let (mut routes, mut known) = (Vec::new(), Vec::new());
    for index in 0..2 + numbers.below(4) {
        // Two of three routes share a method, so that there is something to fall through to.
        let method = if numbers.below(3) == 0 { numbers.of(&METHODS) } else { METHODS[0] };
        let rank = isize::try_from(numbers.below(5)).unwrap_or_default();
        let mut route = Route::ranked(rank, method, numbers.of(&URIS), Probe(index));
        route.format = numbers.of(&[None, None, Some(MediaType::JSON), Some(MediaType::Plain)]);
        let named = numbers.of(&[Named::NoPolicy, Named::App, Named::Evil, Named::Everybody]);
        routes.extend(match named {
            Named::NoPolicy => vec![route],
            Named::App => App.cover(vec![route]),
            Named::Evil => Evil.cover(vec![route]),
            Named::Everybody => Everybody.cover(vec![route]),
        });
        known.push((method, named));
    }
    (routes, known)
}

#[test]
fn a_write_runs_only_where_that_is_meant() {
    let tables = env::var("CORS_TABLES").ok().and_then(|count| count.parse().ok()).unwrap_or(TABLES);
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let (mut launched, mut ran, mut granted_and_ran) = (0, 0, 0);
    for number in 0..tables {
        let (routes, known) = table(&mut numbers);
        let figment = rocket::Config::figment().merge(("log_level", "off"));
        let rocket = rocket::custom(figment).attach(CrossOrigin::fairing()).mount("/", routes);
        let client = match Client::untracked(rocket) {
            Ok(client) => client,
            // Collisions, policies that differ by format, and writes that fall through.
            Err(error) => {
                let _ = error.kind();
                continue;
            }
        };
        launched += 1;
        for _ in 0..12 {
            let (path, origin) = (numbers.of(&PATHS), numbers.of(&[APP, EVIL]));
            let method = known[numbers.below(known.len())].0;
            let mut request = client.req(method, path).header(Header::new("Origin", origin));
            if let Some(format) = numbers.of(&[None, Some(ContentType::JSON), Some(ContentType::Plain)]) {
                request.add_header(format);
            }
            for index in 0..known.len() {
                if numbers.below(3) == 0 {
                    request.add_header(Header::new("X-Forward", index.to_string()));
                }
            }
            let response = request.dispatch();
            let shared = response.headers().get_one("Access-Control-Allow-Origin").is_some();
            let route = response.into_string().and_then(|text| text.parse::<usize>().ok());
            let Some((_, named)) = route.and_then(|index| known.get(index).copied()) else { continue };
            let preflight = client.options(path).header(Header::new("Origin", origin));
            let preflight = preflight.header(Header::new("Access-Control-Request-Method", method.as_str()));
            let granted = preflight.dispatch().status().code == 204;
            let what = format!("table {number}: {method} {path} from {origin} ran {route:?}, {named:?}");
            assert_eq!(shared, named.names(origin), "{what}: the headers follow the route that answers");
            if method != Method::Get {
                assert!(named.names(origin) || named == Named::NoPolicy && !granted, "{what}, granted: {granted}");
                ran += 1;
                granted_and_ran += i32::from(granted);
            }
        }
    }
    // Something was tried.
    assert!(launched > tables / 10 && ran > launched && granted_and_ran > 100, "{launched} {ran} {granted_and_ran}");
    println!("{launched} of {tables} tables launched; {ran} writes ran, {granted_and_ran} of them granted before");
}
