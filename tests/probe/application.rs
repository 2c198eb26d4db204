//! An application of which `cargo cors probe` knows the answers, and that tests run behind a proxy.

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Origin, cross_origin};
use rocket::{Build, Request, Rocket, delete, get, post, routes};

/// The application. Its configuration may name origins of its own.
pub(crate) fn rocket() -> Rocket<Build> {
    let routes =
        routes![profile, export, item, remove, feed, messages, small, partners, search, tenants, status, log, webhook];
    rocket::build().attach(CrossOrigin::fairing()).mount("/api", routes)
}

#[cross_origin(origins = ["https://app.example.com"], credentials, expose_headers = ["x-total"])]
#[get("/profile")]
fn profile() -> &'static str {
    "Ada"
}

#[cross_origin(origins = ["https://app.example.com"], enforce)]
#[get("/export")]
fn export() -> &'static str {
    "everything"
}

#[cross_origin(origins = ["https://*.example.com"])]
#[get("/items/<id>")]
fn item(id: u64) -> Option<String> {
    (id < 10).then(|| format!("item {id}"))
}

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["x-reason"], max_age = 600)]
#[delete("/items/<id>")]
fn remove(id: u64) -> String {
    format!("item {id} is gone")
}

#[cross_origin(origins = any)]
#[get("/feed")]
fn feed() -> &'static str {
    "news"
}

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
#[post("/messages", format = "json", data = "<text>")]
fn messages(text: String) -> String {
    text
}

/// No value that is asked for is one of its parameter.
#[cross_origin(origins = ["https://app.example.com"])]
#[get("/small/<number>?<page>")]
fn small(number: u8, page: Option<u8>) -> String {
    format!("{number} {page:?}")
}

#[cross_origin(none)]
#[get("/partners")]
fn partners() -> &'static str {
    "nobody's"
}

#[cross_origin(
    origins = ["https://app.example.com"], credentials, allow_headers = any,
    allow(wildcard_allow_headers_with_credentials)
)]
#[get("/search")]
fn search() -> &'static str {
    "found"
}

async fn is_tenant(_: &Origin<'_>, _: &Request<'_>) -> bool {
    false
}

/// Only a real request shows who reads the answer.
#[cross_origin(origins = [check(is_tenant)])]
#[delete("/tenants")]
fn tenants() {}

/// The application shares neither this route nor those below it.
#[get("/status")]
fn status() -> &'static str {
    "well"
}

#[get("/logs/<day>")]
fn log(day: &str) -> &str {
    day
}

#[post("/webhook")]
fn webhook() {}
