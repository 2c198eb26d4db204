use cors_runtime::cross_origin;
use rocket::{get, routes};

macro_rules! shared {
    ($name:ident, $uri:literal) => {
        #[cross_origin(origins = ["https://app.example.com/"])]
        #[get($uri)]
        fn $name() -> &'static str {
            "hello"
        }
    };
}

shared!(index, "/");

fn main() {
    let _ = routes![index];
}
