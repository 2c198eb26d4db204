use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["http://localhost:*"], credentials, allow(any_port_with_credentials))]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
