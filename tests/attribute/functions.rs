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

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/outside/<id>")]
fn same(id: u8) -> String {
    format!("outside {id}")
}

/// Each route calls the handler of its own block, although all have one name.
#[test]
fn handlers_of_one_name_in_blocks() {
    let mut routes = routes![same];
    {
        #[cross_origin(origins = ["https://app.example.com"])]
        #[get("/in-a-block/<id>")]
        async fn same(id: u8) -> String {
            rocket::tokio::task::yield_now().await;
            format!("in a block {id}")
        }

        routes.extend(routes![same]);
        {
            #[cross_origin(origins = ["https://app.example.com"])]
            #[get("/in-another/<same>")]
            fn same(same: u8) -> String {
                format!("in another {same}")
            }

            routes.extend(routes![same]);
        }
    }
    assert_eq!(uri!(same(1)), "/outside/1");
    let client = client(routes);
    assert_eq!(get(&client, "/outside/1"), "outside 1");
    assert_eq!(get(&client, "/in-a-block/2"), "in a block 2");
    assert_eq!(get(&client, "/in-another/3"), "in another 3");
}
