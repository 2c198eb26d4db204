use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://xn--mller-kva.example"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
