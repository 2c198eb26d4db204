use cors_runtime::cross_origin;
use rocket::{Route, get, routes};

#[cross_origin(none)]
mod api {
    pub mod inner {
        use super::super::*;

        pub fn routes() -> Vec<Route> {
            let more = || {
                #[cfg_attr(all(), allow(unused), get("/inner"))]
                pub(crate) async fn inner() {}
                routes![inner]
            };
            more()
        }
    }
}

fn main() {
    let _ = api::inner::routes();
}
