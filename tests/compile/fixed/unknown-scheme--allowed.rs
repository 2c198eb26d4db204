use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["htps://app.example.com"], allow(unknown_scheme))]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
