//! Policies with more origins than are compared one after the other.

use cors_runtime::{Decision, Policy, Served, cross_origin};
use cors_tests::{launch, shared};
use rocket::{get, routes};

#[cross_origin(origins = [
    "https://a.example.com",
    "https://b.example.com",
    "https://c.example.com",
    "https://d.example.com",
    "https://e.example.com",
    "https://f.example.com",
    "https://g.example.com",
    "https://h.example.com",
    "https://i.example.com",
    "https://*.j.example.com",
    "https://long-name.example.com:8443",
], debug_origins = ["http://localhost:*"])]
#[get("/many")]
fn many() {}

#[cross_origin(
    origins = ["https://a.example.com", "https://b.example.com", "https://c.example.com", "https://d.example.com"],
    debug_origins = ["http://localhost:3001", "http://localhost:3002", "http://localhost:3003", "http://[::1]:3004", "http://[::1]:3005"]
)]
#[get("/many-in-a-debug-build")]
fn many_in_a_debug_build() {}

#[cross_origin(origins = [
    "https://a.example.com",
    "https://b.example.com",
    "https://c.example.com",
    "https://d.example.com",
    "https://e.example.com",
    "https://f.example.com",
    "https://g.example.com",
    "https://h.example.com",
    "https://i.example.com",
], debug_origins = any)]
#[get("/any-in-a-debug-build")]
fn any_in_a_debug_build() {}

#[test]
fn each_of_many_origins_is_named() {
    let server = launch(rocket::build().mount("/", routes![many, many_in_a_debug_build, any_in_a_debug_build]));
    let is_debug = cfg!(debug_assertions);
    let lists = [
        (
            "/many",
            "abcdefghi",
            &["https://x.j.example.com", "https://long-name.example.com:8443"][..],
            "http://localhost:9",
        ),
        ("/many-in-a-debug-build", "abcd", &[], "http://[::1]:3005"),
    ];
    for (path, letters, others, of_debug_builds) in lists {
        let letters: Vec<_> = letters.chars().map(|letter| format!("https://{letter}.example.com")).collect();
        for origin in letters.iter().map(String::as_str).chain(others.iter().copied()) {
            assert!(shared(&server, "GET", path, origin), "{path} for {origin}");
        }
        assert_eq!(shared(&server, "GET", path, of_debug_builds), is_debug, "{path} for {of_debug_builds}");
        for origin in
            ["https://k.example.com", "http://a.example.com", "https://a.example.com:8443", "http://[::1]:9", "null"]
        {
            assert!(!shared(&server, "GET", path, origin), "{path} for {origin}");
        }
    }
    for (origin, is_listed) in [("https://i.example.com", true), ("https://k.example.com", false)] {
        assert_eq!(shared(&server, "GET", "/any-in-a-debug-build", origin), is_listed || is_debug, "{origin}");
    }
}

#[test]
fn so_is_each_of_a_policy_that_is_made_at_run_time() {
    let origins: Vec<_> = (0..100).map(|number| format!("https://t{number}.example.com")).collect();
    let policy = Policy::builder().origins(origins.iter().map(String::as_str)).leak().expect("a sound policy");
    let decide = |origin: &str| {
        let request = http::Request::get("/").header("origin", origin).body(()).expect("a request");
        let decision = Decision::new(&request, |_| Served::Shared(&policy));
        decision.refusal().is_none()
    };
    assert!(origins.iter().all(|origin| decide(origin)));
    assert!(!decide("https://t100.example.com"));
}
