//! An attribute between `cross_origin` and the route attribute that keeps the one and drops the other.

use cors_runtime::cross_origin;
use cors_tests_macros::keeps_the_route_only;
use rocket::{get, post, routes};

#[cross_origin(none)]
#[keeps_the_route_only]
#[post("/dropped")]
fn dropped() {}

#[cross_origin(origins = ["https://app.example.com"])]
mod annotated {
    use super::{get, keeps_the_route_only};

    #[tracing::instrument]
    #[keeps_the_route_only]
    #[get("/in-a-module/<id>")]
    pub async fn r#in(id: u64) {
        let _ = id;
    }
}

fn main() {
    #[cross_origin(none)]
    #[keeps_the_route_only]
    #[get("/in-a-body")]
    fn in_a_body() {}

    let _ = routes![dropped, annotated::r#in, in_a_body];
}
