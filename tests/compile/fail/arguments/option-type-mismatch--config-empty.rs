use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = [config("")])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
