//! What a service answers to OPTIONS may be anything: a method is granted only if `Allow` names it, byte by byte.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::body::Body;
use cors_runtime::cross_origin;
use http::{HeaderValue, Method, Request, Response};
use tower::service_fn;

use crate::support::{APP, EVIL, Said, call, preflight, request};

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["x-token"])]
struct App;

/// A service that answers everything with this status and these lines of `Allow`.
fn service(
    status: u16,
    lines: Vec<HeaderValue>,
) -> impl tower::Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send> + Clone + Send + 'static
{
    service_fn(move |_: Request<Body>| {
        let mut response = Response::builder().status(status).body(Body::empty()).unwrap();
        for line in &lines {
            response.headers_mut().append("allow", line.clone());
        }
        async { Ok(response) }
    })
}

fn asked(status: u16, lines: &[&[u8]], method: &[u8]) -> Said {
    let lines = lines.iter().map(|line| HeaderValue::from_bytes(line).unwrap()).collect();
    let mut preflight = preflight(APP, "GET", "/");
    let method = HeaderValue::from_bytes(method).unwrap();
    preflight.headers_mut().insert("access-control-request-method", method);
    call(App.layer().around(service(status, lines)), preflight)
}

/// The lines of `Allow`, the method that the preflight announces, and whether it is granted.
type Case<'a> = (&'a [&'a [u8]], &'a [u8], bool);

#[test]
fn a_method_is_granted_only_if_it_is_named() {
    let cases: &[Case] = &[
        (&[b"GET, PUT"], b"PUT", true),
        (&[b"GET,PUT"], b"PUT", true),
        (&[b"GET", b"PUT"], b"PUT", true),
        (&[b",,\t PUT\t ,"], b"PUT", true),
        (&[b"\xff, PUT"], b"PUT", true),
        (&[b"GET"], b"HEAD", true),
        (&[b"patch, PURGE"], b"patch", true),
        (&[b"patch, PURGE"], b"PURGE", true),
        (&[], b"PUT", false),
        (&[b""], b"PUT", false),
        (&[b"get, put"], b"PUT", false),
        (&[b"PUT"], b"put", false),
        (&[b"PUT;q=1"], b"PUT", false),
        (&[b"\"PUT\""], b"PUT", false),
        (&[b"GET PUT"], b"PUT", false),
        (&[b"PUTT, PU"], b"PUT", false),
        (&[b"HEAD"], b"GET", false),
        (&[b"PUT, GET"], b"PUT, GET", false),
        // These are not methods: an empty element of the list, every method, and bytes.
        (&[b""], b"", false),
        (&[b"GET,, PUT"], b"", false),
        (&[b"*"], b"PUT", false),
        (&[b"*"], b"*", false),
        (&[b"\xff"], b"\xff", false),
    ];
    for (lines, method, granted) in cases {
        for status in [200, 204, 401, 405, 500] {
            let said = asked(status, lines, method);
            let shown = format!("{lines:?} {}: {:?}", method.escape_ascii(), said.headers);
            assert_eq!(said.allowed(), granted.then_some(APP), "{shown}");
            assert_eq!(said.status.as_u16(), if *granted { 204 } else { status }, "{shown}");
            let methods = said.header("access-control-allow-methods").map(str::as_bytes);
            assert_eq!(methods, granted.then_some(*method), "{shown}");
        }
        // Nothing is there.
        assert_eq!(asked(404, lines, method).allowed(), None);
    }
}

#[test]
fn ten_thousand_methods() {
    let methods = |count: usize| (0..count).map(|number| format!("M{number}")).collect::<Vec<_>>();
    let last = |count: usize| format!("M{}", count - 1);
    let fastest = |service: &dyn Fn(&str) -> Said, method: &str| {
        let time = |_| {
            let started = Instant::now();
            assert_eq!(service(method).allowed(), (method != "M").then_some(APP));
            started.elapsed()
        };
        (0..5).map(time).min().unwrap_or_default()
    };
    let names = format!("access-control-request-headers: {}", "x-token,".repeat(8 * 1024));
    let ask = |layer: cors_runtime::tower::CrossOriginLayer, allow: &[String]| {
        let lines = vec![HeaderValue::from_str(&allow.join(", ")).unwrap()];
        let service = layer.around(service(405, if allow.is_empty() { Vec::new() } else { lines }));
        let names = names.clone();
        move |method: &str| {
            let evil = call(service.clone(), preflight(EVIL, method, "/"));
            assert_eq!(evil.allowed(), None);
            let headers = [&*format!("origin: {APP}"), &*format!("access-control-request-method: {method}"), &names];
            call(service.clone(), request("OPTIONS", "/", &headers))
        }
    };
    for method in ["the last one", "M"] {
        let times = [1_000, 10_000].map(|count| {
            let known = methods(count);
            let method = if method == "M" { method.to_owned() } else { last(count) };
            let told = known.iter().map(|method| Method::from_bytes(method.as_bytes()).unwrap());
            let by_layer = ask(App.layer().methods(told), &[]);
            [fastest(&ask(App.layer(), &known), &method), fastest(&by_layer, &method)]
        });
        for (short, long) in times[0].into_iter().zip(times[1]) {
            let most = short * 30 + Duration::from_millis(20);
            assert!(long < most, "{method}: {short:?}, and {long:?} for ten times as many");
        }
    }
}
