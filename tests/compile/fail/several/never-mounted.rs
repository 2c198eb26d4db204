//! A handler that is never mounted is as dead as without the attribute.
#![deny(dead_code)]

use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/")]
fn forgotten() {}

fn main() {}
