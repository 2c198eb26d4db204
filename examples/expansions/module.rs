//! A policy for all handlers of a module. The attribute writes itself above each of them, with the policy of the module.

#[cors_runtime::cross_origin(origins = ["https://app.example.com"])]
mod users {
    use cors_runtime::cross_origin;
    use rocket::{delete, get};

    #[get("/users/<id>")]
    pub fn user(id: u64) -> String {
        name(id)
    }

    /// With credentials, in addition to what the module says.
    #[cross_origin(inherit, credentials)]
    #[delete("/users/<id>")]
    pub fn remove(id: u64) -> String {
        name(id)
    }

    /// Not a handler.
    fn name(id: u64) -> String {
        format!("user {id}")
    }
}
