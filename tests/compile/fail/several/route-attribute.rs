//! Rocket reports what is wrong with a route attribute, once.
#[macro_use]
extern crate rocket;

use cors_runtime::cross_origin;

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/", format = "jsn")]
fn format() {}

mod inner {
    #[cors_runtime::cross_origin(origins = ["https://app.example.com"])]
    #[post("/<_>?<_>")]
    pub fn query() {}

    #[cors_runtime::cross_origin(origins = ["https://app.example.com"])]
    #[rocket::route("/")]
    pub fn method() {}
}

fn main() {
    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/<id>/<id>")]
    fn in_a_body(id: u8) {}

    let _ = routes![format, inner::query, inner::method, in_a_body];
}
