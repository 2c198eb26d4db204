use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(
    origins = ["http://app.example.com"],
    credentials,
    allow(insecure_origin_with_credentials),
)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
