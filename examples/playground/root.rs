//! What the API says at its own root, to people who open it in a browser.

use std::convert::Infallible;

use cors_runtime::rocket::CrossOrigin;
use rocket::fairing::AdHoc;
use rocket::http::{RawStr, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::response::content::RawHtml;
use rocket::{Request, get, routes};

use crate::addresses::Addresses;
use crate::journal::Ran;

/// How one gets what the page shows.
const ABOUT: &str = "The application says so itself: <code>cargo cors report --package examples --bin playground</code> \
                     prints the same. A handler that is not in the list has no policy, and is shared with no page of \
                     another origin.";

/// Serves the root of an API whose pages are there.
pub(crate) fn stage(addresses: Addresses) -> AdHoc {
    AdHoc::on_ignite("Root", |rocket| async { rocket.manage(addresses).mount("/", routes![root]) })
}

/// Nobody but the API's own pages needs this, so there is no policy.
#[get("/")]
fn root(page: Page, _ran: Ran) -> RawHtml<String> {
    RawHtml(page.0)
}

/// The page, with the report of the application that serves it.
struct Page(String);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Page {
    type Error = Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Infallible> {
        let rocket = request.rocket();
        let Some(Addresses { api, named, stranger }) = rocket.state() else {
            return Outcome::Forward(Status::NotFound);
        };
        let report = CrossOrigin::report(rocket).to_string();
        let report = RawStr::new(&report).html_escape();
        let values = [
            ("{about}", ABOUT),
            ("{style}", include_str!("page/style.css")),
            ("{policies}", &*report),
            ("{api}", api),
            ("{named}", named),
            ("{stranger}", stranger),
        ];
        let page = include_str!("page/api.html").to_owned();
        Outcome::Success(Page(values.iter().fold(page, |page, (name, value)| page.replace(name, value))))
    }
}
