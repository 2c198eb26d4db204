//! What the test suites of other protections against cross-site writes ask: every row of `cases/cross_site_writes.tsv`, over
//! real HTTP, on Rocket and on axum.

mod on_axum;

use std::collections::{BTreeMap, HashMap};

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use cors_tests::tsv::{self, Row, expand_macros, split_unescape};
use cors_tests::{Reply, Server, exchange};

/// How many rows there are: requests without own origins, the same with them, and entries of lists. Exact, so that no row
/// drops out unseen.
const ROWS: [(&str, [usize; 3]); 2] = [("go", [45, 45, 12]), ("tower-http", [53, 53, 24])];

/// The rows in which the peer denies and this library lets pass, all of them: two paths that are one route here, two ways to
/// write one `Host`, and (from `t21` on) what no browser sends.
const LAXER: [&str; 13] =
    ["g22", "g22o", "g28", "g28o", "g30", "g30o", "t16", "t16o", "t21", "t39", "t39o", "t40", "t40o"];

/// The rows in which axum answers otherwise than Rocket, all of them, with the verdict and why.
const ON_AXUM: [(&str, &str, &str); 6] = [
    ("t21", "deny", "a layer sees the host of the target, which has to agree with `Host`"),
    ("t22", "pass", "without `Host`, a layer compares with the host of the target"),
    ("t39", "deny", "a layer sees a header that is not UTF-8"),
    ("t39o", "deny", "a layer sees a header that is not UTF-8"),
    ("t40", "deny", "a layer sees a header that is not UTF-8"),
    ("t40o", "deny", "a layer sees a header that is not UTF-8"),
];

macro_rules! handlers {
    ($($(#[cross_origin($($argument:tt)*)])? mod $module:ident $path:literal [$($method:ident)*])*) => {
        $(
            $(#[cross_origin($($argument)*)])?
            mod $module {
                $(
                    #[rocket::$method($path)]
                    pub(super) fn $method() -> &'static str {
                        "ran"
                    }
                )*

                pub(super) fn routes() -> Vec<rocket::Route> {
                    rocket::routes![$($method),*]
                }
            }
        )*

        fn routes() -> Vec<rocket::Route> {
            [$($module::routes()),*].concat()
        }
    };
}

handlers! {
    mod plain "/plain" [get post put delete patch options]
    mod below_plain "/plain/<_..>" [post]

    #[cross_origin(origins = ["https://trusted.example"])]
    mod trusted "/trusted" [get post put delete patch]
    #[cross_origin(origins = ["https://concurrent.example"])]
    mod trusted_later "/trusted/later" [post]
    #[cross_origin(origins = ["https://example.com"])]
    mod trusted_example "/trusted/example" [get post]
    #[cross_origin(origins = ["https://example.com:8443"])]
    mod trusted_port "/trusted/port" [post]

    #[cross_origin(none, enforce = false)]
    mod callback "/callback" [get post put delete patch]
    #[cross_origin(none, enforce = false)]
    mod segment "/segment/<_>" [post]
    mod segments "/segment/<_>/foo" [post]
    #[cross_origin(none, enforce = false)]
    mod open_post "/open-post" [post]
    #[cross_origin(none, enforce = false)]
    mod open_put "/open-put" [put]
    mod not_open_put "/open-put" [post]
    #[cross_origin(none, enforce = false)]
    mod open_get "/open-get" [get]
    mod not_open_get "/open-get" [post]
}

/// What the routes are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Adapter {
    Rocket,
    Axum,
}

use Adapter::{Axum, Rocket};

impl Adapter {
    /// Launches the application with these own origins.
    fn launch<'o>(self, own: impl IntoIterator<Item = &'o str>) -> Result<Server, String> {
        if self == Axum {
            return on_axum::launch(own);
        }
        let fairing = CrossOrigin::fairing().protect_all().own_origins(own);
        match Server::launch(rocket::build().attach(fairing).mount("/", routes())) {
            Err(other) if !other.contains("SoundPolicies") => panic!("{other}"),
            launched => launched,
        }
    }

    /// The verdict that a row has.
    fn expected(self, row: &Row) -> &str {
        let differs = ON_AXUM.iter().find(|(id, ..)| self == Axum && *id == row.raw("id"));
        differs.map_or(row.raw("ours"), |(_, verdict, _)| verdict)
    }
}

fn rows() -> Vec<Row> {
    tsv::read(concat!(env!("CARGO_MANIFEST_DIR"), "/cases/cross_site_writes.tsv"))
}

/// Whether the row is about an entry of a list, and no request.
fn is_entry(row: &Row) -> bool {
    row.raw("method") == "LAUNCH"
}

/// The request as it goes over the wire. A client would repair some.
fn request(row: &Row) -> Vec<u8> {
    let mut request =
        format!("{} {} HTTP/1.1\r\nConnection: close\r\n", row.raw("method"), row.raw("path")).into_bytes();
    let mut line = |name: &[u8], value: &[u8]| request.extend([name, b": ", value, b"\r\n"].concat());
    if !row.raw("host").is_empty() {
        line(b"Host", &row.bytes("host"));
    }
    let headers = expand_macros(row.raw("headers"));
    for header in split_unescape(&headers, ";").iter().filter(|header| !header.is_empty()) {
        let equals = header.iter().position(|&byte| byte == b'=').expect("name=value");
        line(&header[..equals], &header[equals + 1..]);
    }
    request.extend(b"\r\n");
    request
}

/// What the answer says: `deny` where no handler ran, `pass` where one did, and anything else as it is.
fn verdict(row: &Row, reply: &Reply) -> String {
    let ran = match row.raw("method") {
        "HEAD" => reply.one("content-length") == Some("3"),
        _ => reply.text() == "ran",
    };
    match (reply.status, ran) {
        (200, true) => "pass".to_owned(),
        (403, false) => "deny".to_owned(),
        _ => reply.head(),
    }
}

#[test]
fn every_request_gets_its_verdict() {
    let rows = rows();
    for adapter in [Rocket, Axum] {
        let mut servers: HashMap<&str, Server> = HashMap::new();
        let mut wrong = Vec::new();
        for row in rows.iter().filter(|row| !is_entry(row)) {
            let own = row.raw("own");
            let server = servers.entry(own).or_insert_with(|| {
                let own = own.split(',').filter(|own| !own.is_empty());
                adapter.launch(own).expect("launches")
            });
            let answer = exchange(server, &request(row));
            let (ours, expected) =
                (answer.map_or_else(|error| error.to_string(), |reply| verdict(row, &reply)), adapter.expected(row));
            if ours != expected {
                wrong.push(format!("{} {}: {expected} expected, {ours}", row.raw("id"), row.raw("case")));
            }
        }
        assert!(wrong.is_empty(), "{adapter:?}, {} rows:\n{}", wrong.len(), wrong.join("\n"));
    }
}

/// A peer's trusted origins and the own origins here are checked when the application starts.
#[test]
fn every_entry_is_accepted_or_refused() {
    let mut wrong = Vec::new();
    for row in rows().iter().filter(|row| is_entry(row)) {
        let entry = row.text("own").expect("text");
        for adapter in [Rocket, Axum] {
            let ours = if adapter.launch([entry.as_str()]).is_ok() { "pass" } else { "deny" };
            if ours != adapter.expected(row) {
                wrong.push(format!("{adapter:?} {} {entry:?}: {} expected", row.raw("id"), row.raw("ours")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_row_of_the_peers_is_there_and_every_difference_has_its_reason() {
    let rows = rows();
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let mut laxer = Vec::new();
    let mut cases: BTreeMap<&str, [&str; 6]> = BTreeMap::new();
    for row in &rows {
        let [id, own, theirs, ours] = ["id", "own", "theirs", "ours"].map(|column| row.raw(column));
        let kind = if is_entry(row) { 2 } else { usize::from(!own.is_empty()) };
        counts.entry(row.raw("peer")).or_default()[kind] += 1;
        assert!([theirs, ours].iter().all(|verdict| ["pass", "deny"].contains(verdict)), "{id}");
        assert_eq!(theirs == ours, row.raw("why").is_empty(), "{id}: a difference has a reason, and only it has");
        if (theirs, ours) == ("deny", "pass") {
            laxer.push(id);
        }
        // A request with own origins is that of the row before it.
        let case = ["case", "method", "path", "host", "headers", "theirs"].map(|column| row.raw(column));
        assert_eq!(kind == 1, id.ends_with('o'), "{id}");
        if kind == 1 {
            assert_eq!(cases.get(id.trim_end_matches('o')), Some(&case), "{id}");
        }
        assert!(cases.insert(id, case).is_none(), "{id} is there twice");
    }
    assert_eq!(counts, BTreeMap::from(ROWS));
    assert_eq!(laxer, LAXER);
    for (id, verdict, why) in ON_AXUM {
        let row = rows.iter().find(|row| row.raw("id") == id).expect("a row");
        // Each of them is the peer's.
        assert!(row.raw("ours") != verdict && row.raw("theirs") == verdict && !why.is_empty(), "{id}");
    }
}
