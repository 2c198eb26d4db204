//! Another attribute stands in between: it is expanded first, and then `#[cross_origin]` once more.

use cors_runtime::cross_origin;
use rocket::delete;
use rocket_grants::protect;

#[cross_origin(origins = ["https://app.example.com"])]
#[allow(clippy::unused_async)]
#[protect("ADMIN")]
#[delete("/users")]
async fn clear() {}
