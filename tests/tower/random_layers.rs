//! Random layers in layers, in every order, against an oracle that is written here: what is readable and what is granted is
//! what the innermost policy names, and a write of another page runs only by it.
//!
//! `CORS_TABLES=100000 cargo test --release -p cors-tests --test tower random_layers` tries more of them than the default.

use axum::Router;
use axum::body::Body;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter};
use cors_runtime::tower::{ApplicationLayer, CrossOriginLayer};
use cors_runtime::{OwnOrigins, cross_origin};
use cors_tests::Random;
use http::{Method, Request};
use rocket::tokio::runtime::Builder;
use tower::ServiceExt;

use crate::support::request;

#[cross_origin(origins = ["https://app.example.com"])]
struct App;

#[cross_origin(origins = ["https://partner.example.net", "https://*.example.org"])]
struct Partner;

#[cross_origin(origins = any)]
struct Anybody;

#[cross_origin(none)]
struct Nobody;

#[cross_origin(origins = ["https://partner.example.net"], enforce = false)]
struct Lenient;

const OWN: &str = "https://own.example";
const ORIGINS: [&str; 6] = [
    "https://app.example.com",
    "https://partner.example.net",
    "https://a.example.org",
    "https://evil.example",
    "null",
    OWN,
];
const METHODS: [&str; 3] = ["GET", "POST", "DELETE"];
const PATHS: [&str; 3] = ["/r", "/in/r", "/in/in/r"];

fn methods(random: &mut Random) -> Vec<&'static str> {
    METHODS.into_iter().filter(|_| random.below(3) > 0).collect()
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    App,
    Partner,
    Anybody,
    Nobody,
    Lenient,
    /// Not a policy: the layer of an application, with `protect_all`.
    Protection,
    /// The same, with own origins.
    OwnProtection,
    /// No layer of this library: a service that makes a new response, with the status, the headers and the body of the old one.
    Remakes,
}

use Kind::{Lenient as LenientKind, OwnProtection, Protection, Remakes};

impl Kind {
    fn random(random: &mut Random) -> Self {
        let policies = [Kind::App, Kind::Partner, Kind::Anybody, Kind::Nobody, LenientKind];
        let others = [Protection, OwnProtection, Remakes];
        [&policies[..], &others].concat()[random.below(8)]
    }

    fn is_policy(self) -> bool {
        !self.is_protection() && self != Remakes
    }

    fn is_protection(self) -> bool {
        matches!(self, Protection | OwnProtection)
    }

    /// By hand: nothing of the library is called here.
    fn names(self, origin: &str) -> bool {
        match self {
            Kind::App => origin == "https://app.example.com",
            Kind::Partner => ["https://partner.example.net", "https://a.example.org"].contains(&origin),
            LenientKind => origin == "https://partner.example.net",
            Kind::Anybody => true,
            Kind::Nobody | Protection | OwnProtection | Remakes => false,
        }
    }

    fn layer(self) -> CrossOriginLayer {
        match self {
            Kind::App => App.layer(),
            Kind::Partner => Partner.layer(),
            Kind::Anybody => Anybody.layer(),
            Kind::Nobody | Protection | OwnProtection | Remakes => Nobody.layer(),
            LenientKind => Lenient.layer(),
        }
    }

    /// Around a router.
    fn around(self, router: Router) -> Router {
        let protection = ApplicationLayer::new().protect_all();
        match self {
            Protection => Router::new().fallback_service(protection.around(router)),
            OwnProtection => {
                let own = OwnOrigins::new([OWN]).expect("an own origin");
                Router::new().fallback_service(protection.own_origins(own).around(router))
            }
            Remakes => router.layer(map_response(|response: Response| async {
                let (head, body) = response.into_parts();
                (head.status, head.headers, body)
            })),
            policy => Router::new().fallback_service(policy.layer().around(router)),
        }
    }
}

/// One route, and the layers around the router that it is in.
#[derive(Debug)]
struct Level {
    /// From the outermost to the innermost.
    layers: Vec<Kind>,
    methods: Vec<&'static str>,
    /// A policy for some of the methods, by axum's `MethodRouter::layer`.
    only: Option<(Kind, Vec<&'static str>)>,
}

impl Level {
    fn random(random: &mut Random) -> Self {
        let layers = (0..random.below(4)).map(|_| Kind::random(random)).collect();
        let (methods, only) = (methods(random), methods(random));
        let kind = Kind::random(random);
        let some: Vec<_> = only.into_iter().filter(|method| methods.contains(method)).collect();
        let has_some = kind.is_policy() && !some.is_empty() && random.below(3) == 0;
        Level { layers, methods, only: has_some.then_some((kind, some)) }
    }

    fn route(&self) -> MethodRouter {
        let on = |routes: MethodRouter, method: &&str| {
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            routes.on(MethodFilter::try_from(method).expect("a method that axum routes"), || async { "ran" })
        };
        let mut routes = MethodRouter::new();
        let mut some: &[&str] = &[];
        if let Some((kind, methods)) = &self.only {
            some = methods;
            let told = methods.iter().map(|method| Method::from_bytes(method.as_bytes()).expect("a method"));
            routes = methods.iter().fold(routes, on).layer(kind.layer().methods(told));
        }
        self.methods.iter().filter(|method| !some.contains(method)).fold(routes, on)
    }
}

fn router(levels: &[Level]) -> Router {
    let Some((level, inside)) = levels.split_first() else { return Router::new() };
    let mut router = Router::new().route("/r", level.route());
    if !inside.is_empty() {
        router = router.nest_service("/in", self::router(inside));
    }
    level.layers.iter().rev().fold(router, |router, kind| kind.around(router))
}

/// What may happen to a request of a page for a method that is served.
#[derive(Debug)]
struct Expected {
    readable: bool,
    runs: bool,
    granted: bool,
}

/// The oracle.
fn expected(levels: &[Level], method: &str, origin: &str) -> Expected {
    let level = levels.last().expect("a level");
    let around: Vec<_> = levels.iter().flat_map(|level| level.layers.iter().copied()).collect();
    let only = level.only.as_ref().filter(|(_, methods)| methods.contains(&method)).map(|(kind, _)| *kind);
    let all: Vec<_> = around.into_iter().chain(only).collect();
    let innermost = all.iter().rposition(|kind| kind.is_policy());
    let is_protected = all[innermost.map_or(0, |index| index + 1)..].iter().any(|kind| kind.is_protection());
    let names = innermost.is_some_and(|index| all[index].names(origin));
    let is_own = origin == OWN;
    let is_lenient = innermost.is_none_or(|index| all[index] == LenientKind);
    let runs = method == "GET" || is_own || (names || is_lenient) && !is_protected;
    Expected { readable: names && runs, runs, granted: names }
}

fn sent(method: &str, path: &str, origin: &str, announced: Option<&str>) -> Request<Body> {
    let mut headers = vec!["host: own.example".to_owned(), format!("origin: {origin}")];
    headers.extend(announced.map(|announced| format!("access-control-request-method: {announced}")));
    request(method, path, &headers.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn no_layer_widens_what_the_innermost_says() {
    let wanted = std::env::var("CORS_TABLES").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    let runtime = Builder::new_current_thread().build().unwrap();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut readable, mut ran, mut granted, mut refused) = (0, 0, 0, 0);
    for table in 0..wanted {
        let levels: Vec<_> = (0..3).map(|_| Level::random(&mut random)).collect();
        let service = router(&levels);
        let ask = |request: Request<Body>| {
            let Ok(response) = runtime.block_on(service.clone().oneshot(request));
            let allowed = response.headers().get("access-control-allow-origin");
            let allowed = allowed.map(|value| value.to_str().expect("text").to_owned());
            let body = runtime.block_on(axum::body::to_bytes(response.into_body(), 100)).expect("a body");
            (allowed, &*body == b"ran")
        };
        for (depth, path) in PATHS.into_iter().enumerate() {
            let levels = &levels[..=depth];
            let methods = &levels[depth].methods;
            for method in METHODS {
                for origin in ORIGINS {
                    let shared = |allowed: &Option<String>| match allowed.as_deref() {
                        None => false,
                        Some(allowed) => {
                            assert!(allowed == origin || allowed == "*", "{table}: {allowed} for {origin}");
                            true
                        }
                    };
                    let (allowed, did_run) = ask(sent(method, path, origin, None));
                    let answered = ask(sent("OPTIONS", path, origin, Some(method)));
                    let is_granted = shared(&answered.0);
                    let shown = || format!("table {table}: {method} {path} of {origin}\n{levels:#?}");
                    assert!(!answered.1, "a handler ran for a preflight: {}", shown());
                    if !methods.contains(&method) {
                        assert!(!did_run && !is_granted, "not served: {}", shown());
                        continue;
                    }
                    let expected = expected(levels, method, origin);
                    // A layer for other methods of the same route answers the preflight: it does not grant it, so that the
                    // layers around know of no policy.
                    let only = levels[depth].only.as_ref();
                    let may_be_refused = only.is_some_and(|(_, methods)| !methods.contains(&method));
                    let is_shared = shared(&allowed);
                    for (what, is, may) in [
                        ("runs", did_run, expected.runs),
                        ("readable", is_shared, expected.readable),
                        ("granted", is_granted, expected.granted),
                    ] {
                        let is_refused = may_be_refused && !is;
                        assert!(is_refused || is == may, "{what}: {is}, {expected:?} {}", shown());
                    }
                    readable += usize::from(is_shared);
                    ran += usize::from(did_run);
                    granted += usize::from(is_granted);
                    refused += usize::from(!did_run);
                }
            }
        }
    }
    println!("{readable} are readable, {ran} ran, {refused} did not, {granted} are granted");
    assert!([readable, ran, granted, refused].into_iter().all(|count| count > wanted));
}
