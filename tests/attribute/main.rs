//! What the attribute can be written on and what can be written in it: each compiled as a user would write it, mounted,
//! and called.
//!
//! | file | what is tested |
//! |---|---|
//! | `attributes`, `functions`, `guards`, `macros`, `names`, `responses`, `routing`, `sentinels` | everything that Rocket gives a handler keeps working below the attribute |
//! | `modules`, `named`, `nobody` | policies of modules, policies with a name, and the policy `none` |
//! | `literals`, `lists`, `checks` | origins that are listed in the policy, or in the configuration, or that a function decides about |
//! | `fallback` | errors that no route is responsible for |

// Handlers as users write them: what they own is what Rocket hands them, and their visibility is not a test's.
#![allow(unreachable_pub, clippy::needless_pass_by_value, clippy::elidable_lifetime_names)]

mod attributes;
mod checks;
mod fallback;
mod functions;
mod guards;
mod lints;
mod lists;
mod literals;
mod macros;
mod modules;
mod named;
mod names;
mod nobody;
mod responses;
mod routing;
mod sentinels;

use cors_runtime::rocket::CrossOrigin;
use cors_tests::APP;
use rocket::http::Header;
use rocket::local::blocking::Client;
use rocket::{Build, Rocket, Route};

/// A client of an application with these routes.
pub(crate) fn client(routes: Vec<Route>) -> Client {
    try_client(rocket::build().mount("/", routes)).expect("launches")
}

/// A client of this application, or why it does not launch.
pub(crate) fn try_client(rocket: Rocket<Build>) -> Result<Client, Box<rocket::Error>> {
    let figment = rocket.figment().clone().merge(("log_level", "off"));
    Client::untracked(rocket.configure(figment).attach(CrossOrigin::fairing())).map_err(Box::new)
}

/// The body of the response to a `GET` from the page at [`APP`], after a check that the page can read it.
pub(crate) fn get(client: &Client, uri: &str) -> String {
    let response = client.get(uri.to_owned()).header(Header::new("Origin", APP)).dispatch();
    assert_eq!(response.headers().get_one("Access-Control-Allow-Origin"), Some(APP), "{uri}");
    response.into_string().unwrap_or_default()
}

/// Whether a preflight of the page at [`APP`] for this method is granted.
pub(crate) fn preflight(client: &Client, method: &str, uri: &str) -> bool {
    let request = client.options(uri.to_owned()).header(Header::new("Origin", APP));
    let response = request.header(Header::new("Access-Control-Request-Method", method.to_owned())).dispatch();
    let granted = response.headers().get_one("Access-Control-Allow-Methods") == Some(method);
    assert_eq!(granted, response.status().code == 204, "{method} {uri}");
    granted
}
