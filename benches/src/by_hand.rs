//! What a careful person writes for one policy: a fairing, and a route for preflights.
//!
//! The list decides and not the request, `Vary` is on every response, and a preflight is granted only if its method and
//! all of its headers are allowed. Nothing is allocated that Rocket does not allocate itself.

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::{Method, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::response::Responder;
use rocket::{Request, Response, Route, options};

const ORIGINS: [&str; 1] = ["https://app.example.com"];
const METHODS: [&str; 2] = ["GET", "PUT"];
const HEADERS: [&str; 3] = ["content-type", "x-request-id", "x-token"];

/// The origin of the list that a request comes from.
fn allowed(request: &Request<'_>) -> Option<&'static str> {
    let mut origins = request.headers().get("Origin");
    let origin = origins.next().filter(|_| origins.next().is_none())?;
    ORIGINS.into_iter().find(|listed| *listed == origin)
}

/// Sets the headers that all responses have.
pub(crate) struct Cors;

#[rocket::async_trait]
impl Fairing for Cors {
    fn info(&self) -> Info {
        Info { name: "CORS by hand", kind: Kind::Response }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        if let Some(origin) = allowed(request) {
            response.set_raw_header("Access-Control-Allow-Origin", origin);
            response.set_raw_header("Access-Control-Allow-Credentials", "true");
        }
        let vary = match request.method() {
            Method::Options => "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            _ => "Origin",
        };
        response.adjoin_raw_header("Vary", vary);
    }
}

/// What a preflight asks for.
#[derive(Clone, Copy)]
struct Preflight(bool);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Preflight {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let headers = request.headers();
        let Some(method) = headers.get_one("Access-Control-Request-Method") else {
            return Outcome::Forward(Status::NotFound);
        };
        let mut names = headers.get("Access-Control-Request-Headers").flat_map(|line| line.split(',')).map(str::trim);
        Outcome::Success(Self(
            allowed(request).is_some()
                && METHODS.contains(&method)
                && names.all(|name| HEADERS.iter().any(|listed| listed.eq_ignore_ascii_case(name))),
        ))
    }
}

/// The answer to a preflight.
struct Answer(bool);

impl<'r> Responder<'r, 'static> for Answer {
    fn respond_to(self, _: &'r Request<'_>) -> rocket::response::Result<'static> {
        let mut response = Response::new();
        response.set_status(if self.0 { Status::NoContent } else { Status::Forbidden });
        if self.0 {
            response.set_raw_header("Access-Control-Allow-Methods", "GET, PUT");
            response.set_raw_header("Access-Control-Allow-Headers", "content-type, x-request-id, x-token");
            response.set_raw_header("Access-Control-Max-Age", "600");
        }
        Ok(response)
    }
}

#[options("/<_..>")]
fn preflight(asked: Preflight) -> Answer {
    Answer(asked.0)
}

/// The route for preflights of every path.
pub(crate) fn routes() -> Vec<Route> {
    rocket::routes![preflight]
}
