use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["http://192.0.2.1"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
