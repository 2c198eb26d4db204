use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = ["https://app.example.com", "file:///index.html"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
