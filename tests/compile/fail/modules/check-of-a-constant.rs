use std::future::Future;
use std::pin::Pin;

use cors_runtime::{Origin, cross_origin};
use rocket::{Request, get, routes};

type Check = for<'a> fn(&'a Origin<'a>, &'a Request<'_>) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

const PARTNERS: Check = |_, _| Box::pin(async { true });

#[cross_origin(origins = [check(PARTNERS)])]
#[get("/")]
fn index() {}

fn main() {
    let _ = routes![index];
}
