use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = ["https://app.example.com/"])]
struct Partners;

#[get("/")]
fn index() -> &'static str {
    "hello"
}

#[cross_origin(policy = Partners)]
#[get("/items")]
fn items() {}

fn main() {
    let _ = Partners.cover(routes![index, items]);
}
