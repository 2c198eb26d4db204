//! A policy for all handlers of a module. The attribute writes itself above each of them, with the policy of the module.
//!
//! This is what `#[cross_origin]` generates for the file of the same name beside this one.


mod users {
    use cors_runtime::cross_origin;
    use rocket::{delete, get};
    #[::cors_runtime::__private::cross_origin(
        __from_module(users, origins = ["https://app.example.com"])
    )]
    #[get("/users/<id>")]
    pub fn user(id: u64) -> String {
        name(id)
    }
    /// With credentials, in addition to what the module says.
    #[cross_origin(
        inherit,
        credentials,
        __module(users, origins = ["https://app.example.com"])
    )]
    #[delete("/users/<id>")]
    pub fn remove(id: u64) -> String {
        name(id)
    }
    /// Not a handler.
    fn name(id: u64) -> String {
        format!("user {id}")
    }
}

const _: () = {
    #[allow(unused_imports)]
    use ::cors_runtime::__private::arguments::origins as _;
};
