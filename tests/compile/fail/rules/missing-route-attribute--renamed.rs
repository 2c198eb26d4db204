use cors_runtime::cross_origin;
use rocket::get as fetch;
use rocket::routes;

#[cross_origin(origins = ["https://app.example.com"])]
#[fetch("/users")]
fn list() {}

fn main() {
    let _ = routes![list];
}
