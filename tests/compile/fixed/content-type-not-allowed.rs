use cors_runtime::cross_origin;
use rocket::serde::json::Json;
use rocket::post;

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
#[post("/items", format = "json", data = "<item>")]
fn add(item: Json<String>) -> String {
    item.into_inner()
}
