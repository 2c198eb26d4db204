use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://app.example.com"], enforce)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
