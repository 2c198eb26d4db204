use cors_runtime::cross_origin;
use rocket::routes;

macro_rules! limits {
    ($($name:ident = $value:literal;)*) => {
        $(pub const $name: usize = $value;)*
    };
}

#[cross_origin(origins = ["https://app.example.com"], credentials, allow(unseen_items))]
mod api {
    limits! { MOST_USERS = 100; }

    #[rocket::get("/users")]
    pub fn users() -> String {
        format!("at most {MOST_USERS}")
    }
}

fn main() {
    let _ = routes![api::users];
}
