use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = ["http://localhost:[3000,8080]"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
