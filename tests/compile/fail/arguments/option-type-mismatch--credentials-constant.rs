use cors_runtime::cross_origin;
use rocket::{get, routes};

const SHARED: bool = true;

#[cross_origin(origins = ["https://app.example.com"], credentials = SHARED)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
