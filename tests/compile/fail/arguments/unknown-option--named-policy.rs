use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = any)]
struct Partners;

#[cross_origin(Partners)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = Partners;
    let _ = routes![index];
}
