use cors_runtime::cross_origin;

#[cross_origin(origins = ["https://app.example.com"])]
struct Partners<T>(T);

fn main() {}
