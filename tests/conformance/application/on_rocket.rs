//! The handlers on Rocket, each with its attribute.

use std::convert::Infallible;

use cors_runtime::rocket::CrossOrigin;
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome};
use rocket::response::{self, Responder, Response};
use rocket::{Build, Request, Rocket};

use super::{Answer, Case, MOUNTED};

/// The application with the handlers of every policy.
pub(crate) fn rocket() -> Rocket<Build> {
    let rocket = rocket::build().attach(CrossOrigin::fairing());
    MOUNTED.iter().fold(rocket, |rocket, policy| rocket.mount(policy.mount, (policy.routes)()))
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Case {
    type Error = Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Infallible> {
        Outcome::Success(Case::read(|name| request.headers().get(name).map(str::to_owned).collect()))
    }
}

impl<'r> Responder<'r, 'static> for Answer {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let status = Status::new(self.status);
        // Errors go the way of most handlers' errors: through a catcher.
        if status.code >= 400 && self.headers.is_empty() {
            return Err(status);
        }
        let mut response = Response::new();
        response.set_status(status);
        for (name, value) in self.headers {
            response.adjoin_raw_header(name, value);
        }
        Ok(response)
    }
}
