use cors_runtime::cross_origin;
use rocket::routes;

macro_rules! crud {
    ($name:ident, $uri:literal) => {
        #[rocket::post($uri)]
        pub fn $name() -> String {
            stringify!($name).to_owned()
        }
    };
}

#[cross_origin(origins = ["https://app.example.com"], credentials)]
mod api {
    #[rocket::get("/users")]
    pub fn users() {}

    crud!(items, "/items");
}

fn main() {
    let _ = routes![api::users, api::items];
}
