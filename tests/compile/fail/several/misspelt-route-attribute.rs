use cors_runtime::cross_origin;
use rocket::routes;

#[cross_origin(origins = ["https://app.example.com"])]
#[pots("/users")]
fn add() {}

fn main() {
    let _ = routes![add];
}
