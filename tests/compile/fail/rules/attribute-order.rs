use cors_runtime::cross_origin;
use rocket::{get, routes};

#[get("/")]
#[cross_origin(origins = ["https://app.example.com"])]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
