//! Other response fairings: the headers are set last, wherever the lines stand.

use std::collections::BTreeSet;
use std::thread;

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use cors_tests::{APP, Call, EVIL, Reply, Server};
use rocket::fairing::{AdHoc, Fairing, Info, Kind};
use rocket::http::{Header, Status};
use rocket::shield::Shield;
use rocket::{Build, Response, Rocket, catch, catchers, delete, get, put, routes};

#[cross_origin(origins = ["https://app.example.com"], credentials, expose_headers = ["x-total"])]
#[get("/read")]
fn read() -> &'static str {
    "read"
}

#[cross_origin(origins = ["https://app.example.com"], credentials, allow_headers = ["x-token"], max_age = 60)]
#[put("/write")]
fn write() {}

#[delete("/write")]
fn unshared() {}

/// What every compressor does.
fn compressor() -> AdHoc {
    AdHoc::on_response("Compressor", |_, response| {
        Box::pin(async move {
            response.set_header(Header::new("Vary", "Accept-Encoding"));
        })
    })
}

/// A limiter that replaces the response where the limit is exceeded.
fn limiter() -> AdHoc {
    AdHoc::on_response("Limiter", |request, response| {
        Box::pin(async move {
            if request.headers().contains("X-Limit") {
                *response = Response::build().status(Status::TooManyRequests).finalize();
            }
        })
    })
}

/// The fairing that answers on the web propose.
fn foreign() -> AdHoc {
    AdHoc::on_response("Foreign CORS", |_, response| {
        Box::pin(async move {
            response.set_header(Header::new("Access-Control-Allow-Origin", "*"));
            response.set_header(Header::new("Access-Control-Allow-Methods", "POST, GET, PATCH, OPTIONS"));
            response.set_header(Header::new("Access-Control-Allow-Headers", "*"));
            response.set_header(Header::new("access-control-allow-credentials", "true"));
        })
    })
}

const FAIRINGS: usize = 5;

fn attach(rocket: Rocket<Build>, fairing: usize) -> Rocket<Build> {
    match fairing {
        0 => rocket.attach(CrossOrigin::fairing().fallback("/pages", Pages)),
        1 => rocket.attach(compressor()),
        2 => rocket.attach(limiter()),
        3 => rocket.attach(foreign()),
        _ => rocket.attach(Shield::default()),
    }
}

/// Every order of that many.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let shorter = orders(count - 1);
    let insert = |order: &Vec<usize>, at| [&order[..at], &[count - 1], &order[at..]].concat();
    shorter.iter().flat_map(|order| (0..count).map(move |at| insert(order, at))).collect()
}

/// The CORS headers, and the names in `Vary`.
type Seen = (Vec<(String, String)>, BTreeSet<String>);

fn seen(reply: &Reply) -> Seen {
    let cors = reply.headers.iter().filter(|(name, _)| name.starts_with("access-control-"));
    let mut cors: Vec<_> =
        cors.map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned())).collect();
    cors.sort();
    (cors, reply.list("vary").iter().map(|name| name.to_ascii_lowercase()).collect())
}

const PREFLIGHT_VARY: &[&str] = &["origin", "access-control-request-method", "access-control-request-headers"];

/// A header of a response.
type Line = (&'static str, &'static str);
/// A name, a request, and what it gets in every order: its status, its CORS headers, and names in `Vary`.
type Case = (&'static str, Call, u16, Vec<Line>, &'static [&'static str]);

fn cases() -> Vec<Case> {
    let call = |method, path, origin| Call::new(method, path).header("Origin", origin);
    let preflight =
        |method, path, origin| call("OPTIONS", path, origin).header("Access-Control-Request-Method", method);
    let (origin, credentials) = ("access-control-allow-origin", ("access-control-allow-credentials", "true"));
    vec![
        (
            "actual",
            call("GET", "/read", APP),
            200,
            vec![credentials, (origin, APP), ("access-control-expose-headers", "x-total")],
            &["origin"],
        ),
        ("refused", call("GET", "/read", EVIL), 200, vec![], &["origin"]),
        ("turned away", call("PUT", "/write", EVIL), 403, vec![], &["origin", "sec-fetch-site"]),
        (
            "preflight",
            preflight("PUT", "/write", APP).header("Access-Control-Request-Headers", "x-token"),
            204,
            vec![
                credentials,
                ("access-control-allow-headers", "x-token"),
                ("access-control-allow-methods", "PUT"),
                (origin, APP),
                ("access-control-max-age", "60"),
            ],
            PREFLIGHT_VARY,
        ),
        ("preflight refused", preflight("PUT", "/write", EVIL), 403, vec![], PREFLIGHT_VARY),
        ("preflight for nothing", preflight("PATCH", "/write", APP), 404, vec![], &["origin"]),
        ("nowhere", call("GET", "/nowhere", APP), 404, vec![], &["origin"]),
        ("below a fallback", call("GET", "/pages/nowhere", APP), 404, vec![(origin, APP)], &["origin"]),
    ]
}

#[cross_origin(origins = ["https://app.example.com"])]
struct Pages;

fn rocket() -> Rocket<Build> {
    rocket::build().mount("/", routes![read, write, unshared])
}

fn assert_headers(server: &Server, order: &str) {
    for (name, call, status, cors, vary) in cases() {
        let cors: Vec<_> = cors.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        for (limited, call) in [(false, call.clone()), (true, call.header("X-Limit", "1"))] {
            let reply = call.send(server);
            let (found_cors, found_vary) = seen(&reply);
            assert_eq!(reply.status, if limited { 429 } else { status }, "{order}: {name}");
            assert_eq!(found_cors, cors, "{order}: {name}, limited: {limited}: {}", reply.head());
            let union = vary.iter().all(|name| found_vary.contains(*name));
            assert!(union, "{order}: {name}, limited: {limited}: {}", reply.head());
            // A later limiter removes the headers of the compressor, whatever this library does.
            assert!(limited || found_vary.contains("accept-encoding"), "{order}: {name}: {}", reply.head());
        }
    }
}

#[test]
fn every_order_of_five_fairings_gives_the_same_headers() {
    let orders = orders(FAIRINGS);
    assert_eq!(orders.len(), 120);
    // A server takes a while to shut down.
    thread::scope(|scope| {
        for orders in orders.chunks(15) {
            scope.spawn(move || {
                for order in orders {
                    let fairings = order.iter().fold(rocket(), |rocket, fairing| attach(rocket, *fairing));
                    assert_headers(&Server::launch(fairings).expect("launches"), &format!("{order:?}"));
                }
            });
        }
    });
}

/// A fairing that attaches a fairing that … attaches the others.
fn nested(depth: usize) -> AdHoc {
    AdHoc::on_ignite("Nested stage", move |rocket| async move {
        match depth {
            0 => rocket.attach(limiter()).attach(foreign()).attach(compressor()),
            _ => rocket.attach(nested(depth - 1)),
        }
    })
}

#[test]
fn fairings_that_others_attach_do_not_undo_the_headers() {
    let cors = || CrossOrigin::fairing().fallback("/pages", Pages);
    for depth in 0..3 {
        let server = Server::launch(rocket().attach(cors()).attach(nested(depth))).expect("launches");
        assert_headers(&server, &format!("depth {depth}, first"));
    }
    for depth in [0, 1, 2, 7, 20] {
        let server = Server::launch(rocket().attach(nested(depth)).attach(cors())).expect("launches");
        assert_headers(&server, &format!("depth {depth}, last"));
    }
    // The library gives up after a number of levels.
    let refused = Server::launch(rocket().attach(cors()).attach(nested(7))).expect_err("refused");
    assert!(refused.contains("SoundPolicies"), "{refused}");
}

/// Names are free text, and the order is read from where they stand.
#[test]
fn no_name_of_a_fairing_hides_those_behind() {
    let named = |name| AdHoc::on_response(name, |_, _| Box::pin(async {}));
    for name in [
        "Limiter [429]",
        "a \"]\" b",
        "\\",
        "Info { name: \"CORS headers\"",
        "response: []",
        "fairings: Fairings { launch: [], response: [] }",
        "CORS headers",
    ] {
        let server = Server::launch(rocket().attach(named(name)).attach(CrossOrigin::fairing()).attach(nested(7)));
        let refused = server.expect_err(name);
        assert!(refused.contains("SoundPolicies"), "{name}: {refused}");
        let cors = CrossOrigin::fairing().fallback("/pages", Pages);
        let server = Server::launch(rocket().attach(named(name)).attach(nested(20)).attach(cors)).expect(name);
        assert_headers(&server, name);
    }
}

/// Attaches itself at each level, as this library does.
struct Again(usize);

#[rocket::async_trait]
impl Fairing for Again {
    fn info(&self) -> Info {
        Info { name: "Again", kind: Kind::Ignite }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> rocket::fairing::Result {
        Ok(if self.0 == 0 { rocket } else { rocket.attach(Again(self.0 - 1)) })
    }
}

#[test]
fn fairings_that_wait_for_each_other_end() {
    let cors = CrossOrigin::fairing;
    let rocket = rocket().attach(Again(500)).attach(cors()).attach(Again(500)).attach(cors());
    assert!(Server::launch(rocket).is_ok());
}

#[catch(404)]
fn not_found_is_forbidden() -> (Status, &'static str) {
    (Status::Forbidden, "forbidden")
}

#[catch(404)]
fn own_headers() -> (Status, Own) {
    (Status::NoContent, Own("", Header::new("Access-Control-Allow-Origin", "*")))
}

#[derive(rocket::Responder)]
struct Own(&'static str, Header<'static>);

/// The status of a response does not tell who answered.
#[test]
fn a_catcher_is_not_taken_for_the_answer_to_a_preflight() {
    let preflight = |method| {
        let call = Call::new("OPTIONS", "/write").header("Origin", APP);
        call.header("Access-Control-Request-Method", method)
    };
    let rocket = |catchers| rocket().register("/", catchers).attach(CrossOrigin::fairing());
    let server = Server::launch(rocket(catchers![not_found_is_forbidden])).expect("launches");
    for method in ["PATCH", "DELETE"] {
        let reply = preflight(method).send(&server);
        assert_eq!((reply.status, seen(&reply).0), (403, vec![]), "{method}");
        assert_eq!(reply.list("vary"), ["Origin"], "{method}");
    }
    let server = Server::launch(rocket(catchers![own_headers])).expect("launches");
    let reply = preflight("PATCH").send(&server);
    assert_eq!((reply.status, seen(&reply).0, reply.list("vary")), (204, vec![], vec!["Origin".to_owned()]));
}

const OTHERS: [&str; 5] = ["accept-ranges", "age", "a", "access-control", "x-access-control-allow-origin"];

#[test]
fn other_headers_stay() {
    let others = AdHoc::on_response("Other headers", |_, response| {
        Box::pin(async move {
            for name in OTHERS {
                response.set_header(Header::new(name, "1"));
            }
        })
    });
    let server = Server::launch(rocket().attach(CrossOrigin::fairing()).attach(others)).expect("launches");
    let reply = Call::new("GET", "/read").header("Origin", APP).send(&server);
    assert_eq!(reply.one("access-control-allow-origin"), Some(APP));
    assert_eq!(OTHERS.map(|name| reply.one(name)), [Some("1"); 5], "{}", reply.head());
}

/// A header that another fairing sets goes, however its name is written.
#[test]
fn a_lower_case_header_is_removed_too() {
    let foreign = AdHoc::on_response("Lower case", |_, response| {
        Box::pin(async move {
            response.set_header(Header::new("access-control-allow-origin", "*"));
        })
    });
    let server = Server::launch(rocket().attach(CrossOrigin::fairing()).attach(foreign)).expect("launches");
    for (origin, allowed) in [(EVIL, vec![]), (APP, vec![APP.as_bytes()])] {
        let reply = Call::new("GET", "/read").header("Origin", origin).send(&server);
        assert_eq!(reply.all("access-control-allow-origin"), allowed, "{origin}: {}", reply.head());
    }
}
