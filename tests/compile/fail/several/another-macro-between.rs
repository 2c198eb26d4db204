use cors_runtime::cross_origin;
use rocket::{get, routes};

#[cross_origin(origins = ["https://app.example.com/"])]
#[tracing::instrument]
#[get("/slash")]
fn slash() {}

#[cross_origin]
#[tracing::instrument]
#[get("/bare")]
fn bare() {}

#[cross_origin(origins = any)]
#[tracing::instrument]
#[cross_origin(none)]
#[get("/twice")]
fn twice() {}

fn main() {
    let _ = routes![slash, bare, twice];
}
