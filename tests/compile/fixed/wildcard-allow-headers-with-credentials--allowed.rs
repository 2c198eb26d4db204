use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(
    origins = ["https://app.example.com"],
    credentials,
    allow_headers = any,
    allow(wildcard_allow_headers_with_credentials),
)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
