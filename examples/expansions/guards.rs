//! Path, query, data and request guards go through to the handler.

use cors_runtime::cross_origin;
use rocket::{State, http::CookieJar, post, serde::json::Json};

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
#[post("/orders/<id>?<express>", format = "json", data = "<order>", rank = 2)]
fn order(id: u64, express: Option<bool>, order: Json<Order>, count: &State<u64>, _: &CookieJar<'_>) -> Option<Json<Order>> {
    todo!("{id} {express:?} {count}")
}
