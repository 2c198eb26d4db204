use cors_runtime::cross_origin;
use rocket::{get, routes};

macro_rules! shared {
    ($name:ident, $origin:literal) => {
        #[cross_origin(origins = [$origin])]
        #[get("/")]
        fn $name() -> &'static str {
            "hello"
        }
    };
}

shared!(index, "https://app.example.com/");

fn main() {
    let _ = routes![index];
}
