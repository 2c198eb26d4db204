//! One origin, nothing else.

use cors_runtime::cross_origin;
use rocket::get;

/// One user.
#[cross_origin(origins = ["https://app.example.com"])]
#[get("/users/<id>")]
fn user(id: u64) -> String {
    format!("user {id}")
}
