use cors_runtime::{Origin, cross_origin};
use rocket::{get, routes};

fn is_tenant(origin: &Origin<'_>, _: &rocket::Request<'_>) -> bool {
    origin.is_subdomain_of("tenants.example.com")
}

#[cross_origin(origins = [check(is_tenant)])]
#[get("/")]
fn index() {}

fn main() {
    let _ = routes![index];
}
