use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = ["HTTPS://App.Example.com:443/"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
