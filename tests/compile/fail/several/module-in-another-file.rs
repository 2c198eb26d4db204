use cors_runtime::cross_origin;

#[cross_origin(origins = ["https://app.example.com"])]
#[path = "module-in-another-file/handlers.rs"]
mod handlers;

fn main() {}
