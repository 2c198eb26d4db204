use cors_runtime::cross_origin;
use rocket::routes;

#[cross_origin(origins = ["https://app.example.com/"])]
mod api {
    use rocket::get;

    #[get("/one")]
    pub fn one() {}

    #[get("/two")]
    pub fn two() {}

    pub mod nested {
        #[rocket::get("/three")]
        pub fn three() {}
    }
}

fn main() {
    let _ = routes![api::one, api::two, api::nested::three];
}
