//! Bad input, over real HTTP, on Rocket and on axum: an answer always comes, soon, and grants nothing to an origin that the
//! policy does not name.

mod fuzz;

use std::time::{Duration, Instant};

use axum::Router;
use cors_runtime::cross_origin;
use cors_tests::{APP, Call, EVIL, Reply, Server, cors_headers, exchange, serve};
use rocket::{get, put, routes};
use tower::Layer;

#[cross_origin(origins = ["https://app.example.com"], credentials, allow_headers = ["t", "x-foo"], expose_headers = ["x-total"])]
#[get("/exact")]
fn exact() {}

#[cross_origin(origins = ["https://app.example.com"], credentials, allow_headers = ["t", "x-foo"])]
#[put("/exact")]
fn put_exact() {}

#[cross_origin(origins = ["https://*.example.com", "http://localhost:*"])]
#[get("/pattern")]
fn pattern() {}

#[cross_origin(origins = ["https://*.example.com", "http://localhost:*"])]
#[put("/pattern")]
fn put_pattern() {}

#[cross_origin(origins = any, allow_headers = any)]
#[put("/any")]
fn put_any() {}

#[cross_origin(
    origins = ["https://app.example.com"],
    credentials,
    allow_headers = any,
    allow(wildcard_allow_headers_with_credentials)
)]
#[put("/echo")]
fn put_echo() {}

/// The same policies, as layers.
mod layers {
    use cors_runtime::cross_origin;

    #[cross_origin(origins = ["https://app.example.com"], credentials, allow_headers = ["t", "x-foo"], expose_headers = ["x-total"])]
    pub(super) struct Exact;

    #[cross_origin(origins = ["https://*.example.com", "http://localhost:*"])]
    pub(super) struct Pattern;

    #[cross_origin(origins = any, allow_headers = any)]
    pub(super) struct Any;

    #[cross_origin(
        origins = ["https://app.example.com"],
        credentials,
        allow_headers = any,
        allow(wildcard_allow_headers_with_credentials)
    )]
    pub(super) struct Echo;
}

/// The application on Rocket, and on axum.
fn applications() -> [Server; 2] {
    let both = || axum::routing::get(|| async {}).put(|| async {});
    let router = Router::new()
        .route_service("/exact", layers::Exact.layer().layer(both()))
        .route_service("/pattern", layers::Pattern.layer().layer(both()))
        .route_service("/any", layers::Any.layer().layer(axum::routing::put(|| async {})))
        .route_service("/echo", layers::Echo.layer().layer(axum::routing::put(|| async {})));
    [serve(routes![exact, put_exact, pattern, put_pattern, put_any, put_echo]), Server::serve(router)]
}

/// Sends a request, and checks what holds for every answer.
fn send(server: &Server, call: &Call) -> Reply {
    let reply = call.send(server);
    assert!((200..500).contains(&reply.status), "{}", reply.head());
    reply
}

fn preflight(path: &str, origin: impl AsRef<[u8]>, method: impl AsRef<[u8]>) -> Call {
    let call = Call::new("OPTIONS", path).header("Origin", origin);
    call.header("Access-Control-Request-Method", method)
}

fn asks_for(call: Call, names: impl AsRef<[u8]>) -> Call {
    call.header("Access-Control-Request-Headers", names)
}

fn assert_nothing_granted(reply: &Reply) {
    assert!(cors_headers(reply).is_empty(), "{}", reply.head());
}

/// The server answers an honest request as before.
fn assert_alive(server: &Server) {
    let reply = send(server, &Call::new("GET", "/exact").header("Origin", APP));
    assert_eq!((reply.status, reply.one("access-control-allow-origin")), (200, Some(APP)));
}

#[test]
fn lists_of_header_names() {
    for server in applications() {
        let many = |name: &str, times: usize| name.repeat(times).into_bytes();
        let lists = [
            many("x-foo,", 64 * 1024 / 6),
            many("x-evil,", 64 * 1024 / 7),
            many("a", 64 * 1024),
            many("x-foo,", 10_000),
            many("x-a, ", 10_000),
            many(",", 10_000),
            many(", \t", 10_000),
            many(" ", 10_000),
            many("x-foo", 2_000),
            [many("x-foo,", 10_000), b"authorization".to_vec()].concat(),
            b"*".to_vec(),
            b"x-foo, access-control-allow-origin: *".to_vec(),
            b"x-foo;x-evil".to_vec(),
            b"x-foo\xff".to_vec(),
            "x-foo\u{e9}".into(),
            b"\"x-foo, x-evil\"".to_vec(),
            b"x-foo\t\tx-evil".to_vec(),
        ];
        for names in &lists {
            for (path, methods) in [("/exact", ["PUT", "GET"]), ("/echo", ["PUT", "PUT"]), ("/any", ["PUT", "PUT"])] {
                for method in methods {
                    assert_nothing_granted(&send(&server, &asks_for(preflight("/exact", EVIL, method), names)));
                    let reply = send(&server, &asks_for(preflight(path, APP, method), names));
                    assert_short_answer(path, names, &reply);
                }
            }
        }
        // As many lines as the server reads.
        let call = (0..80).fold(preflight("/echo", APP, "PUT"), |call, _| asks_for(call, "x-foo,".repeat(200)));
        assert_eq!(send(&server, &call).list("access-control-allow-headers"), [""; 0]);
        assert_alive(&server);
    }
}

/// The allowed names are those of the policy; for `any`, those that were asked for and are valid names.
fn assert_short_answer(path: &str, asked: &[u8], reply: &Reply) {
    let allowed = reply.list("access-control-allow-headers");
    match path {
        "/exact" => assert!(allowed.is_empty() || allowed == ["t", "x-foo"], "{}", reply.head()),
        "/any" => assert!(allowed.is_empty() || allowed == ["*"], "{}", reply.head()),
        _ => {
            let is_token = |name: &String| {
                name.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"(),/:;<=>?@[\\]{}".contains(&byte))
            };
            assert!(allowed.iter().all(is_token), "{}", reply.head());
            assert!(asked.len() <= 8 * 1024 || allowed.is_empty(), "{}", reply.head());
        }
    }
}

/// `*` does not cover `authorization`, says Fetch; engines let it pass. So it must not even be said.
#[test]
fn authorization_is_not_any_header() {
    for server in applications() {
        for names in
            ["authorization", "Authorization", "x-a,AUTHORIZATION", "x-a ,\tauthorization ,x-b", ",,authorization"]
        {
            let reply = send(&server, &asks_for(preflight("/any", EVIL, "PUT"), names));
            assert_eq!(reply.list("access-control-allow-headers"), [""; 0], "{names}");
        }
        let reply = send(&server, &asks_for(preflight("/any", EVIL, "PUT"), "x-authorization, authorization-x"));
        assert_eq!(reply.one("access-control-allow-headers"), Some("*"));
    }
}

#[test]
fn several_origins() {
    for server in applications() {
        let both = [[APP, EVIL], [EVIL, APP], [APP, APP], [APP, ""], ["", APP], [APP, "null"]];
        for path in ["/exact", "/pattern"] {
            for [first, second] in both {
                for method in ["GET", "PUT"] {
                    let reply =
                        send(&server, &Call::new(method, path).header("Origin", first).header("Origin", second));
                    assert_nothing_granted(&reply);
                    assert_eq!(reply.status, if method == "PUT" { 403 } else { 200 });
                }
                let reply = send(&server, &preflight(path, first, "PUT").header("oRIGIN", second));
                assert_nothing_granted(&reply);
            }
            let many = (0..60).fold(Call::new("GET", path), |call, _| call.header("Origin", APP));
            assert_nothing_granted(&send(&server, &many));
            for joined in
                [format!("{APP}, {EVIL}"), format!("{EVIL},{APP}"), format!("{APP} {EVIL}"), format!("{APP};")]
            {
                assert_nothing_granted(&send(&server, &Call::new("GET", path).header("Origin", &joined)));
                assert_nothing_granted(&send(&server, &preflight(path, &joined, "PUT")));
            }
        }
        assert_alive(&server);
    }
}

#[test]
fn bytes_that_are_not_utf8() {
    for server in applications() {
        for junk in [b"\xff".as_slice(), b"\xc0\xaf", b"\xed\xa0\x80", b"\xe9", b"\x80\x80\x80\x80"] {
            for origin in [[APP.as_bytes(), junk].concat(), [junk, APP.as_bytes()].concat(), junk.to_vec()] {
                for path in ["/exact", "/pattern"] {
                    assert_nothing_granted(&send(&server, &Call::new("GET", path).header("Origin", &origin)));
                    assert_nothing_granted(&send(&server, &preflight(path, &origin, "PUT")));
                }
            }
            for method in [[b"PUT", junk].concat(), junk.to_vec()] {
                assert_nothing_granted(&send(&server, &preflight("/exact", APP, method)));
            }
            let names = [b"x-foo", junk].concat();
            for path in ["/exact", "/echo", "/any"] {
                assert_short_answer(path, &names, &send(&server, &asks_for(preflight(path, APP, "PUT"), &names)));
                assert_nothing_granted(&send(&server, &asks_for(preflight("/exact", EVIL, "PUT"), &names)));
            }
        }
        assert_alive(&server);
    }
}

#[test]
fn methods_that_nobody_serves() {
    for server in applications() {
        let long = "A".repeat(64 * 1024);
        let asked = [
            "", "put", "Put", "PU", "PUTT", "GET/", "PUT, GET", "PUT,", "PUT GET", "*", "null", "PURGE", "TRACE",
            "PÜT", &long,
        ];
        for path in ["/exact", "/pattern", "/any", "/echo"] {
            for method in asked {
                assert_nothing_granted(&send(&server, &preflight(path, APP, method)));
            }
            let twice = preflight(path, APP, "PUT").header("Access-Control-Request-Method", "DELETE");
            assert_nothing_granted(&send(&server, &twice));
        }
        for method in ["put", "OPTIONSX", "PURGE", "get", "G\u{e9}T", "GET/", "*", "PUT\0"] {
            let call = |origin: &str| {
                let call = Call::new(method, "/exact").header("Origin", origin);
                send(&server, &call.header("Access-Control-Request-Method", "PUT"))
            };
            assert_nothing_granted(&call(EVIL));
            let reply = call(APP);
            // A layer is around the resource with all its methods: the page may read that this one is not there.
            if reply.status != 405 {
                assert_nothing_granted(&reply);
            }
            assert_ne!(reply.status, 200);
        }
        assert_alive(&server);
    }
}

/// Heads beyond what the server reads. It may close the connection instead of an answer.
#[test]
fn heads_that_are_too_large() {
    for server in applications() {
        let long = "A".repeat(1024 * 1024);
        let lines = (0..5_000).fold(preflight("/exact", EVIL, "PUT"), |call, _| asks_for(call, "x-foo"));
        for call in [
            Call::new(&long, "/exact").header("Origin", APP),
            Call::new("GET", &format!("/{long}")).header("Origin", APP),
            Call::new("GET", "/exact").header("Origin", &long),
            preflight("/exact", APP, &long),
            asks_for(preflight("/exact", APP, "PUT"), &long),
            asks_for(preflight("/echo", APP, "PUT"), &long),
            lines,
        ] {
            if let Ok(reply) = call.try_send(&server) {
                assert!((400..500).contains(&reply.status), "{}", reply.head());
                assert_nothing_granted(&reply);
            }
            assert_alive(&server);
        }
    }
}

#[test]
fn origins_of_a_hundred_kilobytes() {
    for server in applications() {
        let (letters, labels, slashes) = ("a".repeat(100_000), "a.".repeat(50_000), "/".repeat(100_000));
        for origin in [
            format!("https://{letters}.example.com"),
            format!("https://{labels}example.com"),
            format!("{APP}{slashes}"),
            format!("{APP}:{}", "4".repeat(100_000)),
            format!("http://localhost:{}1", "0".repeat(100_000)),
            format!("{APP},").repeat(4_000),
            format!("https://{}example.com", "*.".repeat(50_000)),
        ] {
            for path in ["/exact", "/pattern"] {
                for method in ["GET", "PUT"] {
                    assert_nothing_granted(&send(&server, &Call::new(method, path).header("Origin", &origin)));
                }
                assert_nothing_granted(&send(&server, &preflight(path, &origin, "PUT")));
            }
        }
        assert_alive(&server);
    }
}

/// Lines that are nearly headers. They must never be taken for the header that they look like.
#[test]
fn heads_that_are_not_quite_http() {
    for server in applications() {
        for line in [
            format!("Origin : {APP}"),
            format!("Origin\t: {APP}"),
            format!(" Origin: {APP}"),
            format!("X-A: a\r\n Origin: {APP}"),
            format!("Origin: {EVIL}\r\n {APP}"),
            format!("Origin:\r\n {APP}"),
            format!("Origin: {APP}\0"),
            format!("Origin: \0{APP}"),
            format!("Origin: {APP}\x01"),
            format!("Origin: {APP}\x0b"),
            format!("Origin: {APP}\x7f"),
            format!("Origin: {APP}\x1b[31m"),
            "Origin: https://app\t.example.com".to_owned(),
            format!("Origin: \u{feff}{APP}"),
            format!("Orig\0in: {APP}"),
            format!("Or\u{131}gin: {APP}"),
            format!("Origin= {APP}"),
            format!("Origin {APP}"),
            format!("X-Origin: {APP}"),
            format!("Referer: {APP}/"),
            format!("X-A: a\rOrigin: {APP}"),
            format!("X-A: a%0d%0aOrigin: {APP}"),
            ": no name".to_owned(),
            "\0".to_owned(),
        ] {
            for start in ["GET /exact", "PUT /pattern", "OPTIONS /exact"] {
                let request = format!(
                    "{start} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nAccess-Control-Request-Method: PUT\r\n{line}\r\n\r\n"
                );
                let reply = exchange(&server, request.as_bytes()).expect("an answer");
                assert!((200..500).contains(&reply.status), "{line:?}: {}", reply.head());
                assert!(cors_headers(&reply).is_empty(), "{line:?}: {}", reply.head());
            }
        }
        // And lines that are headers, whatever they look like.
        for line in [format!("oRiGiN:{APP}"), format!("ORIGIN: \t {APP} \t")] {
            let request = format!("GET /exact HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n{line}\r\n\r\n");
            let reply = exchange(&server, request.as_bytes()).expect("an answer");
            assert_eq!(reply.one("access-control-allow-origin"), Some(APP), "{line:?}: {}", reply.head());
        }
        assert_alive(&server);
    }
}

/// Ten times the elements may take ten times as long, and not a hundred times.
#[test]
fn work_grows_with_the_length() {
    for server in applications() {
        let fastest = |call: &Call| {
            let time = |_| {
                let started = Instant::now();
                send(&server, call);
                started.elapsed()
            };
            (0..7).map(time).min().unwrap_or_default()
        };
        let calls: [(&str, &dyn Fn(usize) -> Call); 10] = [
            ("allowed names", &|n| asks_for(preflight("/exact", APP, "PUT"), "t,".repeat(n))),
            ("names that are not allowed", &|n| asks_for(preflight("/exact", APP, "PUT"), "u,".repeat(n))),
            ("one long name", &|n| asks_for(preflight("/exact", APP, "PUT"), "t".repeat(n))),
            ("blanks", &|n| asks_for(preflight("/exact", APP, "PUT"), format!("t{},t", " ".repeat(n)))),
            ("the method", &|n| preflight("/exact", APP, "A".repeat(n))),
            ("commas", &|n| asks_for(preflight("/exact", APP, "PUT"), ",".repeat(n))),
            ("names to echo", &|n| asks_for(preflight("/echo", APP, "PUT"), "t,".repeat(n))),
            ("any names", &|n| asks_for(preflight("/any", APP, "PUT"), "t,".repeat(n))),
            ("labels", &|n| {
                Call::new("GET", "/pattern").header("Origin", format!("https://{}example.com", "a.".repeat(n)))
            }),
            ("port", &|n| Call::new("PUT", "/pattern").header("Origin", format!("http://localhost:{}", "1".repeat(n)))),
        ];
        for (what, call) in calls {
            let (short, long) = (fastest(&call(10_000)), fastest(&call(100_000)));
            assert!(
                long < short * 30 + Duration::from_millis(20),
                "{what}: {short:?}, and {long:?} for ten times as many"
            );
        }
    }
}
