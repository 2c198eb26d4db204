use cors_runtime::cross_origin;
use rocket::serde::json::Json;
use rocket::{get, put, routes};

#[cross_origin(origins = ["https://app.example.com"])]
mod items {
    use super::*;

    #[get("/items")]
    pub fn list() {}

    pub mod inner {
        use super::*;

        #[put("/items", format = "json", data = "<item>")]
        pub fn add(item: Json<String>) -> String {
            item.into_inner()
        }
    }
}

fn main() {
    let _ = routes![items::list, items::inner::add];
}
