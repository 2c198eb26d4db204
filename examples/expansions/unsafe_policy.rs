//! A policy with four mistakes: the errors come all at once, and the rest of the output is as ever.

use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(
    origins = ["https://app.example.com/", "http://intranet.example.com", "https://*.co.uk"],
    supports_credentials,
    credentials
)]
#[get("/account")]
fn account() -> &'static str {
    "account"
}
