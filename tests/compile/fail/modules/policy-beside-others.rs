use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = ["https://app.example.com"])]
struct Partners;

#[cross_origin(policy = Partners, credentials)]
#[get("/")]
fn index() {}

fn main() {
    let _ = routes![index];
}
