use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(
    origins = ["https://app.example.com"],
    expose_headers = ["content-type", "x-request-id"],
    allow(redundant_exposed_header),
)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
