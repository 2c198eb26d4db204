use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = ["https://shop-git-rewrite-the-checkout-with-the-new-payment-provider-acme-team.example.com"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
