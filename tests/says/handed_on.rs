//! What `diff` calls opened where requests go to another route than before: it is shown by a request that was refused, or not
//! shared, by the older application.

use cors_runtime::cross_origin;
use rocket::figment::Figment;
use rocket::http::Method;
use rocket::{Build, Rocket, get, head, post, put, routes};

use crate::diff::{A, Application, CROSS, EVIL, Granted, Proof, application, plain, report, runs, shown};

/// The proof that a page gets what such a request answers.
const fn shares(
    method: Method,
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
    origin: &'static str,
) -> Proof {
    Proof { method, path, headers, granted: Granted::Header("access-control-allow-origin", origin) }
}

const EVERYBODY: &str = "*";
const TO_A: &str = "https://a.example";

// A route is gone, and the next one shares more.
application!(secret, plain(), [x s] => #[cross_origin(origins = ["https://a.example"])] #[put("/w/<_..>", rank = 5)] fn x(); #[cross_origin(none)] #[put("/w/secret")] fn s(););
application!(no_secret, plain(), [x] => #[cross_origin(origins = ["https://a.example"])] #[put("/w/<_..>", rank = 5)] fn x(););
application!(narrow_secret, plain(), [x s] => #[cross_origin(origins = ["https://a.example"])] #[put("/w/<_..>", rank = 5)] fn x(); #[cross_origin(none)] #[put("/w/secret/more")] fn s(););
application!(late_secret, plain(), [x s] => #[cross_origin(origins = ["https://a.example"])] #[put("/w/<_..>", rank = 5)] fn x(); #[cross_origin(none)] #[put("/w/secret", rank = 6)] fn s(););
application!(file, plain(), [x s] => #[cross_origin(origins = any)] #[get("/files/<_..>")] fn x(); #[cross_origin(none, enforce)] #[get("/files/secret")] fn s(););
application!(no_file, plain(), [x] => #[cross_origin(origins = any)] #[get("/files/<_..>")] fn x(););
application!(unshared_file, plain(), [x s] => #[cross_origin(origins = any)] #[get("/files/<_..>")] fn x(); #[get("/files/secret")] fn s(););
application!(own_file, plain(), [x s] => #[cross_origin(origins = any)] #[get("/files/<_..>")] fn x(); #[cross_origin(origins = any)] #[get("/files/secret")] fn s(););
application!(listed, plain(), [x s], "cors.l" = ["https://a.example"] => #[cross_origin(origins = [config("l")])] #[get("/<_..>")] fn x(); #[cross_origin(none)] #[get("/x")] fn s(););
application!(not_listed, plain(), [x], "cors.l" = ["https://a.example"] => #[cross_origin(origins = [config("l")])] #[get("/<_..>")] fn x(););
application!(query, plain(), [x s] => #[cross_origin(origins = any)] #[get("/x", rank = 5)] fn x(); #[cross_origin(none)] #[get("/x?secret")] fn s(););
application!(no_query, plain(), [x] => #[cross_origin(origins = any)] #[get("/x", rank = 5)] fn x(););
application!(json, plain(), [x s] => #[cross_origin(origins = ["https://a.example"])] #[post("/x", rank = 5)] fn x(); #[cross_origin(none)] #[post("/x", rank = 1, format = "json")] fn s(););
application!(no_json, plain(), [x] => #[cross_origin(origins = ["https://a.example"])] #[post("/x", rank = 5)] fn x(););
application!(heads, plain(), [x s] => #[cross_origin(origins = any)] #[get("/x")] fn x(); #[cross_origin(none)] #[head("/x")] fn s(););
application!(no_heads, plain(), [x] => #[cross_origin(origins = any)] #[get("/x")] fn x(););
application!(sockets, plain(), [x s] => #[get("/<_..>", rank = 5)] fn x(); #[cross_origin(none)] #[get("/x")] fn s(););
application!(no_sockets, plain(), [x] => #[get("/<_..>", rank = 5)] fn x(););

// The next one passes requests on.
application!(numbers, plain(), [x n s] => #[cross_origin(origins = any)] #[get("/a/<_..>", rank = 9)] fn x(); #[cross_origin(none)] #[get("/a/<id>", rank = 3)] fn n(id: u64); #[cross_origin(none)] #[get("/a/secret")] fn s(););
application!(only_numbers, plain(), [x n] => #[cross_origin(origins = any)] #[get("/a/<_..>", rank = 9)] fn x(); #[cross_origin(none)] #[get("/a/<id>", rank = 3)] fn n(id: u64););
application!(names, plain(), [x n s] => #[cross_origin(origins = any)] #[get("/a/<_..>", rank = 9)] fn x(); #[cross_origin(none)] #[get("/a/<id>", rank = 3)] fn n(id: u64); #[cross_origin(none)] #[get("/a/<name>", rank = 4)] fn s(name: &str););

// Another route comes first.
application!(export, plain(), [x] => #[cross_origin(origins = ["https://a.example"], enforce)] #[get("/export/<_>")] fn x(););
application!(export_all, plain(), [x s] => #[cross_origin(origins = ["https://a.example"], enforce)] #[get("/export/<_>")] fn x(); #[get("/export/all")] fn s(););
application!(export_late, plain(), [x s] => #[cross_origin(origins = ["https://a.example"], enforce)] #[get("/export/<_>")] fn x(); #[get("/export/all", rank = 9)] fn s(););
application!(ranked, plain(), [x s] => #[cross_origin(origins = any)] #[get("/x", rank = 5)] fn x(); #[cross_origin(none)] #[get("/<_>", rank = 4)] fn s(););
application!(swapped, plain(), [x s] => #[cross_origin(origins = any)] #[get("/x", rank = 4)] fn x(); #[cross_origin(none)] #[get("/<_>", rank = 5)] fn s(););
application!(numbered, plain(), [x s] => #[cross_origin(origins = any)] #[get("/x", rank = 8)] fn x(); #[cross_origin(none)] #[get("/<_>", rank = 7)] fn s(););
application!(formats, plain(), [x s] => #[cross_origin(origins = ["https://a.example"], allow_headers = ["content-type"])] #[post("/x", rank = 5, format = "text/csv")] fn x(); #[cross_origin(none)] #[post("/x", rank = 4, format = "json")] fn s(););
application!(formats_swapped, plain(), [x s] => #[cross_origin(origins = ["https://a.example"], allow_headers = ["content-type"])] #[post("/x", rank = 3, format = "text/csv")] fn x(); #[cross_origin(none)] #[post("/x", rank = 4, format = "json")] fn s(););

/// Two applications, what is opened on the way from the first to the second, a request that only the second lets, and what is
/// opened on the way back.
struct Pair(Application, Application, &'static [&'static str], Option<Proof>, &'static [&'static str]);

const READS: &str = "GET /export/all: may get the cross-origin reads that GET /export/<_> turned away";
const CONNECTS: &str = "GET /export/all: may get the cross-origin handshakes that GET /export/<_> turned away";
const TAKEN: &str = "PUT /w/<_..>: may get the requests of PUT /w/secret: shared with https://a.example";
const JSON: &str = "POST /x: may get the requests of POST /x application/json: shared with https://a.example";

const PAIRS: [Pair; 19] = [
    Pair(secret, no_secret, &[TAKEN], Some(shares(Method::Put, "/w/secret", &[A, CROSS], TO_A)), &[]),
    Pair(secret, no_secret, &[TAKEN], Some(runs(Method::Put, "/w/secret", &[A, CROSS])), &[]),
    Pair(
        secret,
        narrow_secret,
        &[TAKEN],
        Some(shares(Method::Put, "/w/secret", &[A, CROSS], TO_A)),
        &["PUT /w/<_..>: may get the requests of PUT /w/secret/more: shared with https://a.example"],
    ),
    Pair(secret, late_secret, &[TAKEN], Some(shares(Method::Put, "/w/secret", &[A, CROSS], TO_A)), &[]),
    Pair(
        file,
        no_file,
        &[
            "GET /files/<_..>: may get the cross-origin reads that GET /files/secret turned away",
            "GET /files/<_..>: may get the requests of GET /files/secret: shared with any",
        ],
        Some(shares(Method::Get, "/files/secret", &[EVIL, CROSS], EVERYBODY)),
        &[],
    ),
    Pair(
        unshared_file,
        no_file,
        &["GET /files/<_..>: may get the requests of GET /files/secret: shared with any"],
        Some(shares(Method::Get, "/files/secret", &[EVIL], EVERYBODY)),
        // Its handshakes were turned away.
        &["GET /files/secret: may get the cross-origin handshakes that GET /files/<_..> turned away"],
    ),
    Pair(
        own_file,
        no_file,
        &[],
        None,
        &["GET /files/secret: runs the handler for cross-origin reads", "GET /files/secret: shared with any"],
    ),
    Pair(
        listed,
        not_listed,
        &["GET /<_..>: may get the requests of GET /x: shared with the list l"],
        Some(shares(Method::Get, "/x", &[A], TO_A)),
        &["GET /x: runs the handler for cross-origin reads"],
    ),
    Pair(
        query,
        no_query,
        &["GET /x: may get the requests of GET /x?secret: shared with any"],
        Some(shares(Method::Get, "/x?secret", &[EVIL], EVERYBODY)),
        &["GET /x?secret: runs the handler for cross-origin reads"],
    ),
    Pair(
        json,
        no_json,
        &[JSON],
        Some(shares(Method::Post, "/x", &[A, ("Content-Type", "application/json")], TO_A)),
        &[],
    ),
    Pair(
        heads,
        no_heads,
        &["GET /x: may get the requests of HEAD /x: shared with any"],
        Some(shares(Method::Head, "/x", &[EVIL], EVERYBODY)),
        &["HEAD /x: runs the handler for cross-origin reads"],
    ),
    Pair(
        sockets,
        no_sockets,
        &["GET /<_..>: may get the cross-origin handshakes that GET /x turned away"],
        Some(runs(Method::Get, "/x", &[EVIL, ("Upgrade", "websocket")])),
        &["GET /x: runs the handler for cross-origin reads"],
    ),
    Pair(
        numbers,
        only_numbers,
        &["GET /a/<_..>: may get the requests of GET /a/secret: shared with any"],
        Some(shares(Method::Get, "/a/secret", &[EVIL], EVERYBODY)),
        &["GET /a/secret: runs the handler for cross-origin reads"],
    ),
    Pair(
        names,
        only_numbers,
        &["GET /a/<_..>: may get the requests of GET /a/<name>: shared with any"],
        Some(shares(Method::Get, "/a/secret", &[EVIL], EVERYBODY)),
        &["GET /a/<name>: runs the handler for cross-origin reads"],
    ),
    Pair(
        export,
        export_all,
        &[CONNECTS, READS],
        Some(runs(Method::Get, "/export/all", &[EVIL, CROSS])),
        &["GET /export/<_>: may get the requests of GET /export/all: shared with https://a.example"],
    ),
    Pair(export, export_late, &[], None, &[]),
    Pair(
        ranked,
        swapped,
        &["GET /x: may get the requests of GET /<_>: shared with any"],
        Some(shares(Method::Get, "/x", &[EVIL], EVERYBODY)),
        &[],
    ),
    Pair(ranked, numbered, &[], None, &[]),
    Pair(
        formats,
        formats_swapped,
        &[
            "POST /x text/csv: may answer the preflights of POST /x application/json: allows the request header content-type",
            "POST /x text/csv: may answer the preflights of POST /x application/json: shared with https://a.example",
        ],
        Some(shares(Method::Options, "/x", &[A, ("Access-Control-Request-Method", "POST")], TO_A)),
        &[],
    ),
];

#[test]
fn what_another_route_gets_is_opened_and_a_request_shows_it() {
    let mut faults = Vec::new();
    for (number, Pair(before, after, opened, proof, back)) in PAIRS.iter().enumerate() {
        let (old, new) = (report(*before), report(*after));
        let (there, again) = (old.diff(&new), new.diff(&old));
        if shown(&there.opened) != *opened || shown(&again.opened) != *back {
            faults.push(format!("{number}:\n{there}back:\n{again}"));
        }
        if proof.is_some_and(|proof| !proof.holds(after()) || proof.holds(before())) {
            faults.push(format!("{number}: {proof:?}"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
