use cors_runtime::cross_origin;
use rocket::post;

#[cross_origin(
    origins = ["https://app.example.com"],
    allow_headers = ["x-http-method-override"],
    allow(method_override_header),
)]
#[post("/")]
fn index() -> &'static str {
    "hello"
}
