use cors_runtime::cross_origin;
use rocket::{post, routes};

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["x-http-method-override"])]
#[post("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
