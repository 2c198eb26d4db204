//! What happens at launch: routes that come late, and policies that no preflight could tell apart.

use std::time::{Duration, Instant};

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use cors_tests::{APP, Server, call, granted, launch};
use rocket::fairing::AdHoc;
use rocket::http::Method;
use rocket::local::blocking::Client;
use rocket::route::dummy_handler;
use rocket::{Build, Rocket, Route, delete, get, post, routes};

#[cross_origin(origins = ["https://app.example.com"])]
#[delete("/item")]
fn item() {}

fn assert_shared(server: &Server, path: &str) {
    assert!(granted(server, "DELETE", path, APP), "{path}");
    assert_eq!(call(server, "DELETE", path, APP).one("access-control-allow-origin"), Some(APP), "{path}");
}

/// A stage that mounts its routes `depth` fairings later, as a fairing that attaches a fairing that …
fn nested(depth: usize) -> AdHoc {
    AdHoc::on_ignite("Nested stage", move |rocket| async move {
        match depth {
            0 => rocket.mount("/nested", routes![item]),
            _ => rocket.attach(nested(depth - 1)),
        }
    })
}

#[test]
fn routes_may_be_mounted_before_and_after_the_fairing_is_attached() {
    let rocket = rocket::build().mount("/before", routes![item]).attach(CrossOrigin::fairing());
    let server = Server::launch(rocket.mount("/after", routes![item])).expect("launches");
    assert_shared(&server, "/before/item");
    assert_shared(&server, "/after/item");
}

#[test]
fn stages_may_mount_late_and_attach_further_stages() {
    let stage = || AdHoc::on_ignite("Stage", |rocket| async { rocket.mount("/stage", routes![item]) });
    for depth in [0, 1, 2, 7] {
        let first = rocket::build().attach(CrossOrigin::fairing()).attach(stage()).attach(nested(depth));
        let last = rocket::build().attach(nested(depth)).attach(stage()).attach(CrossOrigin::fairing());
        for rocket in [first, last] {
            let server = Server::launch(rocket).expect("launches");
            assert_shared(&server, "/stage/item");
            assert_shared(&server, "/nested/item");
        }
    }
}

#[test]
fn the_fairing_may_be_attached_twice_and_by_a_stage() {
    let rocket = rocket::build().attach(CrossOrigin::fairing()).attach(CrossOrigin::fairing());
    assert_shared(&Server::launch(rocket.mount("/", routes![item])).expect("launches"), "/item");

    let stage = AdHoc::on_ignite("Stage", |rocket| async { rocket.attach(CrossOrigin::fairing()) });
    assert_shared(&Server::launch(rocket::build().attach(stage).mount("/", routes![item])).expect("launches"), "/item");
}

#[test]
fn a_launch_without_the_fairing_is_refused() {
    let refused = Server::launch(rocket::build().mount("/", routes![item])).expect_err("refused");
    assert!(refused.contains("Attached"), "{refused}");
}

#[test]
fn one_handler_may_be_mounted_at_several_places() {
    let server = launch(rocket::build().mount("/a", routes![item]).mount("/b", routes![item]));
    assert_shared(&server, "/a/item");
    assert_shared(&server, "/b/item");
}

// Accepting a lint does not make it another policy.
#[cross_origin(origins = ["https://app.example.com"], allow(content_type_not_allowed))]
#[post("/data/<_id>", format = "json", rank = 3)]
fn json(_id: u8) -> &'static str {
    "json"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[post("/data/<_name>", format = "text/plain", rank = 3)]
fn text(_name: u8) -> &'static str {
    "text"
}

#[cross_origin(origins = ["https://other.example.com"], allow_headers = ["content-type"])]
#[post("/data/<_id>", format = "text/html", rank = 3)]
fn html(_id: u8) -> &'static str {
    "html"
}

#[post("/data/special", format = "text/css", rank = 3)]
fn css() -> &'static str {
    "css"
}

#[get("/data/<_id>", format = "json", rank = 3)]
fn another_method(_id: u8) -> &'static str {
    "json"
}

/// A write that falls through to another one needs a policy there too.
#[cross_origin(none)]
#[post("/data/<_id>", rank = 4)]
fn another_rank(_id: u8) -> &'static str {
    "any"
}

fn formats(rocket: Rocket<Build>) -> Result<Server, String> {
    Server::launch(rocket.attach(CrossOrigin::fairing()))
}

#[test]
fn routes_that_differ_only_in_format_need_one_policy() {
    let server = formats(rocket::build().mount("/", routes![json, text, another_method, another_rank]));
    assert!(granted(&server.expect("launches"), "POST", "/data/7", APP));

    for other in [routes![html], routes![css]] {
        let refused = formats(rocket::build().mount("/", routes![json]).mount("/", other)).expect_err("refused");
        assert!(refused.contains("SoundPolicies"), "{refused}");
    }
}

#[cross_origin(origins = ["https://app.example.com"])]
struct Api;

/// Each route would be compared with each: 10,000 routes took a minute once.
#[test]
fn thousands_of_routes_launch_nearly_as_fast_as_without_the_library() {
    let routes = || -> Vec<Route> {
        let route = |(method, number): (Method, usize)| {
            let mut route = item {}.into_route();
            route.method = method;
            route.map_base(|_| format!("/api/r{number}")).expect("a base")
        };
        let numbers =
            (0..4_000).flat_map(|number| [(Method::Get, number), (Method::Put, number), (Method::Delete, number)]);
        numbers.map(route).collect()
    };
    let figment = || rocket::Config::figment().merge(("log_level", "off"));
    let launched = |rocket: Rocket<Build>| {
        let start = Instant::now();
        drop(Client::untracked(rocket).expect("launches"));
        start.elapsed()
    };
    let plain: Vec<_> =
        routes().into_iter().map(|route| Route::new(route.method, &route.uri.to_string(), dummy_handler)).collect();
    // More than once, since other work may take the processor in the meantime.
    let times = (0..3).map(|_| {
        let without = launched(rocket::custom(figment()).mount("/", plain.clone()));
        let with = launched(rocket::custom(figment()).attach(CrossOrigin::fairing()).mount("/", Api.cover(routes())));
        (with, without)
    });
    let slow: Vec<_> = times.take_while(|&(with, without)| with >= 3 * without + Duration::from_secs(1)).collect();
    assert!(slow.len() < 3, "with the library, and without it: {slow:?}");
}
