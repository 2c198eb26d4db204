//! An outer macro that reads the route attribute: `#[openapi]` of `rocket_okapi`.
#![cfg(test)]

use cors_runtime::{cross_origin, rocket::CrossOrigin};
use rocket::http::Header;
use rocket::local::blocking::Client;
use rocket::{get, routes};
use rocket_okapi::{openapi, openapi_get_routes_spec, settings::OpenApiSettings};

/// A handler with a description.
#[openapi(tag = "Users")]
#[cross_origin(origins = ["https://app.example.com"])]
#[get("/described/<id>")]
fn described(id: u64) -> String {
    format!("described {id}")
}

#[test]
fn openapi_stands_above_cross_origin() {
    let settings = OpenApiSettings::new();
    let (routes, spec) = openapi_get_routes_spec![settings: described];
    assert!(spec.paths.contains_key("/described/{id}"));
    assert_eq!(routes![described].len(), 1);

    let client = Client::untracked(rocket::build().attach(CrossOrigin::fairing()).mount("/", routes)).unwrap();
    let origin = Header::new("Origin", "https://app.example.com");
    let response = client.get("/described/7").header(origin).dispatch();
    assert_eq!(response.headers().get_one("Access-Control-Allow-Origin"), Some("https://app.example.com"));
    assert_eq!(response.into_string().as_deref(), Some("described 7"));
}
