use cors_runtime::cross_origin;
use rocket::routes;

#[cross_origin(origins = any)]
mod api {
    use cors_runtime::cross_origin;
    use rocket::get;

    #[cross_origin(inherit, credentials)]
    #[get("/one")]
    pub fn one() {}

    #[cross_origin(none)]
    #[get("/two")]
    pub fn two() {}
}

fn main() {
    let _ = routes![api::one, api::two];
}
