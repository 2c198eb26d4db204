use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = [config("partners"), "https://app.example.com", config("partners")])]
#[get("/")]
fn index() {}

fn main() {
    let _ = routes![index];
}
