use cors_runtime::cross_origin;
use rocket::routes;

#[cross_origin(origins = ["https://app.example.com"])]
#[cross_origin(origins = any)]
mod api {
    #[rocket::get("/users")]
    pub fn users() {}
}

fn main() {
    let _ = routes![api::users];
}
