use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://app.example.com"], max_age = 86_400)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
