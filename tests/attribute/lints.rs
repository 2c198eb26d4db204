//! Lints are about what the user wrote: clippy says nothing of what stands beside a handler, also where its lints are
//! forbidden, so that nothing can allow them.
//!
//! Whether it does is seen when clippy runs.
#![forbid(clippy::pedantic, clippy::nursery)]

use cors_runtime::cross_origin;
use cors_tests::{APP, serve, shared};
use rocket::{get, routes};

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/<one>/<two>/<three>?<four>&<five>&<six>&<seven>")]
fn sum(one: u8, two: u8, three: u8, four: u8, five: u8, six: u8, seven: u8) -> String {
    let sum: u8 = [one, two, three, four, five, six, seven].iter().sum();
    sum.to_string()
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/lifetimes/<name>")]
async fn lifetimes(name: &str, method: rocket::http::Method) -> Option<&str> {
    std::future::ready((method == rocket::http::Method::Get).then_some(name)).await
}

#[cross_origin(origins = ["https://app.example.com"])]
#[rustfmt::skip]
#[get("/between/<_ignored>")]
fn between(_ignored: u8, name: rocket::http::Method) -> &'static str {
    name.as_str()
}

#[test]
fn they_are_shared() {
    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/in-a-body/<name>")]
    fn in_a_body(name: &str) -> &str {
        name
    }

    let server = serve(routes![sum, lifetimes, between, in_a_body]);
    assert!(
        shared(&server, "GET", "/1/2/3?four=4&five=5&six=6&seven=7", APP)
            && shared(&server, "GET", "/lifetimes/a", APP)
            && shared(&server, "GET", "/between/1", APP)
            && shared(&server, "GET", "/in-a-body/a", APP)
    );
}
