use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["http://127.0.0.1:3000"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
