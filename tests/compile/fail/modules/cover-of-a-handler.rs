use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://app.example.com"])]
struct Partners;

#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = Partners.cover(index);
}
