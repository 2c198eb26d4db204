//! The part for partners. An attribute cannot see into `mod feed;`, whose text is in another file, so each handler
//! names the policy.

use cors_runtime::cross_origin;
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome};
use rocket::{Request, Route, get, routes};

use crate::Partners;

pub(crate) fn routes() -> Vec<Route> {
    routes![feed]
}

#[cross_origin(policy = Partners)]
#[get("/feed")]
fn feed(partner: Partner<'_>) -> String {
    format!("2 articles for {}\n", partner.0)
}

/// A caller with a token. A preflight has none, and does not get here: it is answered by the policy alone.
#[derive(Clone, Copy)]
struct Partner<'r>(&'r str);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Partner<'r> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match request.headers().get_one("Authorization").and_then(|value| value.strip_prefix("Bearer ")) {
            Some("open-sesame") => Outcome::Success(Partner("Ali Baba")),
            _ => Outcome::Error((Status::Unauthorized, ())),
        }
    }
}
