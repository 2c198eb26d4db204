use cors_runtime::cross_origin;
use rocket::routes;

#[cross_origin(origins = ["https://app.example.com"], credentials)]
mod api {
    use rocket::get;

    #[get("/one")]
    pub fn one() -> String {
        7_u8
    }
}

fn main() {
    let _ = routes![api::one];
}
