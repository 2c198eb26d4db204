use cors_runtime::cross_origin;

struct Users;

impl Users {
    #[cross_origin(origins = ["https://app.example.com"])]
    fn list() -> &'static str {
        "hello"
    }
}

fn main() {
    let _ = Users::list();
}
