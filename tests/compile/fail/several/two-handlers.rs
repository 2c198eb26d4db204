use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = any, credentials)]
#[get("/users")]
fn users() -> &'static str {
    "users"
}

#[cross_origin(origins = ["https://app.example.com/"])]
#[get("/items")]
fn items() -> &'static str {
    "items"
}

fn main() {
    let _ = routes![users, items];
}
