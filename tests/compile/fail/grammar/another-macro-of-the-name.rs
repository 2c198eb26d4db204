use cors_runtime::__private::rocket::beside as get; // an attribute macro that is not Rocket's
use cors_runtime::cross_origin;
use rocket::routes;

#[cross_origin(origins = ["https://app.example.com"])]
#[get]
fn index() -> &'static str {
    "hello"
}

fn main() {
    let _ = routes![index];
}
