use cors_runtime::{Origin, cross_origin};
use rocket::{Request, get};

trait Customers {
    async fn include(_: &Origin<'_>, _: &Request<'_>) -> bool;
}

struct Database;

impl Customers for Database {
    async fn include(_: &Origin<'_>, _: &Request<'_>) -> bool {
        true
    }
}

#[cross_origin(origins = [check(<Database as Customers>::include)])]
#[get("/")]
fn home() {}

fn main() {}
