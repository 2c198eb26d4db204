//! Path, query, data and request guards go through to the handler.

use cors_runtime::cross_origin;
use rocket::serde::{Deserialize, Serialize};
use rocket::{State, http::CookieJar, post, serde::json::Json};

#[derive(Deserialize, Serialize)]
#[serde(crate = "rocket::serde")]
struct Order {
    item: String,
}

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
#[post("/orders/<id>?<express>", format = "json", data = "<order>", rank = 2)]
fn order(
    id: u64,
    express: Option<bool>,
    order: Json<Order>,
    last: &State<u64>,
    _: &CookieJar<'_>,
) -> Option<Json<Order>> {
    (id <= **last && express != Some(false)).then_some(order)
}
