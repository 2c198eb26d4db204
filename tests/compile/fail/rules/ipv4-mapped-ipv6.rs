use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = ["http://[::ffff:c000:201]"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
