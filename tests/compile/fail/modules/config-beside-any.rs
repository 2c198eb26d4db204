use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = [any, config("partners")])]
#[get("/")]
fn index() {}

fn main() {
    let _ = routes![index];
}
