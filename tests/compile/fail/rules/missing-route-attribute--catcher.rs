use cors_runtime::cross_origin;
use rocket::{catch, catchers};

#[cross_origin(origins = ["https://app.example.com"])]
#[catch(404)]
fn not_found() -> &'static str {
    "not here"
}

fn main() {
    let _ = catchers![not_found];
}
