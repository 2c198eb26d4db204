//! Several applications in one process, and several fairings in one application.

use std::sync::atomic::{AtomicU64, Ordering};

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use cors_tests::{APP, EVIL, Server, call, granted, shared};
use rocket::fairing::AdHoc;
use rocket::local::blocking::Client;
use rocket::{Build, Rocket, get, put, routes};

#[cross_origin(origins = any)]
#[put("/items")]
fn public_put() {}

#[put("/items")]
fn admin_put() {}

#[cross_origin(origins = [config("tenants")], credentials)]
#[get("/tenants")]
fn tenants() {}

#[test]
fn a_cloned_fairing_has_a_state_for_each_application() {
    let cors = CrossOrigin::fairing();
    let rocket = |tenant: &str| {
        let figment = rocket::Config::figment().merge(("cors.tenants", [tenant]));
        rocket::custom(figment).attach(cors.clone()).mount("/", routes![tenants])
    };
    let public = Server::launch(rocket(APP).mount("/", routes![public_put])).expect("launches");
    let admin = Server::launch(rocket("https://staff.example.com").mount("/", routes![admin_put])).expect("launches");
    assert!(granted(&public, "PUT", "/items", EVIL));
    assert!(!granted(&admin, "PUT", "/items", EVIL), "the policy of the other application");
    assert!(shared(&public, "GET", "/tenants", APP) && !shared(&admin, "GET", "/tenants", APP));
    let staff = "https://staff.example.com";
    assert!(!shared(&public, "GET", "/tenants", staff) && shared(&admin, "GET", "/tenants", staff));
}

#[cross_origin(origins = any)]
#[get("/public/<_number>")]
fn public(_number: u8) {}

#[get("/secrets/<_number>")]
fn secrets(_number: u8) {}

/// The routes of an application that is gone leave their addresses to those of the next one.
#[test]
fn relaunches_with_a_cloned_fairing_do_not_hand_on_policies() {
    let cors = CrossOrigin::fairing();
    let figment = || rocket::Config::figment().merge(("log_level", "off"));
    for index in 0..300 {
        let routes = if index % 2 == 0 { routes![public] } else { routes![secrets] };
        let rocket = rocket::custom(figment()).attach(cors.clone()).mount("/", routes);
        let client = Client::untracked(rocket).expect("launches");
        let path = if index % 2 == 0 { "/public/7" } else { "/secrets/7" };
        let response = client.get(path).header(rocket::http::Header::new("Origin", EVIL)).dispatch();
        let allowed = response.headers().get_one("Access-Control-Allow-Origin");
        assert_eq!(allowed, (index % 2 == 0).then_some("*"), "launch {index}");
    }
}

#[cross_origin(origins = ["https://app.example.com"])]
struct Pages;

#[cross_origin(origins = ["https://other.example.com"])]
struct Others;

static TOLD: [AtomicU64; 3] = [const { AtomicU64::new(0) }; 3];

/// A fairing with a fallback, and a hook that counts.
fn counting(index: usize) -> CrossOrigin {
    CrossOrigin::fairing().on_refusal(move |_| {
        TOLD[index].fetch_add(1, Ordering::Relaxed);
    })
}

fn assert_merged(rocket: Rocket<Build>, indices: [usize; 2]) {
    let told = || indices.map(|index| TOLD[index].load(Ordering::Relaxed));
    let server = Server::launch(rocket.mount("/", routes![public_put])).expect("launches");
    assert!(shared(&server, "GET", "/a/nowhere", APP), "the fallback of the first one");
    assert!(shared(&server, "GET", "/b/nowhere", "https://other.example.com"), "the fallback of the second one");
    assert!(granted(&server, "PUT", "/items", APP));
    let before = told();
    assert_eq!(call(&server, "GET", "/a/nowhere", EVIL).status, 404);
    assert_eq!(told(), before.map(|count| count + 1), "each hook is called once");
}

#[test]
fn attached_twice_nothing_is_lost() {
    let (a, b) = (|| counting(0).fallback("/a", Pages), || counting(1).fallback("/b", Others));
    assert_merged(rocket::build().attach(a()).attach(b()), [0, 1]);
    assert_merged(rocket::build().attach(b()).attach(a()), [0, 1]);
    // Clones have the hook in common.
    let both = counting(2).fallback("/a", Pages).fallback("/b", Others);
    assert_merged(rocket::build().attach(both.clone()).attach(both), [2, 2]);
}

#[test]
fn attached_again_by_a_stage_nothing_is_lost() {
    let stage = |cors: CrossOrigin| AdHoc::on_ignite("Stage", move |rocket| async move { rocket.attach(cors) });
    let (a, b) = (|| CrossOrigin::fairing().fallback("/a", Pages), || CrossOrigin::fairing().fallback("/b", Others));
    for rocket in [
        rocket::build().attach(a()).attach(stage(b())),
        rocket::build().attach(stage(b())).attach(a()),
        rocket::build().attach(stage(a())).attach(stage(b())),
    ] {
        let server = Server::launch(rocket.mount("/", routes![public_put])).expect("launches");
        assert!(shared(&server, "GET", "/a/nowhere", APP));
        assert!(shared(&server, "GET", "/b/nowhere", "https://other.example.com"));
        assert!(granted(&server, "PUT", "/items", APP));
    }
}

#[test]
fn the_fairing_in_the_managed_state_is_not_attached() {
    let rocket = || rocket::build().manage(CrossOrigin::fairing()).mount("/", routes![public_put]);
    let refused = Server::launch(rocket()).expect_err("refused");
    assert!(refused.contains("Attached"), "{refused}");
    assert!(Server::launch(rocket().attach(CrossOrigin::fairing())).is_ok());
}

#[test]
fn two_policies_for_one_base_refuse_the_launch() {
    let rocket = |base| {
        let first = CrossOrigin::fairing().fallback("/a", Pages);
        rocket::build().attach(first).attach(CrossOrigin::fairing().fallback(base, Others))
    };
    for base in ["/a", "/a/", "//a", "/%61"] {
        let refused = Server::launch(rocket(base)).expect_err("refused");
        assert!(refused.contains("SoundPolicies"), "{base}: {refused}");
    }
    assert!(Server::launch(rocket("/a/b")).is_ok());
}
