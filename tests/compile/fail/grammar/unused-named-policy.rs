//! A policy that nothing uses is dead code, and one that a handler or `cover` uses is not.
#![deny(dead_code)]

use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = ["https://unused.example.com"])]
struct Unused;

#[cross_origin(origins = ["https://app.example.com"])]
struct OnHandler;

#[cross_origin(origins = ["https://app.example.com"])]
struct Covers;

#[cross_origin(policy = OnHandler)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = (routes![index], Covers.cover(routes![]));
}
