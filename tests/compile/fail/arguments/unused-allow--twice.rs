use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(
    origins = ["http://app.example.com"],
    credentials,
    allow(insecure_origin_with_credentials, insecure_origin_with_credentials),
)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
