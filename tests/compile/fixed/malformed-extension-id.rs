use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["chrome-extension://abcdefghijklmnopabcdefghijklmnop"])]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
