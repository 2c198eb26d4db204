//! Cookies, for exact origins and for patterns; headers both ways; a preflight that is remembered.

use cors_runtime::cross_origin;
use rocket::{delete, serde::json::Json};

#[cross_origin(
    origins = ["https://app.example.com", "https://admin.example.com:8443", "https://*.example.org"],
    credentials,
    allow_headers = ["Content-Type", "X-CSRF-Token"],
    expose_headers = ["ETag"],
    max_age = 600
)]
#[delete("/carts/<id>")]
pub fn clear(id: u64) -> Json<u64> {
    Json(id)
}
