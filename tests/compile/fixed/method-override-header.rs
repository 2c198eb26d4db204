use cors_runtime::cross_origin;
use rocket::{delete, post};

#[cross_origin(origins = ["https://app.example.com"])]
#[post("/")]
fn create() -> &'static str {
    "created"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[delete("/")]
fn delete() -> &'static str {
    "deleted"
}
