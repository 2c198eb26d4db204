use cors_runtime::cross_origin;
use rocket::routes;

macro_rules! crud {
    ($name:ident, $uri:literal) => {
        #[cors_runtime::cross_origin(origins = ["https://app.example.com"], credentials)]
        #[rocket::post($uri)]
        pub fn $name() -> String {
            stringify!($name).to_owned()
        }
    };
}

crud!(items, "/items");

#[cross_origin(origins = ["https://app.example.com"], credentials)]
mod api {
    #[rocket::get("/users")]
    pub fn users() {}
}

fn main() {
    let _ = routes![api::users, items];
}
