use cors_runtime::cross_origin;

#[cross_origin(origins = ["https://app.example.com"])]
fn main() {}
