//! An `async` handler that borrows from the request.

use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = any)]
#[get("/greet/<name>?<title>")]
async fn greet<'r>(name: &'r str, title: Option<&'r str>) -> &'r str {
    title.unwrap_or(name)
}
