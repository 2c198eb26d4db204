use cors_runtime::{Origin, cross_origin};
use rocket::Request;

fn is_tenant(_: &Origin<'_>, _: &Request<'_>) -> bool {
    true
}

#[cross_origin(origins = ["https://a.example", check(self::is_tenant)])]
mod users {
    #[rocket::get("/")]
    pub fn user() {}

    #[cors_runtime::cross_origin(inherit, credentials)]
    #[rocket::post("/")]
    pub fn create() {}
}

#[cross_origin(policy = self::Partners)]
mod partners {
    #[rocket::get("/")]
    pub fn partner() {}
}

fn main() {}
