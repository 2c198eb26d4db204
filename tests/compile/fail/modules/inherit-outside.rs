use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(inherit, origins = ["https://app.example.com"])]
#[get("/")]
fn index() {}

fn main() {
    let _ = routes![index];
}
