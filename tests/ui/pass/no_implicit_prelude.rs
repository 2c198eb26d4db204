//! The output names everything by its full path.
#![no_implicit_prelude]


mod handlers {
    use ::cors_runtime::cross_origin;
    use ::rocket::get;

    #[cross_origin(origins = ["https://app.example.com"], debug_origins = ["http://localhost:*"], credentials)]
    #[get("/users/<id>")]
    pub fn user(id: u64) -> u64 {
        id
    }
}

fn main() {
    let routes = ::rocket::routes![handlers::user];
    ::std::assert_eq!(::std::vec::Vec::len(&routes), 1);
}
