//! A macro that gives the handler another parameter and another return type: `#[protect]` of `rocket-grants`.

use std::collections::HashSet;

use cors_runtime::{cross_origin, rocket::CrossOrigin};
use rocket::http::{Header, Status};
use rocket::local::blocking::Client;
use rocket::{Request, get, routes, uri};
use rocket_grants::{GrantsFairing, protect};

#[protect("ADMIN")]
#[cross_origin(origins = ["https://app.example.com"])]
#[get("/above/<id>")]
async fn above(id: u64) -> String {
    format!("protected {id}")
}

#[cross_origin(origins = ["https://app.example.com"])]
#[protect("ADMIN")]
#[get("/below/<id>")]
async fn below(id: u64) -> String {
    format!("protected {id}")
}

#[cross_origin(origins = ["https://app.example.com"])]
mod module {
    use super::{cross_origin, get, protect};

    #[protect("ADMIN")]
    #[get("/inside/<id>")]
    pub(crate) async fn inside(id: u64) -> String {
        format!("protected {id}")
    }

    #[cross_origin(inherit, allow_headers = ["x-key"])]
    #[protect("ADMIN")]
    #[get("/inherited/<id>")]
    pub(crate) async fn inherited(id: u64) -> String {
        format!("protected {id}")
    }
}

/// The roles of a user, who names them in a header.
async fn roles(request: &Request<'_>) -> Option<HashSet<String>> {
    request.headers().get_one("Role").map(|role| HashSet::from([role.to_owned()]))
}

#[test]
fn protect_stands_above_cross_origin_or_below() {
    let rocket = rocket::build()
        .attach(CrossOrigin::fairing())
        .attach(GrantsFairing::with_extractor_fn(|request| Box::pin(roles(request))))
        .mount("/", routes![above, below, module::inside, module::inherited]);
    let client = Client::untracked(rocket).unwrap();
    let paths = [
        uri!(above(7)).to_string(),
        uri!(below(7)).to_string(),
        uri!(module::inside(7)).to_string(),
        uri!(module::inherited(7)).to_string(),
    ];
    for path in paths {
        for (role, status, body) in [("ADMIN", Status::Ok, Some("protected 7")), ("GUEST", Status::Forbidden, None)] {
            let request = client.get(path.as_str()).header(Header::new("Role", role));
            let response = request.header(Header::new("Origin", "https://app.example.com")).dispatch();
            assert_eq!(response.status(), status, "{path} {role}");
            assert_eq!(response.headers().get_one("Access-Control-Allow-Origin"), Some("https://app.example.com"));
            assert!(body.is_none_or(|body| response.into_string().as_deref() == Some(body)), "{path} {role}");
        }
    }
}
