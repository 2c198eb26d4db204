use cors_runtime::cross_origin;
use rocket::options;

#[cross_origin(origins = ["https://app.example.com"], allow(policy_on_options_route))]
#[options("/")]
fn index() -> &'static str {
    "hello"
}
