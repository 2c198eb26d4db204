use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["app://."])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
