use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["http://[::ffff:c000:201]"], allow(ipv4_mapped_ipv6))]
#[get("/")]
fn index() -> &'static str {
    "hello"
}
