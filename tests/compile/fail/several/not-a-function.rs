use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/")]
enum Kind {
    One,
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/")]
trait Named {}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/")]
impl Kind {}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/<page>")]
fn page(page u8) {}

fn main() {}
