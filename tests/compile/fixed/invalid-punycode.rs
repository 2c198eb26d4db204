use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://xn--mnchen-3ya.de"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
