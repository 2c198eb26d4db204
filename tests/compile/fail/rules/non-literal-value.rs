use cors_runtime::cross_origin;
use rocket::{get, routes};

const APP: &str = "https://app.example.com";

#[cross_origin(origins = [APP])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
