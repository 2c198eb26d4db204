use cors_runtime::cross_origin;
use rocket::routes;

#[cross_origin(origins = ["https://app.example.com"])]
mod api {
    use rocket::put as test;

    #[test("/items")]
    pub fn items() {}

    #[rocket::get("/users")]
    pub fn users() {}
}

fn main() {
    let _ = routes![api::items, api::users];
}
