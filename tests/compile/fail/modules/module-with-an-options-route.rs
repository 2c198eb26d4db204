use cors_runtime::cross_origin;
use rocket::routes;

#[cross_origin(origins = ["https://app.example.com"])]
mod api {
    use rocket::{get, options};

    #[get("/one")]
    pub fn one() {}

    #[options("/one")]
    pub fn two() {}
}

fn main() {
    let _ = routes![api::one, api::two];
}
