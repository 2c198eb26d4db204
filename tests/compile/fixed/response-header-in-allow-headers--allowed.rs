use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(
    origins = ["https://app.example.com"],
    allow_headers = ["etag"],
    allow(response_header_in_allow_headers),
)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
