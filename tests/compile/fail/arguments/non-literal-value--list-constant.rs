use cors_runtime::cross_origin;
use rocket::{get, routes};

const ORIGINS: [&str; 1] = ["https://app.example.com"];

#[cross_origin(origins = ORIGINS)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
