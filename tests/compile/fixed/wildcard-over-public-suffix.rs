use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://acme.s3.amazonaws.com"], credentials)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
