use cors_runtime::cross_origin;
use rocket::{Request, catch, catchers};

#[catch(404)]
#[cross_origin(origins = ["https://app.example.com"])]
fn not_found(request: &Request<'_>) -> String {
    format!("{} is not here", request.uri())
}

fn main() {
    let _ = catchers![not_found];
}
