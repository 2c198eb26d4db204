use cors_runtime::cross_origin;
use rocket::{catch, catchers};

#[catch(default)]
#[cross_origin(origins = ["https://app.example.com"])]
fn error() -> &'static str {
    "an error"
}

fn main() {
    let _ = catchers![error];
}
