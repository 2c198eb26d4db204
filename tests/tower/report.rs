//! The report of layers: what a snapshot shows of each change of a policy.

use cors_runtime::tower::{ApplicationLayer, CrossOriginLayer, OriginLists};
use cors_runtime::{Origin, OwnOrigins, Policy, Report, cross_origin};
use http::Method;
use http::request::Parts;

use crate::support::{APP, PARTNER};

#[cross_origin(origins = ["https://app.example.com"], credentials, allow_headers = ["x-b", "x-a"], max_age = 600)]
struct App;

async fn is_tenant(_: &Origin<'_>, _: &Parts) -> bool {
    false
}

#[cross_origin(
    origins = ["http://localhost:*", "https://*.example.org", config("partners"), check(is_tenant)],
    expose_headers = ["x-total"], enforce
)]
struct Partners;

#[cross_origin(none)]
struct Nobody;

fn lists(origins: &[&'static str]) -> OriginLists {
    OriginLists::new([("partners", origins.to_vec()), ("others", vec!["https://other.example"])])
}

fn application() -> ApplicationLayer {
    let own = OwnOrigins::new(["https://own.example.com"]).expect("origins");
    ApplicationLayer::new().protect_all().own_origins(own)
}

fn report() -> Report {
    let lists = lists(&[PARTNER, "https://a.example"]);
    let partners = Partners.layer(&lists).expect("sound");
    let made = CrossOriginLayer::new(Policy::builder().origins([APP]).leak().expect("sound"));
    let layers = [
        ("/partners", &partners),
        ("/", &App.layer().methods([Method::PUT, Method::GET, Method::PUT])),
        ("/made", &made),
    ];
    application().report(layers)
}

const EXPECTED: &str = r#"GET /          https://app.example.com  credentials  allow_headers = [x-b, x-a]  max_age = 600  (App)
PUT /          https://app.example.com  credentials  allow_headers = [x-b, x-a]  max_age = 600  (App)
any /made      https://app.example.com  (made at run time)
any /partners  http://localhost:*, https://*.example.org, config("partners"), check(is_tenant)  expose_headers = [x-total]  enforce  (Partners)
config("partners"): https://a.example, https://partner.example.net
own origins: https://own.example.com
names of the application: own.example.com
all routes are protected
"#;

#[test]
fn a_report_shows_every_policy_in_full() {
    assert_eq!(report().to_string(), EXPECTED);
    assert_eq!(format!("{:#}", report()), EXPECTED);
    let json = serde_json::to_string(&report()).expect("JSON");
    assert_eq!(serde_json::from_str::<Report>(&json).expect("a report"), report());
    assert_eq!(Report::of_layers([("/", &App.layer())]).protection, cors_runtime::Protection::default());
}

/// Lists that were replaced are shown as they are now, by the layers that share them.
#[test]
fn a_report_shows_the_lists_in_effect() {
    let shared = lists(&[PARTNER]);
    let (one, other) = (Partners.layer(&shared).expect("sound"), Partners.layer(&shared).expect("sound"));
    shared.replace([("partners", vec!["https://new.example"])]).expect("sound");
    let report = Report::of_layers([("/a", &one), ("/b", &other)]);
    let lists = report.lists.expect("lists");
    assert_eq!(lists.len(), 1, "{lists:?}");
    assert_eq!(lists[0].origins, ["https://new.example"]);
}

#[cross_origin(origins = ["https://app.example.com"], enforce)]
struct All;

#[cross_origin(origins = ["https://app.example.com"])]
struct Writes;

#[cross_origin(origins = ["https://app.example.com"], enforce = false)]
struct Nothing;

/// What is opened, and what is closed.
#[track_caller]
fn changes(old: &Report, new: &Report) -> String {
    old.diff(new).to_string()
}

#[test]
fn a_difference_says_what_was_opened() {
    let layers = |origins| {
        let partners = Partners.layer(&lists(origins)).expect("sound");
        Report::of_layers([("/partners", &partners)])
    };
    assert_eq!(
        changes(&layers(&[PARTNER]), &layers(&["https://new.example"])),
        "+ opened: config(\"partners\"): names https://new.example\n\
         - closed: config(\"partners\"): names https://partner.example.net\n"
    );
    let of = |layer: &CrossOriginLayer| Report::of_layers([("/x", layer)]);
    let (all, writes, nothing) = (of(&All.layer()), of(&Writes.layer()), of(&Nothing.layer()));
    let opened = |old: &Report, new: &Report| {
        let diff = old.diff(new);
        assert!(diff.closed.is_empty(), "{diff}");
        diff.opened.into_iter().map(|change| format!("{}: {}", change.route, change.what)).collect::<Vec<_>>()
    };
    assert_eq!(opened(&all, &writes), ["any /x: runs the handler for cross-origin reads"]);
    assert_eq!(
        opened(&writes, &nothing),
        [
            "any /x: runs the handler for cross-origin handshakes, as of WebSockets",
            "any /x: runs the handler for cross-origin writes",
        ]
    );
    assert_eq!(changes(&all, &all), "");
}

/// The layer around has another policy.
#[test]
fn a_layer_around_gets_what_an_inner_one_decided() {
    let (app, nobody) = (App.layer(), Nobody.layer());
    let old = application().report([("/", &app), ("/partners", &nobody)]);
    let new = application().report([("/", &app)]);
    let gets = "+ opened: any /: may get the requests of any /partners: ";
    let what = ["allows the request header x-a", "allows the request header x-b", "credentials"];
    let what = what.into_iter().chain(["shared with https://app.example.com"]);
    let opened = what.fold(String::new(), |text, what| text + gets + what + "\n");
    let reads = "any /partners: runs the handler for cross-origin reads\n";
    assert_eq!(changes(&old, &new), format!("{opened}- closed: {reads}"));
    assert_eq!(changes(&new, &old), format!("+ opened: {reads}"));
}

/// Nothing tells whether what a layer protected is still served.
#[test]
fn a_layer_that_is_gone_is_an_opening() {
    let with = |application: &ApplicationLayer| application.report([("/x", &Nobody.layer())]);
    let without = |application: &ApplicationLayer| application.report(Vec::<(&str, &CrossOriginLayer)>::new());
    let open = ApplicationLayer::new();
    let gone = "+ opened: any /x: its layer is gone: if it is still served, it runs for cross-origin writes\n";
    let diff = changes(&with(&open), &without(&open));
    assert!(diff.contains(gone), "{diff}");
    let diff = changes(&with(&application()), &without(&application()));
    assert!(!diff.contains("its layer is gone"), "{diff}");
    // Another name for the methods is not another layer.
    let methods = Report::of_layers([("/x", &Nobody.layer().methods([Method::POST]))]);
    let diff = changes(&with(&open), &methods);
    assert!(!diff.contains("its layer is gone"), "{diff}");
}
