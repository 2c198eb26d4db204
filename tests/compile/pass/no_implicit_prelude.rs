//! The output names everything by its full path.
#![no_implicit_prelude]

mod handlers {
    use ::cors_runtime::cross_origin;
    use ::rocket::get;
    // Rocket's own output needs these names.
    use ::std;
    use ::std::convert::Into;
    use ::std::option::Option::{None, Some};
    use ::std::string::{String, ToString};

    #[cross_origin(origins = ["https://app.example.com"], debug_origins = ["http://localhost:*"], credentials)]
    #[get("/users/<id>")]
    pub(super) fn user(id: u64) -> String {
        id.to_string()
    }

    #[cross_origin(origins = any, allow_headers = any, expose_headers = any, max_age = 600, enforce, allow(enforce_with_any))]
    #[get("/time")]
    pub(super) async fn time() -> &'static str {
        ::std::future::ready("now").await
    }
}

#[::cors_runtime::cross_origin(none)]
mod closed {
    use ::std::convert::Into;

    #[::rocket::post("/closed")]
    pub(super) fn post() {}

    #[::rocket::async_test]
    async fn no_handler() {}
}

fn main() {
    // And so does `routes!`.
    use ::std::vec;
    let routes = ::rocket::routes![handlers::user, handlers::time, closed::post];
    ::std::assert_eq!(::std::vec::Vec::len(&routes), 3);
}
