use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://example.org"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
