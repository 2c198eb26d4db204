use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://preview.shop.checkout.staging.eu-west.example.com"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
