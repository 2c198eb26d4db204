use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(
    origins = ["https://*.amazonaws.com"],
    credentials,
    allow(wildcard_over_public_suffix),
)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
