use cors_runtime::cross_origin;

#[cross_origin(origins = ["https://app.example.com"])]
mod items {
    pub fn list() -> &'static str {
        "items"
    }
}

fn main() {
    items::list();
}
