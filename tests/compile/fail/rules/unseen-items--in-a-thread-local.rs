use cors_runtime::cross_origin;
use rocket::{Route, get, routes};

#[cross_origin(none)]
mod api {
    use super::*;

    thread_local! {
        pub static ROUTES: Vec<Route> = {
            #[get("/static")]
            fn of_a_static() {}
            routes![of_a_static]
        };
    }
}

fn main() {
    let _ = api::ROUTES.with(Vec::clone);
}
