use cors_runtime::cross_origin;
use rocket::routes;

#[cross_origin(origins = any)]
mod api {
    #[rocket::get("/users")]
    pub fn users() {}

    std::include!("../several/module-in-another-file/handlers.rs");
}

fn main() {
    let _ = routes![api::users];
}
