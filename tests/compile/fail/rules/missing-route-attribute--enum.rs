use cors_runtime::cross_origin;

#[cross_origin(origins = ["https://app.example.com"])]
pub enum Shared {
    Yes,
    No,
}

fn main() {
    let _ = [Shared::Yes, Shared::No];
}
