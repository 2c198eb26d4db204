use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://*.github.io"], credentials, allow(public_suffix_wildcard))]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
