use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://shop-git-rewrite-checkout-acme-team.example.com"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
