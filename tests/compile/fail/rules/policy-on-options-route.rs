use cors_runtime::cross_origin;
use rocket::{options, routes};

#[cross_origin(origins = ["https://app.example.com"])]
#[options("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
