use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = ["http://*.192.168.1.30:3000"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
