//! A handler that another crate mounts, and names in `uri!`.

use cors_runtime::cross_origin;
use rocket::get;

/// The number in its path.
#[cross_origin(origins = ["https://app.example.com"])]
#[get("/published/<id>?<page>")]
#[must_use]
pub fn published(id: u64, page: Option<u8>) -> String {
    let _ = page;
    id.to_string()
}
