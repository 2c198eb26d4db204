use cors_runtime::cross_origin;
use rocket::serde::json::Json;
use rocket::{post, routes};

#[cross_origin(origins = ["https://app.example.com"])]
#[post("/items", format = "json", data = "<item>")]
fn add(item: Json<String>) -> String {
    item.into_inner()
}

fn main() {
    let _ = routes![add];
}
