use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(
    origins = ["https://*.example.com", "https://app.example.com"],
    allow(shadowed_origin),
)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
