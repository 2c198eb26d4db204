use cors_runtime::cross_origin;
use rocket::catchers;

#[cross_origin(none)]
mod api {
    use rocket::catch;

    #[catch(404)]
    pub fn not_found() -> &'static str {
        "not here"
    }
}

fn main() {
    let _ = catchers![api::not_found];
}
