//! The application's own origins: whose page it is, and by which names the application may be asked for.

use std::sync::{Arc, Mutex};

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Compared, Effect, Refusal, cross_origin};
use cors_tests::{APP, EVIL, Server, send};
use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use rocket::fs::FileServer;
use rocket::{Build, Request, Rocket, catch, catchers, get, post, routes};

const OWN: &str = "https://own.example.com";

#[cross_origin(origins = ["https://app.example.com"], credentials)]
#[post("/write")]
fn write() -> &'static str {
    "written"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/read")]
fn read() -> &'static str {
    "a secret"
}

#[get("/plain")]
fn plain() -> &'static str {
    "a secret"
}

#[post("/unshared")]
fn unshared() -> &'static str {
    "written"
}

#[catch(403)]
fn forbidden(request: &Request<'_>) -> String {
    format!("no: {}", request.uri().path())
}

fn rocket() -> Rocket<Build> {
    rocket::build().mount("/", routes![write, read, plain, unshared]).register("/api", catchers![forbidden])
}

fn with(figment: impl FnOnce(Figment) -> Figment) -> Rocket<Build> {
    let rocket = rocket();
    let figment = figment(rocket.figment().clone());
    rocket.configure(figment).attach(CrossOrigin::fairing())
}

fn configured() -> Rocket<Build> {
    with(|figment| {
        figment.merge(("cors.own_origins", [OWN, "http://nas.lan"])).merge(("cors.own_hosts", ["app.internal"]))
    })
}

/// The status of a write that a page makes under this `Host`, with this `Origin` and `Sec-Fetch-Site`.
fn written(server: &Server, host: &str, origin: &str, site: &str) -> u16 {
    let all = [("Host", host), ("Origin", origin), ("Sec-Fetch-Site", site)];
    let headers: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    send(server, "POST", "/write", &headers).status
}

#[test]
fn an_own_origin_is_own_whatever_else_is_said() {
    let server = Server::launch(configured()).expect("launches");
    for host in ["own.example.com", "127.0.0.1:8000", "app.internal", "backend"] {
        for site in ["", "same-origin", "same-site", "cross-site", "none"] {
            assert_eq!(written(&server, host, OWN, site), 200, "{host} {site}");
            assert_eq!(written(&server, host, "http://nas.lan", site), 200, "{host} {site}");
        }
    }
    // Not shared with: it is the application's own page, and no page of another origin.
    let reply = send(&server, "POST", "/write", &[("Host", "own.example.com"), ("Origin", OWN)]);
    assert_eq!((&*reply.text(), reply.one("access-control-allow-origin")), ("written", None));
}

/// They are about the application's names. `protect_all` is about routes without a policy.
#[test]
fn own_origins_do_not_protect_routes_without_a_policy() {
    let server = Server::launch(configured()).expect("launches");
    let write = |headers: &[(&str, &str)]| send(&server, "POST", "/unshared", headers).status;
    assert_eq!(write(&[("Host", "own.example.com"), ("Origin", EVIL), ("Sec-Fetch-Site", "cross-site")]), 200);
    assert_eq!(write(&[("Host", "rebound.example.net"), ("Origin", "http://rebound.example.net")]), 403);
}

#[test]
fn nothing_else_is_own() {
    let server = Server::launch(configured()).expect("launches");
    let others = ["http://own.example.com", "https://own.example.com:8443", "http://127.0.0.1:8000", "null", EVIL];
    for origin in others {
        for site in ["", "same-origin", "none", "same-site", "cross-site"] {
            for host in ["own.example.com", "127.0.0.1:8000"] {
                assert_eq!(written(&server, host, origin, site), 403, "{origin} {site} {host}");
            }
        }
    }
    // Named by the policy; no browser; and a page that sends no `Origin`.
    assert_eq!(written(&server, "own.example.com", APP, "cross-site"), 200);
    assert_eq!(written(&server, "own.example.com", "", ""), 200);
    assert_eq!(written(&server, "own.example.com", "", "same-origin"), 200);
    assert_eq!(written(&server, "own.example.com", "", "cross-site"), 403);
}

/// Each request of a page that has made its own name point at the application, and of a name that nobody knows.
#[test]
fn another_host_is_refused_on_every_route() {
    let server =
        Server::launch(configured().mount("/files", FileServer::from(env!("CARGO_MANIFEST_DIR")))).expect("launches");
    let hosts = [
        "rebound.example.net",
        "rebound.example.net:8000",
        "own.example.com.evil.net",
        "",
        "a b",
        "user@own.example.com",
        "rebound_.example.net",
    ];
    let requests = [
        ("GET", "/read"),
        ("GET", "/plain"),
        ("HEAD", "/plain"),
        ("POST", "/write"),
        ("GET", "/files/Cargo.toml"),
        ("GET", "/nothing"),
        ("DELETE", "/nothing"),
        ("OPTIONS", "/write"),
        ("OPTIONS", "/nothing"),
        ("TRACE", "/plain"),
    ];
    for host in hosts {
        for (method, path) in requests {
            let reply = send(&server, method, path, &[("Host", host)]);
            assert_eq!(reply.status, 403, "{method} {path} {host}");
            assert!(!reply.text().contains("secret"), "{method} {path} {host}");
        }
        let preflight = [("Host", host), ("Origin", APP), ("Access-Control-Request-Method", "POST")];
        let reply = send(&server, "OPTIONS", "/write", &preflight);
        assert_eq!((reply.status, reply.one("access-control-allow-origin")), (403, None), "{host}");
        let own = [("Host", host), ("Origin", OWN), ("Sec-Fetch-Site", "same-origin")];
        assert_eq!(send(&server, "POST", "/write", &own).status, 403, "{host}");
    }
    // The catcher of the path answers.
    let reply = send(&server, "GET", "/api/x", &[("Host", "rebound.example.net")]);
    assert_eq!((reply.status, &*reply.text()), (403, "no: /api/x"));
    for host in [
        "own.example.com",
        "OWN.example.com:1",
        "nas.lan",
        "app.internal",
        "localhost:8000",
        "x.localhost",
        "[::1]:80",
        "10.1.2.3",
        "backend",
    ] {
        let reply = send(&server, "GET", "/plain", &[("Host", host)]);
        assert_eq!((reply.status, &*reply.text()), (200, "a secret"), "{host}");
        assert_eq!(send(&server, "GET", "/nothing", &[("Host", host)]).status, 404, "{host}");
    }
}

/// Two lines, of which a proxy and the application may read different ones; and none, which no browser sends.
#[test]
fn hosts_that_no_browser_sends() {
    let server = Server::launch(configured()).expect("launches");
    for hosts in [["own.example.com", "rebound.example.net"], ["rebound.example.net", "own.example.com"]] {
        let twice = hosts.map(|host| ("Host", host));
        assert_eq!(send(&server, "GET", "/plain", &twice).status, 403, "{hosts:?}");
    }
    let reply = cors_tests::exchange(&server, b"GET /plain HTTP/1.0\r\n\r\n").expect("answers");
    assert_eq!(reply.status, 200);
    let absolute =
        b"GET http://own.example.com/plain HTTP/1.1\r\nHost: rebound.example.net\r\nConnection: close\r\n\r\n";
    assert_eq!(cors_tests::exchange(&server, absolute).expect("answers").status, 403);
}

#[test]
fn without_own_origins_everything_is_as_before() {
    let server = Server::launch(with(|figment| figment)).expect("launches");
    assert_eq!(send(&server, "GET", "/plain", &[("Host", "rebound.example.net")]).status, 200);
    assert_eq!(written(&server, "rebound.example.net", "http://rebound.example.net", ""), 200);
    assert_eq!(written(&server, "127.0.0.1:8000", "http://nas.lan", ""), 403);
}

#[test]
fn the_fairing_and_the_configuration_are_united() {
    let figment = rocket::Config::figment().merge(("cors.own_origins", [OWN]));
    let given = CrossOrigin::fairing().own_origins(["http://nas.lan", OWN]).own_hosts(["app.internal"]);
    let rocket = rocket().configure(figment).attach(given).attach(CrossOrigin::fairing().own_origins(["http://b.lan"]));
    let server = Server::launch(rocket).expect("launches");
    for origin in [OWN, "http://nas.lan", "http://b.lan"] {
        assert_eq!(written(&server, "app.internal", origin, ""), 200, "{origin}");
    }
    assert_eq!(send(&server, "GET", "/plain", &[("Host", "rebound.example.net")]).status, 403);
}

type Seen = Arc<Mutex<Vec<(Effect, Refusal<'static>, Option<Compared<'static>>, String)>>>;

fn hooked(cors: CrossOrigin) -> (CrossOrigin, Seen) {
    let seen = Seen::default();
    let hook = seen.clone();
    let cors = cors.on_refusal(move |event| {
        let compared = event.compared.as_ref().map(|compared| match compared {
            Compared::Host(host) => Compared::Host(host.to_vec().into()),
            Compared::Null => Compared::Null,
            _ => Compared::OwnOrigins,
        });
        hook.lock().unwrap().push((event.effect, event.refusal.clone().into_owned(), compared, event.to_string()));
    });
    (cors, seen)
}

/// What may be the application's own page is told what was compared.
#[test]
fn the_reason_says_what_was_compared() {
    let (cors, seen) = hooked(CrossOrigin::fairing());
    let server = Server::launch(rocket().attach(cors)).expect("launches");
    assert_eq!(written(&server, "127.0.0.1:8000", "http://nas.lan", ""), 403);
    assert_eq!(written(&server, "nas.lan", "null", ""), 403);
    assert_eq!(written(&server, "nas.lan", EVIL, "cross-site"), 403);
    let (cors, with_own) = hooked(CrossOrigin::fairing().own_origins([OWN]));
    let server = Server::launch(rocket().attach(cors)).expect("launches");
    assert_eq!(written(&server, "own.example.com", "http://own.example.com", "same-origin"), 403);
    assert_eq!(send(&server, "GET", "/plain", &[("Host", "rebound.example.net")]).status, 403);

    let seen = [std::mem::take(&mut *seen.lock().unwrap()), std::mem::take(&mut *with_own.lock().unwrap())].concat();
    let expected = [
        "turned away: the policy does not allow the origin `http://nas.lan`; `Host` is `127.0.0.1:8000`: if the page is the \
         application's own, set `own_origins`, or let the proxy pass `Host` on [POST /write, write, shared with \
         https://app.example.com with credentials]",
        "turned away: the policy does not allow the origin `null`; if the page is the application's own, its \
         `Referrer-Policy` is `no-referrer`: set `same-origin` instead [POST /write, write, shared with \
         https://app.example.com with credentials]",
        "turned away: the policy does not allow the origin `https://evil.example.net` [POST /write, write, shared with \
         https://app.example.com with credentials]",
        "turned away: the policy does not allow the origin `http://own.example.com`; it is not one of `own_origins` \
         [POST /write, write, shared with https://app.example.com with credentials]",
        "turned away: `Host` is `rebound.example.net`, which is not a name of this application: if it is one, add it to \
         `own_hosts` (`OwnOrigins::hosts`), or its origin to `own_origins` [GET /plain]",
    ];
    assert_eq!(seen.iter().map(|(.., text)| &**text).collect::<Vec<_>>(), expected);
    assert!(seen.iter().all(|(effect, ..)| *effect == Effect::TurnedAway));
    assert_eq!(seen[0].2, Some(Compared::Host(b"127.0.0.1:8000".as_slice().into())));
    assert_eq!(
        (seen[1].2.clone(), seen[2].2.clone(), seen[3].2.clone()),
        (Some(Compared::Null), None, Some(Compared::OwnOrigins))
    );
    assert_eq!(seen[4].1, Refusal::Host(b"rebound.example.net".as_slice().into()));
}

/// Attaches a fairing that rewrites the path of each request, so many levels later.
fn rewrites(depth: usize) -> AdHoc {
    AdHoc::on_ignite("Late", move |rocket| async move {
        let rewrite = AdHoc::on_request("Rewrites the path", |request, _| {
            Box::pin(async move { request.set_uri(rocket::uri!("/plain")) })
        });
        if depth == 0 { rocket.attach(rewrite) } else { rocket.attach(rewrites(depth - 1)) }
    })
}

/// What another fairing makes of a request is what is looked at; or the launch is refused.
#[test]
fn the_gate_stands_behind_other_request_fairings() {
    let mut launched = 0;
    for depth in 0..8 {
        let (cors, seen) = hooked(CrossOrigin::fairing().own_origins([OWN]));
        match Server::launch(rocket().attach(cors).attach(rewrites(depth))) {
            Ok(server) => {
                launched += 1;
                assert_eq!(send(&server, "GET", "/elsewhere", &[("Host", "rebound.example.net")]).status, 403);
                assert!(seen.lock().unwrap()[0].3.ends_with("[GET /plain]"), "{seen:?}");
            }
            Err(refused) => assert!(refused.contains("SoundPolicies"), "{refused}"),
        }
    }
    assert!((2..8).contains(&launched), "{launched}");
}

/// Own origins that come into the configuration once the fairings are attached would be ignored.
#[test]
fn own_origins_that_come_too_late_refuse_the_launch() {
    fn late(depth: usize) -> AdHoc {
        AdHoc::on_ignite("Late", move |rocket| async move {
            if depth > 0 {
                return rocket.attach(late(depth - 1));
            }
            let figment = rocket.figment().clone().merge(("cors.own_origins", [OWN]));
            rocket.configure(figment)
        })
    }
    for depth in 0..8 {
        let launched = Server::launch(rocket().attach(CrossOrigin::fairing()).attach(late(depth)));
        if let Ok(server) = launched {
            assert_eq!(send(&server, "GET", "/plain", &[("Host", "rebound.example.net")]).status, 403, "{depth}");
        }
    }
}
