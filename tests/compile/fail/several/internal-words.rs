//! What the attribute on a module writes on its handlers cannot be written by hand, and is checked all the same.
use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(__from_module(m, origins = ["http://intranet.example.com"], credentials))]
#[get("/1")]
fn one() {}

#[cross_origin(inherit, __module(m, origins = ["https://*.github.io"], credentials))]
#[get("/2")]
fn two() {}

#[cross_origin(__from_module(m, __broken))]
#[get("/3")]
fn three() {}

macro_rules! through_a_macro {
    ($($word:tt)*) => {
        #[cross_origin($($word)*)]
        #[get("/4")]
        fn four() {}
    };
}
through_a_macro!(__from_module(m, origins = any, credentials));

fn main() {
    let _ = routes![one, two, three, four];
}
