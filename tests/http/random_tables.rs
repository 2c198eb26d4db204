//! Random applications: whatever route runs a write of another origin, its own policy names that origin; or it has no
//! policy, or one with `enforce = false`, and no policy's preflight has granted it. With `protect_all` no route without a
//! policy runs one.
//!
//! `CORS_TABLES=100000 cargo test --release -p cors-tests --test http random_tables` tries more of them than the default.

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Decision, NamedPolicy as _, Policy, Served, cross_origin};
use cors_tests::Random;
use rocket::http::{ContentType, Header, MediaType, Method, Status};
use rocket::local::blocking::{Client, LocalRequest};
use rocket::outcome::Outcome;
use rocket::route::{self, Handler, Route};
use rocket::{Data, Request, Rocket};

#[cross_origin(origins = ["https://app.example.com"])]
struct App;

#[cross_origin(origins = ["https://partner.example.com", "https://*.example.org"], allow_headers = ["content-type"])]
struct Partner;

#[cross_origin(origins = any, allow_headers = any)]
struct Anybody;

#[cross_origin(none, enforce = false)]
struct Forms;

#[cross_origin(origins = ["https://partner.example.com"], enforce = false)]
struct Lenient;

const ORIGINS: [&str; 4] =
    ["https://app.example.com", "https://partner.example.com", "https://a.example.org", "https://evil.example.net"];
const URIS: [&str; 6] = ["/a", "/<x>", "/a/<x>", "/<x>/<y>", "/<x..>", "/a/b"];
const PATHS: [&str; 4] = ["/a", "/b", "/a/b", "/b/c"];
const METHODS: [Method; 3] = [Method::Get, Method::Post, Method::Delete];

/// One route of a table.
#[derive(Clone, Copy, Debug)]
struct Entry {
    method: Method,
    uri: &'static str,
    rank: isize,
    format: Option<&'static str>,
    policy: Option<&'static Policy>,
}

/// Answers with the number of its route, or forwards, as a guard may, where the request says so.
#[derive(Clone)]
struct Numbered(usize);

#[rocket::async_trait]
impl Handler for Numbered {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> route::Outcome<'r> {
        if request.headers().get("X-Forward").any(|number| number == self.0.to_string()) {
            return Outcome::Forward((data, Status::NotFound));
        }
        route::Outcome::from(request, self.0.to_string())
    }
}

fn table(random: &mut Random) -> Vec<Entry> {
    let formats = [None, None, None, Some("application/json"), Some("text/plain"), Some("text/*")];
    let (app, partner, anybody) = (Some(App::POLICY), Some(Partner::POLICY), Some(Anybody::POLICY));
    let policies = [None, None, None, app, app, partner, partner, anybody, Some(Forms::POLICY), Some(Lenient::POLICY)];
    let entry = |_| {
        let method = METHODS[random.below(3)];
        Entry {
            method,
            uri: URIS[random.below(URIS.len())],
            rank: isize::try_from(random.below(5)).unwrap_or(0) - 2,
            format: formats[random.below(formats.len())].filter(|_| method != Method::Get),
            policy: policies[random.below(policies.len())],
        }
    };
    (0..6).map(entry).collect()
}

/// The application with these routes. `None` if its launch is refused: Rocket refuses collisions, and the library writes
/// that can fall through to a route without a policy.
fn launch(entries: &[Entry], cors: CrossOrigin) -> Option<Client> {
    let figment = rocket::Config::figment().merge(("log_level", "off"));
    let routes = |policy: Option<&'static Policy>| -> Vec<Route> {
        let with_it = entries.iter().enumerate().filter(|(_, entry)| entry.policy == policy);
        let route = |(number, entry): (usize, &Entry)| {
            let mut route = Route::ranked(entry.rank, entry.method, entry.uri, Numbered(number));
            route.format = entry.format.and_then(MediaType::parse_flexible);
            route
        };
        with_it.map(route).collect()
    };
    let rocket: Rocket<_> = rocket::custom(figment)
        .attach(cors)
        .mount("/", routes(None))
        .mount("/", App.cover(routes(Some(App::POLICY))))
        .mount("/", Partner.cover(routes(Some(Partner::POLICY))))
        .mount("/", Anybody.cover(routes(Some(Anybody::POLICY))))
        .mount("/", Forms.cover(routes(Some(Forms::POLICY))))
        .mount("/", Lenient.cover(routes(Some(Lenient::POLICY))));
    match Client::untracked(rocket) {
        Ok(client) => Some(client),
        Err(error) => {
            // An error that nobody has looked at panics when it is dropped.
            let _ = error.kind();
            None
        }
    }
}

/// Whether Rocket tries this route for the path.
fn fits(uri: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (uri.split('/').skip(1), path.split('/').skip(1));
    loop {
        match (pattern.next(), path.next()) {
            (Some("<x..>"), _) | (None, None) => return true,
            (Some(segment), Some(asked)) if segment.starts_with('<') || segment == asked => {}
            _ => return false,
        }
    }
}

/// The policy of the route that a request is tried on first, whatever its format; `Err` if there is no route.
fn first(entries: &[Entry], method: Method, path: &str) -> Result<Option<&'static Policy>, ()> {
    let fitting = entries.iter().filter(|entry| entry.method == method && fits(entry.uri, path));
    fitting.min_by_key(|entry| entry.rank).map(|entry| entry.policy).ok_or(())
}

fn serves(policy: Result<Option<&Policy>, ()>) -> Served<'_> {
    match policy {
        Ok(Some(policy)) => Served::Shared(policy),
        Ok(None) => Served::NotShared,
        Err(()) => Served::ByNobody,
    }
}

fn names(policy: &Policy, origin: &str) -> bool {
    let request = http::Request::get("/").header("origin", origin).body(()).expect("a request");
    Decision::new(&request, |_| Served::Shared(policy)).refusal().is_none()
}

/// What is wrong with the answers to one request and to its preflight.
fn problem(client: &Client, entries: &[Entry], random: &mut Random) -> Option<String> {
    let (method, path, origin) =
        (METHODS[random.below(3)], PATHS[random.below(PATHS.len())], ORIGINS[random.below(ORIGINS.len())]);
    let origin_header = || Header::new("Origin", origin);
    let preflight = client.options(path).header(origin_header());
    let preflight = preflight.header(Header::new("Access-Control-Request-Method", method.as_str())).dispatch();
    let granted = preflight.status() == Status::NoContent;

    let mut request: LocalRequest<'_> = client.req(method, path).header(origin_header());
    request.add_header(Header::new("Sec-Fetch-Site", "cross-site"));
    match random.below(3) {
        0 => request.add_header(ContentType::JSON),
        1 => request.add_header(ContentType::Plain),
        _ => {}
    }
    let forwarded: Vec<usize> = (0..entries.len()).filter(|_| random.below(3) == 0).collect();
    for number in forwarded {
        request.add_header(Header::new("X-Forward", number.to_string()));
    }
    let response = request.dispatch();
    let allow_origin = response.headers().get_one("Access-Control-Allow-Origin").map(str::to_owned);
    let ran = response.into_string().and_then(|body| body.parse::<usize>().ok());

    // The same decision on the types of the `http` crate.
    let decide = |method: &str, announced: Option<&str>, policy| {
        let request = http::Request::builder().method(method).header("origin", origin);
        let request = match announced {
            None => request.header("sec-fetch-site", "cross-site"),
            Some(announced) => request.header("access-control-request-method", announced),
        };
        Decision::new(&request.body(()).expect("a request"), |_| serves(policy)).status().map(|status| status.as_u16())
    };
    let first = first(entries, method, path);
    let decided = decide("OPTIONS", Some(method.as_str()), first);
    let status = Some(preflight.status().code);
    if decided.or(Some(404)) != status {
        return Some(format!("preflight {method} {path} {origin}: {status:?}, and by the other adapter {decided:?}"));
    }
    let entry = entries.get(ran?)?;
    let shared = entry.policy.is_some_and(|policy| names(policy, origin));
    if allow_origin.is_some() != shared {
        return Some(format!("{method} {path} {origin}: {entry:?} answers with {allow_origin:?}"));
    }
    if decide(method.as_str(), None, Ok(entry.policy)).is_some() {
        return Some(format!("{method} {path} {origin}: {entry:?} ran, and the other adapter turns it away"));
    }
    let write = method != Method::Get;
    // Nobody is turned away where there is no policy, or `enforce = false`: what needs a preflight has not been granted.
    let open = entry.policy.is_none_or(|policy| [Forms::POLICY, Lenient::POLICY].contains(&policy));
    let fair = shared || open && !granted;
    (write && !fair).then(|| format!("{method} {path} {origin}: {entry:?} ran, preflight granted: {granted}"))
}

#[test]
fn a_write_runs_only_where_its_route_lets_it() {
    let wanted = std::env::var("CORS_TABLES").ok().and_then(|count| count.parse().ok()).unwrap_or(1_500);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut launched, mut refused) = (0, 0);
    while launched < wanted {
        let entries = table(&mut random);
        let Some(client) = launch(&entries, CrossOrigin::fairing()) else {
            refused += 1;
            continue;
        };
        launched += 1;
        for _ in 0..12 {
            if let Some(problem) = problem(&client, &entries, &mut random) {
                panic!("table {launched}: {problem}\n{entries:#?}");
            }
        }
    }
    println!("{launched} tables, and {refused} more whose launch is refused");
}

/// What is wrong with a write of another page, where all routes are protected, compared with the same request of a program.
fn unprotected(client: &Client, entries: &[Entry], random: &mut Random) -> Option<String> {
    let (method, path, origin) = (
        [Method::Post, Method::Delete][random.below(2)],
        PATHS[random.below(PATHS.len())],
        ORIGINS[random.below(ORIGINS.len())],
    );
    let content_type =
        [Some("application/json"), Some("text/plain"), Some("text/html; charset=utf-8"), Some("text/*"), None];
    let content_type = content_type[random.below(content_type.len())];
    let forwarded: Vec<usize> = (0..entries.len()).filter(|_| random.below(2) == 0).collect();
    let send = |is_page: bool| {
        let mut request: LocalRequest<'_> = client.req(method, path);
        if is_page {
            request.add_header(Header::new("Origin", origin));
        }
        if let Some(value) = content_type {
            request.add_header(Header::new("Content-Type", value));
        }
        for number in &forwarded {
            request.add_header(Header::new("X-Forward", number.to_string()));
        }
        let response = request.dispatch();
        let status = response.status().code;
        (status, response.into_string().and_then(|body| body.parse::<usize>().ok()))
    };
    let (program, page) = (send(false), send(true));
    let said =
        || format!("{method} {path} {content_type:?} {origin} {forwarded:?}: program {program:?}, page {page:?}");
    let entry = |ran: Option<usize>| ran.map(|ran| &entries[ran]);
    match (entry(program.1), entry(page.1)) {
        (_, Some(ran)) if ran.policy.is_none() => Some(said()),
        (Some(ran), _) if ran.policy.is_none() && page.0 != 403 => Some(said()),
        // What nothing serves stays a 404, unless a policy before it turns the page away.
        (None, None) if page.0 == 404 => None,
        (_, None) if page.0 == 403 => {
            let refuses = |entry: &Entry| {
                entry
                    .policy
                    .is_none_or(|policy| !names(policy, origin) && ![Forms::POLICY, Lenient::POLICY].contains(&policy))
            };
            let known = entries.iter().any(|entry| entry.method == method && fits(entry.uri, path) && refuses(entry));
            (!known).then(said)
        }
        (Some(a), Some(b)) if std::ptr::eq(a, b) => None,
        _ => Some(said()),
    }
}

#[test]
fn a_protected_route_runs_no_write_of_another_page() {
    let wanted = std::env::var("CORS_TABLES").ok().and_then(|count| count.parse().ok()).unwrap_or(1_000);
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let mut launched = 0;
    while launched < wanted {
        let entries = table(&mut random);
        let Some(client) = launch(&entries, CrossOrigin::fairing().protect_all()) else { continue };
        launched += 1;
        for _ in 0..12 {
            if let Some(problem) = unprotected(&client, &entries, &mut random) {
                panic!("table {launched}: {problem}\n{entries:#?}");
            }
        }
    }
}
