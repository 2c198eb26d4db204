//! An outer macro that reads the route attribute: `#[openapi]` of `rocket_okapi`.
#![cfg(test)]
// Rocket 0.5.1 writes something in a handler's scope that the compiler would warn of in a function.
#![deny(non_local_definitions)]

mod grants;

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

/// A handler with a description, and the two attributes the other way round.
#[cross_origin(origins = ["https://app.example.com"])]
#[openapi(tag = "Users")]
#[get("/described-below/<id>")]
fn described_below(id: u64) -> String {
    format!("described {id}")
}

#[cross_origin(origins = ["https://app.example.com"])]
mod module {
    use super::{get, openapi};

    /// A handler with a description, in a module that has the policy.
    #[openapi(tag = "Users")]
    #[get("/described-in/<id>")]
    pub(crate) fn described_in(id: u64) -> String {
        format!("described {id}")
    }
}

#[test]
fn openapi_stands_above_cross_origin_or_below() {
    let settings = OpenApiSettings::new();
    let (routes, spec) = openapi_get_routes_spec![settings: described, described_below, module::described_in];
    assert_eq!(routes![described, described_below, module::described_in].len(), 3);

    let client = Client::untracked(rocket::build().attach(CrossOrigin::fairing()).mount("/", routes)).unwrap();
    for path in ["/described", "/described-below", "/described-in"] {
        assert!(spec.paths.contains_key(&format!("{path}/{{id}}")), "{path}");
        let origin = Header::new("Origin", "https://app.example.com");
        let response = client.get(format!("{path}/7")).header(origin).dispatch();
        assert_eq!(response.headers().get_one("Access-Control-Allow-Origin"), Some("https://app.example.com"));
        assert_eq!(response.into_string().as_deref(), Some("described 7"));
    }
}
