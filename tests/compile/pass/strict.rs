//! The output passes the strictest settings of a crate.
#![forbid(unreachable_pub)]
#![forbid(unsafe_code)]
#![deny(warnings)]
#![deny(
    deprecated_in_future,
    elided_lifetimes_in_paths,
    missing_docs,
    nonstandard_style,
    single_use_lifetimes,
    unreachable_pub,
    unused,
    unused_qualifications,
    future_incompatible,
    rust_2018_idioms,
    let_underscore
)]
#![deny(clippy::all, clippy::pedantic)]

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use rocket::{State, get, post, routes};

#[cross_origin(
    origins = ["https://app.example.com", "https://*.example.com", "http://localhost:3000"],
    debug_origins = ["http://localhost:*"],
    credentials,
    allow_headers = ["content-type"],
    expose_headers = ["x-total"],
    max_age = 600,
    enforce,
    allow(shadowed_origin)
)]
#[get("/users/<id>?<page>")]
async fn user(id: u64, page: Option<u8>, count: &State<usize>) -> String {
    std::future::ready(()).await;
    format!("{id} {page:?} {count}")
}

#[cross_origin(origins = any)]
#[post("/echo", data = "<body>")]
fn echo(body: String) -> String {
    body
}

async fn is_partner(origin: &cors_runtime::Origin<'_>, _: &rocket::Request<'_>) -> bool {
    origin.is_subdomain_of("example.com")
}

/// With functions that the attribute cannot tell from handlers.
#[cross_origin(origins = [check(is_partner)], credentials)]
mod api {
    #[rocket::get("/status")]
    pub(super) fn status() -> &'static str {
        "up"
    }

    #[rocket::catch(404)]
    pub(super) fn not_found() -> &'static str {
        "nothing here"
    }
}

fn main() {
    let rocket = rocket::build().attach(CrossOrigin::fairing()).mount("/", routes![user, echo, api::status]);
    drop(rocket.register("/", rocket::catchers![api::not_found]));
}
