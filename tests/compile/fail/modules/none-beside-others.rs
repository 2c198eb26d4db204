use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(none, credentials, enforce)]
#[get("/")]
fn index() {}

fn main() {
    let _ = routes![index];
}
