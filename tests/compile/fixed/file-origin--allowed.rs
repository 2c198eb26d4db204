use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["file://"], allow(file_origin))]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
