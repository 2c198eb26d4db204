//! What the log says of launches: what is not shared, and why one is refused.

use std::collections::BTreeSet;

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use rocket::fairing::AdHoc;
use rocket::local::blocking::Client;
use rocket::{Build, Rocket, delete, get, post, put, routes};

use crate::{about_cors, read, recorded, refused, rocket, unshared, write};

#[get("/one")]
fn one() {}

#[get("/two")]
fn two() {}

#[post("/json", format = "json")]
fn unshared_json() {}

/// A forgotten policy is seen, also where no route has one.
#[test]
fn the_launch_names_routes_without_a_policy() {
    let launch = |rocket: Rocket<Build>| recorded(|| drop(Client::untracked(rocket).expect("launches")));
    let lines = launch(rocket().attach(CrossOrigin::fairing()).mount("/", routes![two, one]));
    let expected = [
        "2 routes: none shared with other origins, 2 without a policy",
        "note: 2 routes have no policy: GET /one (one), GET /two (two)",
        "help: write `#[cross_origin(…)]` where other pages are meant to read",
    ];
    assert_eq!(about_cors(&lines), expected);
    let many = rocket().mount("/a", routes![one, two]).mount("/b", routes![one, two, unshared, read]);
    let lines = launch(many.attach(CrossOrigin::fairing()));
    let expected =
        "note: 5 routes have no policy: GET /a/one (one), GET /a/two (two), DELETE /b/elsewhere (unshared) and 2 more";
    assert!(about_cors(&lines).contains(&expected), "{lines:#?}");
    let expected = "help: other sites can write to 1 of them, which `CrossOrigin::fairing().protect_all()` prevents";
    assert!(about_cors(&lines).contains(&expected), "{lines:#?}");
    let writes = rocket().mount("/a", routes![unshared]).mount("/b", routes![unshared]);
    let lines = launch(writes.attach(CrossOrigin::fairing()));
    let expected = "help: other sites can write to them, which `CrossOrigin::fairing().protect_all()` prevents";
    assert!(about_cors(&lines).contains(&expected), "{lines:#?}");
    // No form has this content type, and for others a browser asks first.
    let lines = launch(rocket().mount("/", routes![unshared_json]).attach(CrossOrigin::fairing()));
    assert!(!lines.iter().any(|line| line.contains("other sites can write")), "{lines:#?}");
    // Covered, they have one.
    let lines = launch(rocket().attach(CrossOrigin::fairing()).mount("/", Pages.cover(routes![one, two])));
    assert!(!lines.iter().any(|line| line.contains("no policy")), "{lines:#?}");
    let lines = launch(rocket().mount("/", routes![one]));
    assert!(!lines.iter().any(|line| line.contains("no policy")), "without the fairing: {lines:#?}");
}

#[cross_origin(origins = ["https://app.example.com"])]
struct Pages;

/// A fairing that attaches one that … attaches nothing.
fn levels(left: usize) -> AdHoc {
    AdHoc::on_ignite(
        "Level",
        move |rocket| async move { if left == 0 { rocket } else { rocket.attach(levels(left - 1)) } },
    )
}

/// Rocket lists the fairings, and those that wait for others say what they are.
#[test]
fn the_fairings_of_the_library_have_different_names() {
    let ours = |rocket: Rocket<Build>| {
        let lines = recorded(|| drop(Client::untracked(rocket.attach(CrossOrigin::fairing())).expect("launches")));
        let names: BTreeSet<_> =
            lines.into_iter().filter(|line| line.contains("CORS") && line.contains("(ignite)")).collect();
        names.into_iter().collect::<Vec<_>>()
    };
    let known = [
        "INFO: CORS (ignite)",
        "INFO: CORS, behind other fairings: 1 of 3 (ignite)",
        "INFO: CORS, behind other fairings: 2 of 3 (ignite)",
        "INFO: CORS, behind other fairings: 3 of 3 (ignite)",
        "INFO: CORS, behind other fairings: once more (ignite)",
    ];
    assert_eq!(ours(rocket()), known[..4]);
    assert_eq!(ours(rocket().attach(levels(5))), known);
}

#[cross_origin(origins = any)]
struct Everybody;

#[test]
fn the_launch_names_fallbacks_and_lists_that_no_policy_names() {
    let lines = recorded(|| {
        let lists = rocket().figment().clone().merge(("cors.old", ["*"])).merge(("cors.other", 1));
        let cors = CrossOrigin::fairing().fallback("/api", Pages).fallback("/public/", Everybody);
        drop(Client::untracked(rocket().configure(lists).attach(cors)).expect("launches"));
    });
    let expected = [
        "errors below /api are shared with https://app.example.com",
        "errors below /public/ are shared with any origin",
        "note: `origins = any` on errors below /public/; help: list the origins if this is not public",
        "note: no policy names cors.old, from profile global, (&str, [&str; 1]); help: correct its name, or remove it",
        "note: no policy names cors.other, from profile global, (&str, i32); help: correct its name, or remove it",
    ];
    assert_eq!(about_cors(&lines), expected);
}

#[cross_origin(origins = [config("partners")])]
#[get("/partners")]
fn partners() {}

/// The rules are there as soon as some policy names a list, and a name may be misspelled.
#[test]
fn a_list_that_no_policy_names_is_checked_all_the_same() {
    let lines = recorded(|| {
        let none = Vec::<String>::new();
        let lists = rocket().figment().clone().merge(("cors.partners", none));
        let lists = lists.merge(("cors.partner", ["https://partner.example.com/"]));
        let rocket = rocket().configure(lists).attach(CrossOrigin::fairing()).mount("/", routes![partners]);
        drop(Client::untracked(rocket).expect("launches"));
    });
    let expected = [
        "note: no policy names cors.partner, from profile global, (&str, [&str; 1]); help: correct its name, or remove it",
        "note: cors.partner: `https://partner.example.com/` is a URL, not an origin: origins end after the host or port",
        "help: remove the trailing slash: `\"https://partner.example.com\"`",
    ];
    let about = about_cors(&lines);
    assert_eq!(about[about.len() - 3..], expected);

    // A long list does not fill the log.
    let lines = recorded(|| {
        let wrong: Vec<_> = (0..9).map(|index| format!("https://partner-{index}.example.com/")).collect();
        let lists = rocket().figment().clone().merge(("cors.partners", [""; 0])).merge(("cors.partner", wrong));
        let rocket = rocket().configure(lists).attach(CrossOrigin::fairing()).mount("/", routes![partners]);
        drop(Client::untracked(rocket).expect("launches"));
    });
    let helps = lines.iter().filter(|line| line.contains("remove the trailing slash")).count();
    let more = "note: cors.partner: 6 more mistakes; help: name the list in a policy, and the launch says all of them";
    assert!(helps == 3 && about_cors(&lines).last() == Some(&more), "{lines:#?}");
}

#[test]
fn a_fallback_that_matches_nothing_refuses_the_launch() {
    for (base, help) in [
        ("/api/<x..>", "`/api`"),
        ("/api?x", "`/api`"),
        ("/api/*", "`/api`"),
        ("api", "`/api`"),
        ("", "`/`"),
        ("/api#top", "`/api`"),
        ("/api/{id}/x", "`/api`"),
        ("/api/:id", "`/api`"),
        ("/a b", "`/a%20b`"),
        ("/ü", "`/%C3%BC`"),
        ("/a/../b", "`/a`"),
        ("https://app.example.com/api", "`/api`"),
    ] {
        let lines = recorded(|| refused(rocket().attach(CrossOrigin::fairing().fallback(base, Pages))));
        let about: Vec<_> = lines.iter().filter(|line| line.starts_with("ERROR: ")).collect();
        assert!(about.iter().any(|line| line.contains(&format!("`{base}`"))), "{base}: {about:#?}");
        assert!(about.iter().any(|line| line.contains("help: ") && line.contains(help)), "{base}: {about:#?}");
    }
}

#[test]
fn a_managed_fairing_is_told_to_be_attached() {
    let lines = recorded(|| refused(rocket().manage(CrossOrigin::fairing()).mount("/", routes![read, write])));
    let about = |text| lines.iter().filter(move |line| line.contains(text)).count();
    assert_eq!((about("is in the managed state"), about("instead of `.manage(…)`")), (1, 1), "{lines:#?}");
}

/// Each application that is refused says so, also on the thread of one that was refused before.
#[test]
fn every_refused_launch_says_why() {
    for launch in 0..3 {
        let lines = recorded(|| refused(rocket().mount("/", routes![read, write])));
        let said = lines.iter().filter(|line| line.contains("needs the CORS fairing")).count();
        assert_eq!(said, 1, "launch {launch}: {lines:#?}");
    }
}

#[delete("/elsewhere", rank = 9)]
fn later() {}

#[cross_origin(origins = any)]
#[delete("/<_name>", rank = 1)]
fn by_name(_name: u8) {}

#[test]
fn a_write_that_falls_through_names_both_routes() {
    let lines = recorded(|| refused(rocket().attach(CrossOrigin::fairing()).mount("/", routes![by_name, later])));
    for line in [
        "ERROR: from DELETE /<_name> (by_name), shared with any origin",
        "ERROR: to DELETE /elsewhere (later), not shared",
    ] {
        assert_eq!(lines.iter().filter(|found| *found == line).count(), 1, "{line} is not in {lines:#?}");
    }
    assert!(lines.iter().any(|line| line.contains("#[cross_origin(none)]` above `later`")), "{lines:#?}");
}

#[cross_origin(none, enforce = false)]
#[delete("/elsewhere", rank = 9)]
fn forms() {}

#[test]
fn a_write_that_falls_through_to_one_that_turns_nobody_away_names_both_routes() {
    let lines = recorded(|| refused(rocket().attach(CrossOrigin::fairing()).mount("/", routes![by_name, forms])));
    for line in [
        "ERROR: from DELETE /<_name> (by_name), shared with any origin",
        "ERROR: to DELETE /elsewhere (forms), shared with nobody",
        "ERROR: help: remove `enforce = false` from `forms`, or let it name the same origins",
    ] {
        assert_eq!(lines.iter().filter(|found| *found == line).count(), 1, "{line} is not in {lines:#?}");
    }
}

#[cross_origin(origins = ["https://app.example.com"], debug_origins = ["http://localhost:*"])]
#[get("/debug")]
fn debug() {}

/// They follow `debug-assertions`, which a build for production may have: nothing else would show them.
#[test]
fn debug_origins_are_marked_and_a_warning_in_the_profile_release() {
    let launch = |profile: &'static str| {
        let figment = rocket::Config::figment().merge(("cli_colors", false)).merge(("secret_key", vec![1_u8; 64]));
        recorded(|| {
            drop(rocket());
            let rocket = rocket::custom(figment.select(profile)).mount("/", routes![debug]);
            drop(Client::untracked(rocket.attach(CrossOrigin::fairing())).expect("launches"));
        })
    };
    let has = |lines: &[String], text: &str| lines.iter().any(|line| line.contains(text));
    let (debug, release) = (launch("debug"), launch("release"));
    let built_so = cfg!(debug_assertions);
    assert_eq!(
        has(&debug, "note: `debug_origins` adds http://localhost:* to GET /debug (debug); help: not in release builds"),
        built_so,
        "{debug:#?}"
    );
    assert_eq!(has(&release, "WARN: CORS: `debug_origins` are in effect"), built_so, "{release:#?}");
    assert!(!has(&debug, "`debug_origins` are in effect"), "{debug:#?}");
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/items/<_id>")]
pub(crate) fn item(_id: u64) {}

#[cross_origin(origins = ["https://app.example.com"])]
#[put("/items/<_id>")]
pub(crate) fn put_item(_id: u64) {}

#[cross_origin(origins = ["https://admin.example.com"], credentials)]
#[delete("/items/<_id>")]
fn delete_item(_id: u64) {}

#[cross_origin(origins = any)]
#[get("/items/<_name>", rank = 5)]
fn item_by_name(_name: &str) {}

#[get("/<_..>", rank = 20)]
fn everything_else() {}

#[cross_origin(none)]
#[put("/<_..>", rank = 1)]
fn put_everything() {}

#[cross_origin(
    origins = ["https://*.github.io", config("partners"), config("nobody")],
    allow(public_suffix_wildcard)
)]
#[post("/feed")]
fn feed() {}

#[test]
fn the_launch_says_what_is_worth_a_look() {
    let lines = recorded(|| {
        let partners = ["https://a.example", "https://*.b.example"];
        let figment = rocket().figment().clone().merge(("cors.partners", partners)).merge(("cors.nobody", [""; 0]));
        let routes = routes![item, put_item, delete_item, item_by_name, everything_else, put_everything, feed];
        let rocket = rocket().configure(figment).attach(CrossOrigin::fairing()).mount("/", routes);
        drop(Client::untracked(rocket).expect("launches"));
    });
    let expected = [
        "7 routes: 5 shared with other origins, 1 for own pages only, 1 without a policy",
        "2 routes shared with https://app.example.com: GET|PUT /items/<_id>",
        "1 route shared with https://*.github.io, config(\"partners\"), config(\"nobody\"): POST /feed",
        "1 route shared with https://admin.example.com with credentials: DELETE /items/<_id>",
        "1 route shared with any origin: GET /items/<_name>",
        "1 route shared with nobody: PUT /<_..>",
        "config(\"partners\"), from profile global, (&str, [&str; 2]): https://a.example, https://*.b.example",
        "note: `origins = any` on GET /items/<_name> (item_by_name); help: list the origins if this is not public",
        "note: `allow(public_suffix_wildcard)` on POST /feed (feed); help: see `cargo cors rule public_suffix_wildcard`",
        "note: cors.nobody, from profile global, (&str, [&str; 0]), is empty and names nobody; help: write origins into it",
        "note: GET /items/<_id> (item) and 1 more may forward to GET /<_..> (everything_else), which has no policy",
        "note: PUT /items/<_id> (put_item) may forward to PUT /<_..> (put_everything), which has another policy",
        "note: GET /items/<_id> (item) may forward to GET /items/<_name> (item_by_name), which has another policy",
        "help: give both the same policy: the first one's answers preflights, and the last one's answers requests",
        "note: 1 route has no policy: GET /<_..> (everything_else)",
        "help: write `#[cross_origin(…)]` where other pages are meant to read",
        "note: a page that makes its own name lead to 127.0.0.1:8000 counts as this application's own (DNS rebinding)",
        "help: name the own origins: `cors.own_origins = [\"http://localhost:8000\", \"http://127.0.0.1:8000\"]`",
    ];
    assert_eq!(about_cors(&lines), expected);
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/todos/count")]
fn count() {}

#[cross_origin(origins = ["https://other.example.com"])]
#[get("/todos/<_id>")]
fn todo(_id: u64) {}

#[cross_origin(origins = any)]
#[get("/<_>/count", rank = 3)]
fn any_count() {}

#[cross_origin(origins = any)]
#[get("/<_>/count", rank = 3, format = "html")]
fn any_html_count() {}

#[cross_origin(origins = any)]
#[get("/todos/count", rank = 2)]
fn count_all() {}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/<_name>/<_what>", rank = 5)]
fn anything(_name: &str, _what: &str) {}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/todos/count", rank = 2)]
fn count_again() {}

/// Nothing in the first of the two can make Rocket go on, and a guard would have to be there for it.
#[test]
fn overlaps_that_need_a_guard_are_not_named() {
    let overlaps = |routes: Vec<rocket::Route>| {
        let rocket = rocket().attach(CrossOrigin::fairing()).mount("/", routes);
        let lines = recorded(|| drop(Client::untracked(rocket).expect("launches")));
        let about = about_cors(&lines).into_iter().filter(|line| line.contains("may forward to"));
        about.map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(overlaps(routes![count, todo]), [""; 0]);
    assert_eq!(overlaps(routes![count, any_count]), [""; 0]);
    // Only the format of the first one can make Rocket go on.
    assert_eq!(overlaps(routes![count, any_html_count]), [""; 0]);
    // Nor is a part of a path that is ignored.
    assert_eq!(overlaps(routes![any_count, anything]), [""; 0]);
    // A number that does not parse.
    let may = "note: GET /todos/<_id> (todo) may forward to GET /<_>/count (any_count), which has another policy";
    assert_eq!(overlaps(routes![todo, any_count]), [may]);

    // Nobody ranks a route behind another one of the same path that never passes a request on.
    let may = "note: GET /todos/count (count) may forward to GET /todos/count (count_all), which has another policy";
    assert_eq!(overlaps(routes![count, count_all]), [may]);
    assert_eq!(overlaps(routes![count, count_again]), [""; 0], "they decide alike");
}

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
#[post("/form", format = "json")]
fn json_form() {}

#[cross_origin(origins = ["https://other.example.com"])]
#[post("/<_>", format = "form", rank = 2)]
fn form() {}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/<_name>", rank = 11)]
fn names(_name: u8) {}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/a/<_name>", rank = 12)]
fn names_of_a(_name: u8) {}

#[get("/<_..>", rank = 20)]
fn last() {}

#[get("/<_>", rank = 21)]
fn very_last() {}

#[get("/a/b", rank = 22)]
fn very_last_of_a() {}

/// A format decides after the preflight; and there is room for three overlaps.
#[test]
fn overlaps_are_named_up_to_three() {
    let lines = recorded(|| {
        let routes = routes![json_form, form, names, names_of_a, last, very_last, very_last_of_a];
        drop(Client::untracked(rocket().attach(CrossOrigin::fairing()).mount("/", routes)).expect("launches"));
    });
    let about = about_cors(&lines);
    let first = about.iter().position(|line| line.contains("may forward")).expect("an overlap");
    let expected = [
        "note: GET /<_name> (names) and 1 more may forward to GET /<_..> (last), which has no policy",
        "note: GET /<_name> (names) may forward to GET /<_> (very_last), which has no policy",
        "note: POST /form (json_form) may forward to POST /<_> (form), which has another policy",
        "note: 1 more route may be reached so, too",
        "help: give both the same policy: the first one's answers preflights, and the last one's answers requests",
    ];
    assert_eq!(about[first..first + 5], expected, "{lines:#?}");
}
