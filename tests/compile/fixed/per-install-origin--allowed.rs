use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(
    origins = ["https://app.example.com", "moz-extension://d1e64a45-3c9f-4b2a-9d0a-6f0f6a4d7c11"],
    allow(per_install_origin),
)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
