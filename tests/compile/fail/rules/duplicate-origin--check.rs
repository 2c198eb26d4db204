use cors_runtime::{Origin, cross_origin};
use rocket::{Request, get, routes};

async fn is_tenant(_: &Origin<'_>, _: &Request<'_>) -> bool {
    true
}

#[cross_origin(origins = [check(is_tenant), config("partners"), check(is_tenant)])]
#[get("/")]
fn index() {}

fn main() {
    let _ = routes![index];
}
