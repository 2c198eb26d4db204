use cors_runtime::cross_origin;
use rocket::serde::json::Json;
use rocket::{route, routes};

#[cross_origin(origins = ["https://app.example.com"])]
#[route(PUT, uri = "/items", format = "application/json; charset=utf-8", data = "<item>")]
fn add(item: Json<String>) -> String {
    item.into_inner()
}

fn main() {
    let _ = routes![add];
}
