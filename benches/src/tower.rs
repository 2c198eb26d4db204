//! Requests to a router of axum: without CORS, with tower-http, and with this library. The policies are those of
//! `applications`.

use std::convert::Infallible;
use std::hint::black_box;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use axum::routing::get;
use cors_runtime::cross_origin;
use cors_runtime::tower::OriginLists;
use tower::util::BoxCloneSyncService;
use tower::{Layer, ServiceExt};
use tower_http::cors::CorsLayer;

use crate::applications::{List, ORIGIN, lists};
use crate::requests::{Ask, BROWSER};
use crate::table::{Table, count as number, more, times};
use crate::valgrind::{Valgrind, in_parallel};
use crate::{Result, limits, page};

type Service = BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>;

#[cross_origin(
    origins = ["https://app.example.com"], credentials,
    allow_headers = ["content-type", "x-request-id", "x-token"], max_age = 600
)]
struct App;

#[cross_origin(
    origins = [config("partners")], credentials,
    allow_headers = ["content-type", "x-request-id", "x-token"], max_age = 600
)]
struct Partners;

/// What stands around the router.
const WAYS: [&str; 4] = ["nothing", "tower-http", "library", "unasked"];
/// How many origins the policy names.
const SIZES: [u32; 3] = [1, 1_000, 10_000];

/// The instructions of each request, and the table of them.
pub(crate) fn count(write: bool) -> Result<()> {
    let valgrind =
        Valgrind::find()?.ok_or("there is no valgrind on this machine: `apt-get install valgrind` brings it")?;
    let mut kinds = Vec::new();
    for headers in ["bare", "browser"] {
        kinds.extend(Ask::ALL.iter().flat_map(|ask| WAYS.map(|way| words(way, *ask, headers, "1"))));
    }
    let larger = ["1000", "10000", "configured-3", "configured-10000"];
    for ask in [Ask::Allowed, Ask::Granted] {
        kinds.extend(larger.map(|size| words("library", ask, "bare", size)));
    }
    let counted = in_parallel(&kinds, |kind| valgrind.instructions_of(kind, 1))?;
    let of = |way, ask, headers, size| {
        let words = words(way, ask, headers, size);
        kinds.iter().zip(&counted).find(|(kind, _)| **kind == words).map_or(f64::NAN, |(_, counted)| *counted)
    };
    let added = |way, ask, headers, size| of(way, ask, headers, size) - of("nothing", ask, headers, "1");

    let head = ["instructions", "without CORS", "tower-http 0.7", "this library", "this library / tower-http"];
    let mut table = Table::new(head.map(str::to_owned).to_vec());
    let mut ratios = std::collections::BTreeMap::new();
    for headers in ["bare", "browser"] {
        for ask in Ask::ALL {
            let (theirs, ours) = (added("tower-http", ask, headers, "1"), added("library", ask, headers, "1"));
            let title = titled(ask, headers);
            let plain = number(of("nothing", ask, headers, "1"));
            table.row(vec![title, plain, more(theirs), more(ours), times(ours / theirs)]);
            ratios.insert(format!("axum, {} {headers}: library / tower-http", ask.name()), ours / theirs);
        }
    }
    let head = ["instructions in all", "tower-http 0.7", "this library", "the router unasked", "unasked / tower-http"];
    let mut preflights = Table::new(head.map(str::to_owned).to_vec());
    for headers in ["bare", "browser"] {
        for ask in [Ask::Granted, Ask::NotGranted] {
            let [theirs, asked, ours] = ["tower-http", "library", "unasked"].map(|way| of(way, ask, headers, "1"));
            let title = titled(ask, headers);
            preflights.row(vec![title, number(theirs), number(asked), number(ours), times(ours / theirs)]);
            ratios.insert(format!("axum, {} {headers}: unasked / tower-http, in all", ask.name()), ours / theirs);
        }
    }
    let head = ["origins of the policy", "GET, allowed", "preflight, granted"];
    let mut sizes = Table::new(head.map(str::to_owned).to_vec());
    for (title, size) in [
        ("1", "1"),
        ("1,000", "1000"),
        ("10,000", "10000"),
        ("3, in a list", "configured-3"),
        ("10,000, in a list", "configured-10000"),
    ] {
        let row = [Ask::Allowed, Ask::Granted].map(|ask| more(added("library", ask, "bare", size)));
        sizes.row([vec![title.to_owned()], row.to_vec()].concat());
    }
    for ask in [Ask::Allowed, Ask::Granted] {
        let few = added("library", ask, "bare", "1");
        ratios
            .insert(format!("axum, {}: 10,000 origins / 1", ask.name()), added("library", ask, "bare", "10000") / few);
    }
    let text = format!("{table}\n{preflights}\n{sizes}");
    println!("{text}");
    if write {
        page::write("tower", &text)?;
    }
    limits::check(&ratios)
}

fn titled(ask: Ask, headers: &str) -> String {
    format!("{}{}", ask.title(), if headers == "browser" { ", a browser's" } else { "" })
}

fn words(way: &str, ask: Ask, headers: &str, size: &str) -> Vec<String> {
    ["tower", way, ask.name(), headers, size].map(str::to_owned).to_vec()
}

fn router() -> Router {
    Router::new().route("/item", get(|| async { "hello" }).put(|| async { "hello" }))
}

fn service(way: &str, size: &str) -> Option<Service> {
    Some(match (way, size.split_once('-')) {
        ("nothing", _) => BoxCloneSyncService::new(router()),
        ("unasked", _) => {
            BoxCloneSyncService::new(App.layer().methods_unasked([Method::GET, Method::PUT]).around(router()))
        }
        ("tower-http", _) => BoxCloneSyncService::new(tower_http().layer(router())),
        (_, Some((_, size))) => {
            let lists = OriginLists::new([("partners", List::origins(size.parse().ok()?).iter().copied())]);
            BoxCloneSyncService::new(Partners.layer(&lists).ok()?.around(router()))
        }
        (_, None) => {
            let layer = match SIZES.iter().position(|known| known.to_string() == size)? {
                0 => App.layer(),
                1 => lists::Thousand.layer(),
                _ => lists::TenThousand.layer(),
            };
            BoxCloneSyncService::new(layer.around(router()))
        }
    })
}

/// The same policy, as tower-http writes it. It stands around the router, as that of this library does.
fn tower_http() -> CorsLayer {
    CorsLayer::new()
        .allow_origin([HeaderValue::from_static(ORIGIN)])
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::PUT])
        .allow_headers(["content-type", "x-request-id", "x-token"].map(HeaderName::from_static))
        .max_age(Duration::from_secs(600))
}

/// Makes the request `count` times after the first.
pub(crate) fn repeat(words: &[String], count: &str) -> Result<()> {
    let [way, ask, headers, size] = words else { return Err("four words name a request".into()) };
    let ask = Ask::ALL.into_iter().find(|known| known.name() == ask).ok_or("not a request")?;
    let service = service(way, size).ok_or("not a service")?;
    let mut lines: Vec<_> = BROWSER.into_iter().filter(|_| headers == "browser").chain(ask.headers()).collect();
    let lower: Vec<String> = lines.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    let names: Vec<&'static str> = lower.into_iter().map(|name| &*name.leak()).collect();
    lines.iter_mut().zip(names).for_each(|(line, name)| line.0 = name);
    let request = || {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = if ask.is_preflight() { Method::OPTIONS } else { Method::GET };
        *request.uri_mut() = Uri::from_static("/item");
        for &(name, value) in &lines {
            request.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        request
    };
    let runtime = rocket::tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let Ok(first) = service.clone().oneshot(request()).await;
        // That what is counted is what the name says.
        let allowed = way != "nothing" && matches!(ask, Ask::Allowed | Ask::Granted);
        let header = |name| first.headers().get(name).map(|value: &HeaderValue| value.as_bytes().to_vec());
        assert_eq!(header("access-control-allow-origin"), allowed.then(|| ORIGIN.as_bytes().to_vec()), "{words:?}");
        assert!(first.status() != StatusCode::NOT_FOUND);
        for _ in 0..count.parse()? {
            let _ = black_box(service.clone().oneshot(request()).await);
        }
        Ok(())
    })
}
