use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["http://[::1]:3000"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
