use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(debug_origins = ["http://localhost:3000"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
