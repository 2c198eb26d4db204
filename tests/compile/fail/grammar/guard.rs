use cors_runtime::cross_origin;
use rocket::{get, routes};

struct Session;

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/")]
fn index(_session: Session) -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
