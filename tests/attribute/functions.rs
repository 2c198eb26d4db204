//! Handlers inside functions.

use cors_runtime::cross_origin;
use rocket::{Route, get, routes, uri};

use crate::{client, get};

fn local_routes() -> (Vec<Route>, String) {
    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/local/<id>")]
    fn local(id: u8) -> String {
        format!("local {id}")
    }

    (routes![local], uri!(local(3)).to_string())
}

fn other_routes() -> Vec<Route> {
    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/other")]
    fn local() -> &'static str {
        "other"
    }

    routes![local]
}

#[test]
fn handlers_inside_functions() {
    let (mut routes, uri) = local_routes();
    assert_eq!(uri, "/local/3");
    routes.extend(other_routes());
    let client = client(routes);
    assert_eq!((get(&client, "/local/3"), get(&client, "/other")), ("local 3".into(), "other".into()));
}
