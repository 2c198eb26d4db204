//! Ranks, formats and forwards.

use cors_runtime::cross_origin;
use cors_tests::APP;
use rocket::http::{Accept, Header};
use rocket::{get, routes};

use crate::{client, get, preflight};

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/<id>", rank = 1)]
fn number(id: u32) -> String {
    format!("number {id}")
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/<name>", rank = 2)]
fn name(name: &str) -> String {
    format!("name {name}")
}

#[test]
fn ranks_and_forwards() {
    let client = client(routes![number, name]);
    assert_eq!(get(&client, "/7"), "number 7");
    assert_eq!(get(&client, "/seven"), "name seven");
    assert!(preflight(&client, "GET", "/seven"));
    assert!(preflight(&client, "HEAD", "/seven"));
    assert!(!preflight(&client, "PUT", "/seven"));
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/data", format = "json", rank = 1)]
fn json() -> &'static str {
    "json"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/data", format = "text/plain", rank = 2)]
fn text() -> &'static str {
    "text"
}

#[test]
fn formats() {
    let client = client(routes![json, text]);
    let accept = |accept: Accept| {
        let request = client.get("/data").header(Header::new("Origin", APP)).header(accept);
        request.dispatch().into_string().unwrap_or_default()
    };
    assert_eq!((accept(Accept::JSON), accept(Accept::Plain)), ("json".into(), "text".into()));
}

/// Routes that look wrong at a glance, and that Rocket takes.
mod unusual {
    use cors_runtime::cross_origin;
    use rocket::{get, route};

    #[cross_origin(origins = ["https://app.example.com"])]
    #[route(GET, format = "json", uri = "/uri-last")]
    pub fn uri_last() {}

    #[cross_origin(origins = ["https://app.example.com"])]
    #[route(POST, data = "<text>", uri = "/data-first")]
    pub fn data_first(text: String) -> String {
        text
    }

    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/go?to=http://x")]
    pub fn two_slashes_in_the_query() {}

    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/a<b>")]
    pub fn static_with_brackets() {}

    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/h?q=<x>")]
    pub fn static_query() {}

    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/<id><")]
    pub fn static_parameter() {}
}

#[test]
fn routes_that_look_wrong() {
    let routes = routes![
        unusual::uri_last,
        unusual::data_first,
        unusual::two_slashes_in_the_query,
        unusual::static_with_brackets,
        unusual::static_query,
        unusual::static_parameter
    ];
    let uris: Vec<_> = routes.iter().map(|route| route.uri.to_string()).collect();
    assert_eq!(uris, ["/uri-last", "/data-first", "/go?to=http://x", "/a<b>", "/h?q=<x>", "/<id><"]);
    assert_eq!(rocket::uri!(unusual::data_first()).to_string(), "/data-first");
    let client = client(routes);
    assert!(preflight(&client, "POST", "/data-first") && preflight(&client, "GET", "/uri-last"));
}

/// A handler in a body, and what is made of it there.
#[test]
fn handlers_in_bodies() {
    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/in-a-body/<id>")]
    fn r#type(id: u8) -> String {
        id.to_string()
    }
    let outer = routes![r#type];
    {
        struct Local(u8);
        impl<'r> rocket::request::FromParam<'r> for Local {
            type Error = std::num::ParseIntError;
            fn from_param(text: &'r str) -> Result<Self, Self::Error> {
                text.parse().map(Local)
            }
        }

        #[cross_origin(origins = ["https://app.example.com"])]
        #[get("/deeper/<id>")]
        fn deeper(id: Local) -> String {
            id.0.to_string()
        }
        let client = client([outer, routes![deeper]].concat());
        assert_eq!(get(&client, "/deeper/7"), "7");
        assert_eq!(get(&client, &rocket::uri!(r#type(8)).to_string()), "8");
    }
}
