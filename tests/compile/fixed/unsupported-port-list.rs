use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["http://localhost:3000", "http://localhost:8080"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
