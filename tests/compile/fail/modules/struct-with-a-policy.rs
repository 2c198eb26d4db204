use cors_runtime::cross_origin;

#[cross_origin(origins = ["https://app.example.com"])]
struct Partners;

#[cross_origin(policy = Partners)]
struct Others;

fn main() {}
