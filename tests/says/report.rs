//! The report of an application's policies, and what changed between two of them.

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Origin, Report, cross_origin};
use rocket::fs::FileServer;
use rocket::local::blocking::Client;
use rocket::{Build, Request, Rocket, Route, delete, get, post, routes};

#[cross_origin(origins = ["https://app.example.com"], credentials, allow_headers = ["x-b", "x-a"], max_age = 600)]
#[get("/users/<_id>")]
fn user(_id: u64) {}

#[cross_origin(origins = any, allow_headers = any, expose_headers = any, enforce = false)]
#[post("/open", format = "json", rank = 3)]
fn open() {}

async fn is_tenant(_: &Origin<'_>, _: &Request<'_>) -> bool {
    rocket::tokio::task::yield_now().await;
    false
}

#[cross_origin(
    origins = ["http://localhost:*", "https://*.example.org", config("partners"), check(is_tenant)],
    expose_headers = ["x-total"], enforce, allow(public_suffix_wildcard)
)]
#[delete("/all")]
fn all() {}

#[cross_origin(origins = ["https://app.example.com"])]
struct Files;

#[get("/unannotated")]
fn unannotated() {}

fn rocket() -> Rocket<Build> {
    let figment = rocket::Config::figment().merge(("log_level", "off")).merge(("cors.partners", Vec::<String>::new()));
    let files = concat!(env!("CARGO_MANIFEST_DIR"), "/cases");
    rocket::custom(figment)
        .attach(CrossOrigin::fairing())
        .mount("/api", routes![user, open, all, unannotated])
        .mount("/files", Files.cover(FileServer::from(files)))
}

/// The report, with the lines of this file left out.
fn shown(report: &Report) -> String {
    let line = |line: &str| match line.rsplit_once("report.rs:") {
        Some((start, end)) => format!("{start}report.rs{}", end.trim_start_matches(|c: char| c.is_ascii_digit())),
        None => line.to_owned(),
    };
    report.to_string().lines().map(line).collect::<Vec<_>>().join("\n")
}

const EXPECTED: &str = "\
DELETE /api/all             http://localhost:*, https://*.example.org, config(\"partners\"), check(is_tenant)  expose_headers = [x-total]  enforce  allow(public_suffix_wildcard)  (all, tests/says/report.rs)
POST   /api/open            any  allow_headers = [any]  expose_headers = [any]  enforce = false  format = application/json  (open, tests/says/report.rs)
GET    /api/users/<_id>     https://app.example.com  credentials  allow_headers = [x-b, x-a]  max_age = 600  (user, tests/says/report.rs)
GET    /files/<path..>      https://app.example.com  (FileServer)
cors.partners: no origin (profile global, (&str, alloc::vec::Vec<alloc::string::String>))
1 route has no policy";

#[test]
fn a_report_shows_every_policy_in_full() {
    let built = CrossOrigin::report(&rocket());
    let lines =
        |text: &str| text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>();
    let (found, expected) = (lines(&shown(&built)), lines(EXPECTED));
    assert_eq!(found.len(), expected.len(), "{built}");
    for (found, expected) in found.iter().zip(&expected).take(3) {
        assert_eq!(found, expected);
    }
    assert!(found[3].starts_with("GET /files/<path..> https://app.example.com (FileServer"), "{}", found[3]);
    assert!(found[4].starts_with("cors.partners: no origin (profile global"), "{}", found[4]);
    assert_eq!(found[5], expected[5]);
    let all = format!("{built:#}");
    assert!(
        all.lines().any(|line| line.split_whitespace().eq("GET /api/unannotated no policy (unannotated)".split(' '))),
        "{all}"
    );

    let client = Client::untracked(rocket()).expect("launches");
    assert_eq!(CrossOrigin::report(client.rocket()), built, "ignition changes nothing, and the order is stable");
}

/// Adds to each text of a report.
fn poison(value: &mut serde_json::Value, nasty: &str) {
    match value {
        serde_json::Value::String(text) => text.push_str(nasty),
        serde_json::Value::Array(list) => list.iter_mut().for_each(|value| poison(value, nasty)),
        serde_json::Value::Object(fields) => {
            let enforce = fields.remove("enforce");
            fields.values_mut().for_each(|value| poison(value, nasty));
            fields.extend(enforce.map(|enforce| ("enforce".to_owned(), enforce)));
        }
        _ => {}
    }
}

#[test]
fn what_stands_in_a_file_does_nothing_to_a_terminal() {
    let report = CrossOrigin::report(&rocket());
    let nasty = "\u{1b}[31m\n+ opened: all is well\u{202e}\u{61c}\u{2028}\u{85}\u{0}";
    let mut json = serde_json::to_value(&report).expect("JSON");
    poison(&mut json, nasty);
    let poisoned: Report = serde_json::from_value(json).expect("a report");
    let texts = [poisoned.to_string(), format!("{poisoned:#}"), report.diff(&poisoned).to_string()];
    assert_eq!(texts[1].lines().count(), format!("{report:#}").lines().count());
    for text in texts.into_iter().chain(poisoned.shared.iter().map(|shared| shared.policy.to_string() + "\n")) {
        assert!(text.contains("\\u{1b}[31m\\u{a}+ opened"), "{text}");
        assert!(
            !text.lines().any(|line| line
                .contains(|sign: char| sign.is_control() || ['\u{202e}', '\u{61c}', '\u{2028}'].contains(&sign))),
            "{text:?}"
        );
    }
}

#[test]
fn it_is_json_with_a_version() {
    let report = CrossOrigin::report(&rocket());
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!((&json["version"], &json["shared"][0]["lists"]), (&2.into(), &serde_json::json!(["partners"])));
    let back: Report = serde_json::from_value(json).expect("a report");
    assert_eq!(back, report);
    let mut more = serde_json::to_value(&report).expect("JSON");
    more["more"] = 1.into();
    assert!(serde_json::from_value::<Report>(more).is_err(), "a report does not have unknown keys");
}

macro_rules! variant {
    ($name:ident, $($argument:tt)*) => {
        fn $name() -> Vec<Route> {
            #[cross_origin($($argument)*)]
            #[get("/x")]
            fn x() {}
            routes![x]
        }
    };
}

variant!(base, origins = ["https://a.example.com"], max_age = 60);
variant!(
    wider,
    origins = ["https://a.example.com", "https://b.example.com"],
    credentials,
    max_age = 600,
    enforce = false
);
variant!(other, origins = ["https://b.example.com"], max_age = 60, enforce);

fn report(routes: Vec<Route>) -> Report {
    CrossOrigin::report(&rocket::build().mount("/", routes))
}

#[test]
fn a_diff_says_what_was_opened_first() {
    let (base, wider, other) = (report(base()), report(wider()), report(other()));
    assert!(base.diff(&base).is_empty());
    let opened = "\
+ opened: GET /x [-12]: credentials
+ opened: GET /x [-12]: runs the handler for cross-origin handshakes, as of WebSockets
+ opened: GET /x [-12]: shared with https://b.example.com
+ opened: GET /x [-12]: preflights are cached for 600 s, previously for 60 s
";
    let rank = base.shared[0].rank.expect("Rocket has ranks");
    let with_rank = |text: &str| text.replace("-12", &rank.to_string());
    assert_eq!(base.diff(&wider).to_string(), with_rank(opened));
    assert_eq!(
        wider.diff(&base).to_string(),
        with_rank(opened)
            .replace("+ opened", "- closed")
            .replace("600 s, previously for 60 s", "60 s, previously for 600 s")
    );
    let mixed = "\
+ opened: GET /x [-12]: shared with https://b.example.com
- closed: GET /x [-12]: runs the handler for cross-origin reads
- closed: GET /x [-12]: shared with https://a.example.com
";
    assert_eq!(base.diff(&other).to_string(), with_rank(mixed));
    let nothing = report(vec![]);
    assert!(base.diff(&nothing).opened.is_empty() && nothing.diff(&base).closed.is_empty());
}

#[cross_origin(origins = ["https://app.example.com"])]
mod module {
    #[cors_runtime::cross_origin(none)]
    #[rocket::get("/none")]
    pub(crate) fn none() {}
}

#[test]
fn what_is_for_the_servers_own_pages_only_is_there_too() {
    let report = report(routes![module::none]);
    assert!(report.to_string().starts_with("GET /none  nobody  (none, "), "{report}");
}

const FIRST: u32 = line!();

#[cross_origin(origins = ["https://app.example.com"])]
mod two {
    #[rocket::get("/first")]
    pub(crate) fn first() {}

    #[cors_runtime::cross_origin(inherit, credentials)]
    #[rocket::get("/second")]
    pub(crate) fn second() {}
}

/// The line of the attribute on the module would be no help among many handlers.
#[test]
fn each_handler_of_a_module_has_its_own_line() {
    let report = report(routes![two::first, two::second]);
    let line = |route: &cors_runtime::SharedRoute| -> u32 {
        let source = route.source.as_deref().expect("a place");
        source.rsplit_once(':').expect("a line").1.parse().expect("a number")
    };
    assert_eq!(report.shared.iter().map(|route| line(route) - FIRST).collect::<Vec<_>>(), [5, 7]);
}

mod checks {
    use cors_runtime::Origin;

    /// Nobody.
    pub(super) async fn is_partner(_: &Origin<'_>, _: &rocket::Request<'_>) -> bool {
        false
    }
}

#[cross_origin(origins = [check(checks::is_partner)])]
mod checked {
    #[rocket::get("/first")]
    pub(crate) fn first() {}

    pub(crate) mod inner {
        use crate::report::checks;

        #[cors_runtime::cross_origin(inherit, origins = [check(checks::is_partner)])]
        #[rocket::get("/second")]
        pub(crate) fn second() {}
    }
}

/// The attribute of a module hands on paths of its own. Under those names, a check that is replaced by another one would be
/// no difference.
#[test]
fn a_check_of_a_module_has_the_name_that_was_written() {
    let report = report(routes![checked::first, checked::inner::second]);
    let [first, second] = &*report.shared else { panic!("{report}") };
    assert_eq!(first.policy.checks, ["checks::is_partner"]);
    assert_eq!(second.policy.checks, ["checks::is_partner"; 2]);
}
