use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
