use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(
    origins = ["https://app.example.com/", "https://admin.example.com", "HTTPS://example.org"],
    debug_origins = ["localhost:3000"],
    credentials = "true",
    allow_headers = ["content-type, authorization", "cookie"],
    expose_headers = ["set-cookie"],
    max_age = -1,
    methods = ["GET"],
    allow(trailing_slash),
)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
