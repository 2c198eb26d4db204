use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/")]
fn index() -> u128 {
    42
}

fn main() {
    let _ = routes![index];
}
