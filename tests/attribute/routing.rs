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
