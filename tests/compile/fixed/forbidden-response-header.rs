use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://app.example.com"], expose_headers = ["x-request-id"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
