//! What `diff` calls opened and closed, for pairs of applications: each opened thing is shown by a request that was refused
//! by the older application and is not by the newer one.

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Change, Origin, Report, cross_origin};
use rocket::figment::Figment;
use rocket::http::{Header, Method};
use rocket::local::blocking::Client;
use rocket::{Build, Request, Rocket, get, post, routes};

/// An application with these handlers, each of which answers `ran`.
macro_rules! application {
    ($name:ident, $cors:expr, [$($handler:ident)*] $(, $key:literal = $value:expr)* =>
        $($(#[$attribute:meta])* fn $f:ident($($arg:ident: $type:ty)?);)*
    ) => {
        fn $name() -> Rocket<Build> {
            $($(#[$attribute])* fn $f($($arg: $type)?) -> &'static str {
                $(let _: $type = $arg;)?
                "ran"
            })*
            let figment = Figment::from(rocket::Config::figment().merge(("log_level", "off")))$(.merge(($key, $value)))*;
            rocket::custom(figment).attach($cors).mount("/", routes![$($handler),*])
        }
    };
}

pub(crate) use application;

async fn everybody(_: &Origin<'_>, _: &Request<'_>) -> bool {
    rocket::tokio::task::yield_now().await;
    true
}

#[cross_origin(origins = ["https://evil.example"])]
struct Errors;

pub(crate) fn plain() -> CrossOrigin {
    CrossOrigin::fairing()
}

application!(base, plain(), [x] => #[cross_origin(origins = ["https://a.example"])] #[post("/x")] fn x(););
application!(no_policy, plain(), [x] => #[post("/x")] fn x(););
application!(protected, plain().protect_all(), [x] => #[post("/x")] fn x(););
application!(open, plain(), [x] => #[cross_origin(origins = ["https://a.example"], enforce = false)] #[post("/x")] fn x(););
application!(nobody, plain(), [x] => #[cross_origin(none)] #[post("/x")] fn x(););
application!(callback, plain(), [x] => #[cross_origin(none, enforce = false)] #[post("/x")] fn x(););
application!(two, plain(), [x] => #[cross_origin(origins = ["https://a.example", "https://evil.example"])] #[post("/x")] fn x(););
application!(pattern, plain(), [x] => #[cross_origin(origins = ["https://a.example", "https://*.evil.example"])] #[post("/x")] fn x(););
application!(wild, plain(), [x] => #[cross_origin(origins = ["https://*.example"])] #[post("/x")] fn x(););
application!(any, plain(), [x] => #[cross_origin(origins = any)] #[post("/x")] fn x(););
application!(credentials, plain(), [x] => #[cross_origin(origins = ["https://a.example"], credentials)] #[post("/x")] fn x(););
application!(headers, plain(), [x] => #[cross_origin(origins = ["https://a.example"], allow_headers = ["x-token"])] #[post("/x")] fn x(););
application!(exposed, plain(), [x] => #[cross_origin(origins = ["https://a.example"], expose_headers = ["x-total"])] #[post("/x")] fn x(););
application!(cached, plain(), [x] => #[cross_origin(origins = ["https://a.example"], max_age = 600)] #[post("/x")] fn x(););
application!(checked, plain(), [x] => #[cross_origin(origins = ["https://a.example", check(everybody)])] #[post("/x")] fn x(););
application!(insecure, plain(), [x] => #[cross_origin(origins = ["https://a.example", "http://evil.example"], credentials, allow(insecure_origin_with_credentials))] #[post("/x")] fn x(););
application!(debug, plain(), [x] => #[cross_origin(origins = ["https://a.example"], debug_origins = ["https://evil.example"])] #[post("/x")] fn x(););
application!(list, plain(), [x], "cors.l" = ["https://a.example"] => #[cross_origin(origins = ["https://a.example", config("l")])] #[post("/x")] fn x(););
application!(list_grew, plain(), [x], "cors.l" = ["https://a.example", "https://evil.example"] => #[cross_origin(origins = ["https://a.example", config("l")])] #[post("/x")] fn x(););
application!(fallback, plain().fallback("/", Errors), [x] => #[cross_origin(origins = ["https://a.example"])] #[post("/x")] fn x(););
application!(report_only, plain().report_only(), [x] => #[cross_origin(origins = ["https://a.example"])] #[post("/x")] fn x(););
application!(configured, plain(), [x], "cors.report_only" = true => #[cross_origin(origins = ["https://a.example"])] #[post("/x")] fn x(););
application!(own, plain().own_origins(["https://own.example"]), [x] => #[cross_origin(origins = ["https://a.example"])] #[post("/x")] fn x(););
application!(own_two, plain(), [x], "cors.own_origins" = ["https://own.example", "https://evil.example"] => #[cross_origin(origins = ["https://a.example"])] #[post("/x")] fn x(););
application!(own_host, plain().own_origins(["https://own.example"]).own_hosts(["evil.internal"]), [x] => #[cross_origin(origins = ["https://a.example"])] #[post("/x")] fn x(););
application!(more, plain(), [x y] => #[cross_origin(origins = ["https://a.example"])] #[post("/x")] fn x(); #[post("/y")] fn y(););
application!(more_protected, plain().protect_all(), [x y] => #[cross_origin(origins = ["https://a.example"])] #[post("/x")] fn x(); #[post("/y")] fn y(););
application!(base_protected, plain().protect_all(), [x] => #[cross_origin(origins = ["https://a.example"])] #[post("/x")] fn x(););
application!(more_reads, plain(), [x y] => #[cross_origin(origins = ["https://a.example"])] #[post("/x")] fn x(); #[get("/y")] fn y(););
application!(ranked, plain(), [x] => #[cross_origin(origins = ["https://a.example"])] #[post("/x", rank = 7)] fn x(););
application!(nothing, plain(), [] =>);
application!(behind, plain(), [any] => #[post("/<_..>", rank = 9)] fn any(););
application!(read, plain(), [x] => #[cross_origin(origins = ["https://a.example"])] #[get("/x")] fn x(););
application!(read_enforced, plain(), [x] => #[cross_origin(origins = ["https://a.example"], enforce)] #[get("/x")] fn x(););
application!(read_no_policy, plain(), [x] => #[get("/x")] fn x(););
application!(read_protected, plain().protect_all(), [x] => #[get("/x")] fn x(););
application!(read_nobody, plain(), [x] => #[cross_origin(none)] #[get("/x")] fn x(););

fn in_module() -> Rocket<Build> {
    #[cross_origin(origins = ["https://a.example"])]
    mod module {
        #[rocket::post("/x")]
        pub(crate) fn x() -> &'static str {
            "ran"
        }
    }
    rocket::custom(rocket::Config::figment().merge(("log_level", "off"))).attach(plain()).mount("/", routes![module::x])
}

/// A request, and what tells that the application lets it: the handler runs, or the answer has a header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proof {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) headers: &'static [(&'static str, &'static str)],
    pub(crate) granted: Granted,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Granted {
    Runs,
    Header(&'static str, &'static str),
}

pub(crate) const fn runs(
    method: Method,
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
) -> Proof {
    Proof { method, path, headers, granted: Granted::Runs }
}

const fn says(
    method: Method,
    headers: &'static [(&'static str, &'static str)],
    name: &'static str,
    value: &'static str,
) -> Proof {
    Proof { method, path: "/x", headers, granted: Granted::Header(name, value) }
}

pub(crate) const EVIL: (&str, &str) = ("Origin", "https://evil.example");
pub(crate) const CROSS: (&str, &str) = ("Sec-Fetch-Site", "cross-site");
const POSTS: Proof = runs(Method::Post, "/x", &[EVIL, CROSS]);
const LINKS: Proof = runs(Method::Get, "/x", &[CROSS]);
const CONNECTS: Proof = runs(Method::Get, "/x", &[EVIL, ("Upgrade", "websocket")]);
const READS: Proof = says(Method::Post, &[EVIL], "access-control-allow-origin", "https://evil.example");
pub(crate) const A: (&str, &str) = ("Origin", "https://a.example");
const A_READS: Proof = says(Method::Post, &[A], "access-control-allow-origin", "https://a.example");
const ASKS: [(&str, &str); 3] =
    [A, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "x-token")];

impl Proof {
    pub(crate) fn holds(&self, rocket: Rocket<Build>) -> bool {
        let client = Client::untracked(rocket).expect("launches");
        let mut request = client.req(self.method, self.path);
        self.headers.iter().for_each(|(name, value)| request.add_header(Header::new(*name, *value)));
        let response = request.dispatch();
        match self.granted {
            Granted::Runs => response.into_string().is_some_and(|text| text == "ran"),
            Granted::Header(name, value) => response.headers().get_one(name) == Some(value),
        }
    }
}

pub(crate) type Application = fn() -> Rocket<Build>;

/// Two applications, what is opened and closed on the way from the first to the second, and requests that show it: one that
/// only the second lets, and one that only the first lets.
struct Pair(Application, Application, &'static [&'static str], &'static [&'static str], Option<Proof>, Option<Proof>);

const SHARED_A: &str = "POST /x: shared with https://a.example";
const SHARED_EVIL: &str = "POST /x: shared with https://evil.example";
const WRITES: &str = "POST /x: runs the handler for cross-origin writes";
const HANDSHAKES: &str = "GET /x: runs the handler for cross-origin handshakes, as of WebSockets";
const GET_READS: &str = "GET /x: runs the handler for cross-origin reads";
const UNPROTECTED: &str = "protect_all: routes without a policy are not protected";
const HOSTS: &str = "own origins: every `Host` is accepted, and tells whose page it is";
const REBOUND: Proof = runs(Method::Post, "/x", &[("Host", "rebound.example.net")]);

const PAIRS: [Pair; 43] = [
    Pair(base, base, &[], &[], None, None),
    // A policy is deleted, or turned into something else.
    Pair(base, no_policy, &[WRITES], &[SHARED_A], Some(POSTS), Some(A_READS)),
    Pair(in_module, no_policy, &[WRITES], &[SHARED_A], Some(POSTS), Some(A_READS)),
    Pair(in_module, base, &[], &[], None, None),
    Pair(nobody, no_policy, &[WRITES], &[], Some(POSTS), None),
    Pair(nobody, callback, &[WRITES], &[], Some(POSTS), None),
    Pair(callback, no_policy, &[], &[], None, None),
    Pair(base, nobody, &[], &[SHARED_A], None, Some(A_READS)),
    Pair(base, open, &[WRITES], &[], Some(POSTS), None),
    Pair(base, protected, &[], &[SHARED_A, UNPROTECTED], None, Some(A_READS)),
    Pair(
        read,
        read_no_policy,
        &[HANDSHAKES],
        &["GET /x: shared with https://a.example"],
        Some(CONNECTS),
        Some(says(Method::Get, &[A], "access-control-allow-origin", "https://a.example")),
    ),
    Pair(read_nobody, read_no_policy, &[HANDSHAKES], &[], Some(CONNECTS), None),
    Pair(read_nobody, read_protected, &[], &[UNPROTECTED], None, None),
    Pair(read_enforced, read, &[GET_READS], &[], Some(LINKS), None),
    // A policy grows.
    Pair(base, two, &[SHARED_EVIL], &[], Some(READS), None),
    Pair(
        base,
        pattern,
        &["POST /x: shared with https://*.evil.example"],
        &[],
        Some(says(
            Method::Post,
            &[("Origin", "https://a.evil.example")],
            "access-control-allow-origin",
            "https://a.evil.example",
        )),
        None,
    ),
    Pair(
        base,
        any,
        &["POST /x: shared with any"],
        &[],
        Some(says(Method::Post, &[EVIL], "access-control-allow-origin", "*")),
        None,
    ),
    Pair(
        wild,
        base,
        &[],
        &["POST /x: shared with https://*.example"],
        None,
        Some(says(Method::Post, &[EVIL], "access-control-allow-origin", "https://evil.example")),
    ),
    Pair(
        base,
        credentials,
        &["POST /x: credentials"],
        &[],
        Some(says(Method::Post, &[A], "access-control-allow-credentials", "true")),
        None,
    ),
    Pair(
        base,
        headers,
        &["POST /x: allows the request header x-token"],
        &[],
        Some(says(Method::Options, &ASKS, "access-control-allow-headers", "x-token")),
        None,
    ),
    Pair(
        base,
        exposed,
        &["POST /x: exposes the response header x-total"],
        &[],
        Some(says(Method::Post, &[A], "access-control-expose-headers", "x-total")),
        None,
    ),
    Pair(
        base,
        cached,
        &["POST /x: preflights are cached for 600 s, previously for 5 s"],
        &[],
        Some(says(Method::Options, &ASKS, "access-control-max-age", "600")),
        None,
    ),
    Pair(base, checked, &["POST /x: shared with origins that pass the check everybody"], &[], Some(READS), None),
    Pair(
        base,
        insecure,
        &[
            "POST /x: allows the lint insecure_origin_with_credentials",
            "POST /x: credentials",
            "POST /x: shared with http://evil.example",
        ],
        &[],
        Some(says(Method::Post, &[("Origin", "http://evil.example")], "access-control-allow-credentials", "true")),
        None,
    ),
    Pair(base, debug, &["POST /x: shared with https://evil.example (debug builds only)"], &[], Some(READS), None),
    // A release build shows it.
    Pair(debug, two, &[SHARED_EVIL], &[], None, None),
    Pair(base, ranked, &[], &[], None, None),
    // Lists.
    Pair(base, list, &["POST /x: shared with the list l", "cors.l: names https://a.example"], &[], None, None),
    Pair(list, list_grew, &["cors.l: names https://evil.example"], &[], Some(READS), None),
    // Routes come and go.
    Pair(
        base,
        more,
        &["POST /y: runs the handler for cross-origin writes"],
        &[],
        Some(runs(Method::Post, "/y", &[EVIL, CROSS])),
        None,
    ),
    Pair(base_protected, more_protected, &[], &[], None, None),
    Pair(base, more_reads, &[], &[], None, None),
    Pair(base, nothing, &[], &[SHARED_A], None, Some(A_READS)),
    Pair(nothing, base, &[SHARED_A], &[], Some(A_READS), None),
    Pair(nothing, no_policy, &[WRITES], &[], Some(POSTS), None),
    Pair(
        base,
        behind,
        &[
            "POST /<_..>: may get the cross-origin writes that POST /x turned away",
            "POST /<_..>: runs the handler for cross-origin writes",
        ],
        &[SHARED_A],
        Some(POSTS),
        Some(A_READS),
    ),
    // The application as a whole.
    Pair(
        base,
        fallback,
        &["errors below /: shared with https://evil.example"],
        &[],
        Some(Proof { path: "/nowhere", ..READS }),
        None,
    ),
    Pair(protected, no_policy, &[WRITES, UNPROTECTED], &[], Some(POSTS), None),
    Pair(base, report_only, &["report_only: nothing is turned away"], &[], Some(POSTS), None),
    Pair(base, configured, &["report_only: nothing is turned away"], &[], Some(POSTS), None),
    Pair(
        own,
        own_two,
        &[
            "own hosts: requests for evil.example are accepted",
            "own origins: pages of https://evil.example are the application's own",
        ],
        &[],
        Some(POSTS),
        None,
    ),
    Pair(
        own,
        own_host,
        &["own hosts: requests for evil.internal are accepted"],
        &[],
        Some(runs(Method::Post, "/x", &[("Host", "evil.internal")])),
        None,
    ),
    Pair(
        base,
        own,
        &["own origins: pages of https://own.example are the application's own"],
        &[HOSTS],
        Some(runs(Method::Post, "/x", &[("Origin", "https://own.example"), CROSS])),
        Some(REBOUND),
    ),
];

pub(crate) fn report(application: Application) -> Report {
    let client = Client::untracked(application()).expect("launches");
    CrossOrigin::report(client.rocket())
}

/// The changes without ranks.
pub(crate) fn shown(changes: &[Change]) -> Vec<String> {
    let shown = changes.iter().map(|Change { route, what, .. }| format!("{route}: {what}"));
    let mut shown: Vec<_> = shown.map(|text| without_ranks(&text)).collect();
    shown.sort();
    shown
}

fn without_ranks(text: &str) -> String {
    let mut parts = text.split(" [");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once(']').map_or(part, |(_, rest)| rest))
}

#[test]
fn each_change_is_opened_or_closed_and_a_request_shows_it() {
    let mut faults = Vec::new();
    for (number, Pair(before, after, opened, closed, gained, lost)) in PAIRS.iter().enumerate() {
        let (old, new) = (report(*before), report(*after));
        let diff = old.diff(&new);
        if shown(&diff.opened) != *opened || shown(&diff.closed) != *closed {
            faults.push(format!("{number}: {diff}"));
        }
        // On the way back, what was opened is closed. A route that comes to stand in front of another takes from it what it
        // turns away, which closes nothing else.
        let back = |changes: &[&str]| -> Vec<String> {
            let there = changes.iter().filter(|change| !change.contains("may get the cross-origin writes"));
            there.map(|change| change.replace("600 s, previously for 5 s", "5 s, previously for 600 s")).collect()
        };
        let diff = new.diff(&old);
        if shown(&diff.opened) != back(closed) || shown(&diff.closed) != back(opened) {
            faults.push(format!("{number}, back: {diff}"));
        }
        for (proof, granting, refusing) in [(gained, after, before), (lost, before, after)] {
            let Some(proof) = proof else { continue };
            if !proof.holds(granting()) || proof.holds(refusing()) {
                faults.push(format!("{number}: {proof:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn what_is_in_lists_can_be_left_out() {
    let (list, grew) = (report(list), report(list_grew));
    assert!(list.clone().without_lists().diff(&grew).is_empty() && list.diff(&grew.clone().without_lists()).is_empty());
    assert!(!list.diff(&grew).is_empty());
}
