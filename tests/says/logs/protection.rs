//! What the log says of own origins and of `protect_all`: at launch, and why one is refused.

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use rocket::figment::Figment;
use rocket::figment::providers::{Format as _, Toml};
use rocket::local::blocking::Client;
use rocket::{Build, Rocket, get, post, routes};

use crate::{about_cors, read, recorded, refused, rocket, unshared, write};

#[cross_origin(none, enforce = false)]
#[post("/callback")]
fn callback() {}

#[get("/pages")]
fn pages() {}

fn launch(rocket: Rocket<Build>) -> Vec<String> {
    recorded(|| drop(Client::untracked(rocket).expect("launches")))
}

fn with(figment: Figment, cors: CrossOrigin) -> Rocket<Build> {
    rocket().configure(figment).attach(cors).mount("/", routes![read, write, unshared, callback])
}

fn toml(text: &str) -> Figment {
    rocket().figment().clone().merge(Toml::string(text).nested())
}

#[test]
fn the_launch_says_what_is_in_force() {
    let own = "[default.cors]\nown_origins = [\"https://app.example.com\", \"http://nas.lan\"]\nown_hosts = [\"app.internal\"]";
    let lines = launch(with(toml(own), CrossOrigin::fairing().protect_all()));
    let expected = [
        "4 routes: 2 shared with other origins, 1 for own pages only (`protect_all`), 1 open to every page's writes",
        "1 route shared with https://app.example.com with credentials: GET /read",
        "1 route shared with any origin: POST /write",
        "1 route shared with nobody: POST /callback",
        "own origins, so requests with another `Host` are refused: https://app.example.com, http://nas.lan",
        "note: `origins = any` on POST /write (write); help: list the origins if this is not public",
        "note: `enforce = false` lets every page write to POST /callback (callback); help: verify what is sent",
        "note: 1 route has no policy: DELETE /elsewhere (unshared)",
        "help: write `#[cross_origin(…)]` where other pages are meant to read",
    ];
    assert_eq!(about_cors(&lines), expected);
    assert!(!lines.iter().any(|line| line.contains("WARN: CORS")), "{lines:#?}");
}

#[test]
fn a_launch_that_only_reports_says_so() {
    let lines = launch(with(
        toml("[default.cors]\nreport_only = true\nown_origins = [\"http://nas.lan\"]"),
        CrossOrigin::fairing(),
    ));
    let warning = "WARN: CORS: nothing is turned away: `report_only` is on; help: switch it off when none of your own pages is in the log";
    assert_eq!(lines.iter().filter(|line| *line == warning).count(), 1, "{lines:#?}");
    let own = "own origins, so requests with another `Host` would be refused: http://nas.lan";
    assert!(about_cors(&lines).contains(&own), "{lines:#?}");
}

/// Once, and only where a page could make use of it.
#[test]
fn the_launch_says_what_own_origins_are_for() {
    let hints = |rocket| {
        let lines = launch(rocket);
        let about = about_cors(&lines).into_iter().skip_while(|line| !line.contains("(DNS rebinding)"));
        about.skip(1).map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let names =
        "help: name the own origins: `cors.own_origins = [\"http://localhost:7000\", \"http://127.0.0.1:7000\"]`";
    let local = with(rocket().figment().clone().merge(("port", 7000)), CrossOrigin::fairing());
    let said = hints(local);
    assert!(said == [names], "{said:?}");
    let everywhere = rocket().figment().clone().merge(("address", "0.0.0.0"));
    assert!(hints(with(everywhere, CrossOrigin::fairing())).is_empty());
    assert!(hints(with(rocket().figment().clone(), CrossOrigin::fairing().own_origins(["http://nas.lan"]))).is_empty());
    assert!(hints(rocket().attach(CrossOrigin::fairing()).mount("/", routes![pages])).is_empty());
}

/// What is wrong with `cors.own_origins`, and what is to be written: each entry is one finding.
#[test]
fn each_wrong_entry_is_one_finding() {
    let cases = [
        ("https://app.example.com/", "remove the trailing slash: `\"https://app.example.com\"`"),
        ("https://app.example.com/login", "remove `/login`: `\"https://app.example.com\"`"),
        ("https://App.Example.com", "`\"https://app.example.com\"`"),
        ("https://app.example.com:443", "`\"https://app.example.com\"`"),
        ("app.example.com", "`\"https://app.example.com\"`"),
        (
            "https://*.example.com",
            "list each origin under which browsers reach the application: `\"https://app.example.com\"`",
        ),
        (
            "http://localhost:*",
            "list each origin under which browsers reach the application: `\"https://app.example.com\"`",
        ),
        ("*", "list each origin under which browsers reach the application: `\"https://app.example.com\"`"),
        ("any", "list each origin under which browsers reach the application: `\"https://app.example.com\"`"),
        ("null", "remove it"),
        ("app://.", "remove it; if its pages call this application, name the origin in a policy"),
        ("chrome-extension://aaaabbbbccccddddeeeeffffgggghhhh", "remove it; if its pages call this application"),
        (
            "https://a.example, https://b.example",
            "write one element per origin: `[\"https://a.example\", \"https://b.example\"]`",
        ),
        ("https://user@app.example.com", "`\"https://app.example.com\"`"),
        ("https://m\u{fc}nchen.example", "`\"https://xn--mnchen-3ya.example\"`"),
        ("http://127.1:8000", "`\"http://127.0.0.1:8000\"`"),
        ("https://app.example.com:25", ""),
        ("", "remove the empty string"),
    ];
    for (entry, help) in cases {
        let lines = recorded(|| {
            let figment = rocket().figment().clone().merge(("cors.own_origins", [entry]));
            refused(with(figment, CrossOrigin::fairing()));
        });
        let errors: Vec<_> = lines.iter().filter(|line| line.starts_with("ERROR")).collect();
        assert_eq!(errors[0], "ERROR: Invalid settings of the CORS fairing:", "{entry}: {lines:#?}");
        let about: Vec<_> = errors.iter().filter(|line| line.contains("cors.own_origins: ")).collect();
        assert_eq!(about.len(), 1, "{entry}: {lines:#?}");
        let helps: Vec<_> = errors.iter().filter(|line| line.starts_with("ERROR: help: ")).collect();
        assert!(helps.len() == 1 && helps[0].contains(help), "{entry}: {lines:#?}");
        assert!(!helps[0].contains("origins = any") && !helps[0].contains("allow("), "{entry}: {}", helps[0]);
        assert!(errors.iter().any(|line| line.starts_with("ERROR: from profile global")), "{entry}: {lines:#?}");
    }
}

/// The lines of the error, without the first one.
fn errors(text: &str, cors: CrossOrigin) -> Vec<String> {
    let lines = recorded(|| refused(with(toml(text), cors)));
    let errors = lines.iter().filter_map(|line| line.strip_prefix("ERROR: "));
    errors.skip(1).take_while(|line| !line.contains("SoundPolicies")).map(str::to_owned).collect()
}

/// By its name, `cargo cors rule` tells more.
#[test]
fn a_broken_rule_is_named() {
    let said = errors("[default.cors]\nown_origins = [\"https://a.example/\"]", CrossOrigin::fairing());
    assert!(said.iter().any(|line| line == "rule `trailing-slash`"), "{said:?}");
}

#[test]
fn an_entry_that_is_there_twice() {
    let twice = "[default.cors]\nown_origins = [\"https://a.example\", \"https://b.example\", \"https://a.example\"]";
    let said = errors(twice, CrossOrigin::fairing());
    assert_eq!(said[0], "cors.own_origins: `https://a.example` is listed twice", "{said:?}");
    assert_eq!(said[1], "help: remove one of the two", "{said:?}");
    // What the fairing says too is not a mistake.
    let once = "[default.cors]\nown_origins = [\"https://a.example\", \"https://b.example\"]";
    drop(launch(with(toml(once), CrossOrigin::fairing().own_origins(["https://a.example"]))));
    let said = errors(once, CrossOrigin::fairing().own_origins(["https://c.example", "https://c.example"]));
    assert!(said[0].ends_with("`https://c.example` is listed twice"), "{said:?}");
}

#[test]
fn settings_that_are_something_else() {
    let said = errors("[default.cors]\nown_origins = \"https://a.example\"", CrossOrigin::fairing());
    assert!(said[0].starts_with("cors.own_origins: invalid type: found string"), "{said:?}");
    assert_eq!(said[1], "help: write a list, as in `cors.own_origins = [\"https://a.example\"]`");
    let said = errors("[default.cors]\nown_origins = []", CrossOrigin::fairing());
    assert_eq!(said[0], "cors.own_origins: there is no own origin, so no page would be the application's own");
    // As a value in the environment is that cannot be parsed: it hides the table of `Rocket.toml`.
    for broken in ["\"{own_origins=[https://a.example]}\"", "\"\"", "[\"https://a.example\"]"] {
        let said = errors(&format!("[default]\ncors = {broken}"), CrossOrigin::fairing());
        assert_eq!(said[0], "cors: it is not a table of settings", "{said:?}");
    }
    let said = errors("[default.cors]\nown_hosts = [\"app.internal\"]", CrossOrigin::fairing());
    assert!(said[0].starts_with("cors.own_hosts: there are hosts of the application, and no origins"), "{said:?}");
    for (written, meant) in [
        ("own_origin", "own_origins"),
        ("Own-Origins", "own_origins"),
        ("own_host", "own_hosts"),
        ("reportOnly", "report_only"),
    ] {
        let table = format!("[default.cors]\n\"{written}\" = [\"http://nas.lan\"]");
        let said = errors(&table, CrossOrigin::fairing());
        let expected = [format!("cors.{written}: it is not a setting"), format!("help: did you mean `cors.{meant}`?")];
        assert_eq!(said[..2], expected, "{said:?}");
    }
    let said = errors("[default.cors]\nprotect_all = true", CrossOrigin::fairing());
    assert_eq!(said[0], "cors.protect_all: it is not read from the configuration, so nothing is protected by it");
    assert_eq!(said[1], "help: write `CrossOrigin::fairing().protect_all()`, and remove it here");
    let said = errors("[default.cors]\nreport_only = 1", CrossOrigin::fairing());
    assert_eq!(said[0], "cors.report_only: it is neither `true` nor `false`");
    let hosts =
        "[default.cors]\nown_origins = [\"http://nas.lan\"]\nown_hosts = [\"https://app.internal:80\", \"x y\"]";
    let said = errors(hosts, CrossOrigin::fairing());
    assert_eq!(said[1], "help: write the host alone: `\"app.internal\"`");
    assert_eq!(said.iter().filter(|line| line.starts_with("cors.own_hosts: ")).count(), 2, "{said:?}");
    // Each with its own source.
    let cors = CrossOrigin::fairing().own_origins(["http://nas.lan/", "http://a.lan", "http://a.lan"]);
    let said = errors("[default.cors]\nown_origins = [\"http://b.lan/\"]", cors);
    let sources: Vec<_> = said.iter().filter(|line| line.starts_with("from ")).collect();
    assert_eq!(sources.len(), 3, "{said:?}");
    assert_eq!(sources[0], "from `CrossOrigin::own_origins`");
    assert!(sources[2].contains("TOML"), "{said:?}");
}
