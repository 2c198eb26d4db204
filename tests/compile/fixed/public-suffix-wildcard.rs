use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://acme.github.io"], credentials)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
