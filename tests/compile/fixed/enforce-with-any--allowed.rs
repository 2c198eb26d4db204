use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = any, enforce, allow(enforce_with_any))]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
