use cors_runtime::cross_origin;
use rocket::{get, routes};

const TEN_MINUTES: u32 = 600;

#[cross_origin(origins = ["https://app.example.com"], max_age = TEN_MINUTES)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
