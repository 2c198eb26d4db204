use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(
    origins = ["https://app.example.com"],
    allow_headers = ["access-control-request-private-network"],
    allow(private_network_header),
)]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
