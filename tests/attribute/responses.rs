//! Every kind of return type.

use std::io;

use cors_runtime::cross_origin;
use cors_tests::APP;
use rocket::http::{Header, Status};
use rocket::response::Responder;
use rocket::response::stream::TextStream;
use rocket::{get, post, routes};

use crate::{client, get};

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/option/<some>")]
fn option(some: bool) -> Option<&'static str> {
    some.then_some("some")
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/result/<fine>")]
fn result(fine: bool) -> Result<String, (Status, &'static str)> {
    if fine { Ok("fine".into()) } else { Err((Status::ImATeapot, "teapot")) }
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/opaque")]
fn opaque<'r>() -> impl Responder<'r, 'static> {
    "opaque"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/borrowed/<text>")]
fn borrowed(text: &str) -> &str {
    text
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/io")]
async fn read() -> io::Result<String> {
    rocket::tokio::task::yield_now().await;
    Ok("io".into())
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/stream")]
fn stream() -> TextStream![&'static str] {
    TextStream! { yield "a"; yield "b"; }
}

#[cross_origin(origins = ["https://app.example.com"])]
#[post("/nothing")]
fn nothing() {}

#[test]
fn responses() {
    let client = client(routes![option, result, opaque, borrowed, read, stream, nothing]);
    assert_eq!(get(&client, "/option/true"), "some");
    assert!(get(&client, "/option/false").contains("404"));
    assert_eq!(get(&client, "/result/true"), "fine");
    assert_eq!(get(&client, "/result/false"), "teapot");
    assert_eq!(get(&client, "/opaque"), "opaque");
    assert_eq!(get(&client, "/borrowed/text"), "text");
    assert_eq!(get(&client, "/io"), "io");
    assert_eq!(get(&client, "/stream"), "ab");
    let response = client.post("/nothing").header(Header::new("Origin", APP)).dispatch();
    assert_eq!((response.status(), response.headers().get_one("Access-Control-Allow-Origin")), (Status::Ok, Some(APP)));
}
