//! The crate under another name: `crate = …` takes an absolute path.

// In the root this makes `::renamed` a name, as a renamed dependency would.
extern crate cors_runtime as renamed;

use rocket::{get, routes};

/// What another crate might re-export.
pub mod web {
    pub use ::renamed::cross_origin;
    /// Under a name that it chooses.
    pub mod cors {
        pub use ::renamed::*;
    }
}

mod extern_crate {
    use ::renamed::cross_origin;
    use rocket::get;

    #[cross_origin(origins = ["https://app.example.com"], crate = ::renamed)]
    #[get("/extern-crate")]
    pub(crate) fn handler() {}
}

mod re_exported {
    use crate::web::cross_origin;
    use rocket::get;

    #[cross_origin(origins = ["https://app.example.com", "https://*.example.org"], credentials, crate = crate::web::cors)]
    #[get("/re-exported")]
    pub(crate) fn handler() {}
}

// An item of the root is reached through `crate` as well.
#[renamed::cross_origin(origins = any, crate = crate::renamed)]
#[get("/root")]
fn root() {}

macro_rules! shared {
    ($name:ident, $uri:literal) => {
        #[$crate::web::cross_origin(origins = ["https://app.example.com"], crate = $crate::web::cors)]
        #[get($uri)]
        fn $name() -> &'static str {
            "hello"
        }
    };
}

shared!(in_a_macro, "/in-a-macro");

fn main() {
    let routes = routes![extern_crate::handler, re_exported::handler, root, in_a_macro];
    let names: Vec<_> = routes.iter().filter_map(|route| route.name.as_deref()).collect();
    assert_eq!(names, ["handler", "handler", "root", "in_a_macro"]);
}
