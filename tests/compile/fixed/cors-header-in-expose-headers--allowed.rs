use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(
    origins = ["https://app.example.com"],
    expose_headers = ["access-control-allow-origin"],
    allow(cors_header_in_expose_headers),
)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
