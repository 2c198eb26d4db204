use cors_runtime::cross_origin;
use rocket::{get, routes};

struct Partners;

#[cross_origin(policy = Partners)]
#[get("/")]
fn index() {}

fn main() {
    let _ = routes![index];
}
