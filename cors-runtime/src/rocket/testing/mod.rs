//! For tests of applications: what a page gets from a handler, on Rocket's local client.
//!
//! A [`Page`] does what a browser does for a script that calls `fetch`: it sends a preflight where one is needed, checks
//! the answer, sends the request with the headers of a browser, and checks the response. The test sees what the script
//! would see.
//!
//! ```
//! use cors_runtime::cross_origin;
//! use cors_runtime::rocket::CrossOrigin;
//! use cors_runtime::rocket::testing::Page;
//! use rocket::local::blocking::Client;
//! use rocket::{put, routes};
//!
//! #[cross_origin(origins = ["https://app.example.com"], allow_headers = ["x-reason"])]
//! #[put("/double/<n>")]
//! fn double(n: u32) -> String {
//!     (2 * n).to_string()
//! }
//!
//! let rocket = rocket::build().attach(CrossOrigin::fairing()).mount("/", routes![double]);
//! let client = Client::untracked(rocket).expect("launches");
//!
//! let page = Page::at("https://app.example.com");
//! let response = page.put("/double/4").header("x-reason", "test").send(&client).shared();
//! assert_eq!(response.into_string().as_deref(), Some("8"));
//!
//! let refused = page.put("/double/4").header("x-token", "t").send(&client).refused();
//! assert_eq!(refused.reason(), "`Access-Control-Allow-Headers` does not name `x-token`");
//! assert!(!refused.handler_ran());
//! ```
//!
//! # What the page reaches the application by
//!
//! A browser compares the origin of the page with that of the server. On the local client the server has no address, and a
//! `Host` header that a test adds to a [`LocalRequest`](rocket::local::blocking::LocalRequest) does not set
//! [`Request::host`](rocket::Request::host). A `Page` sets both. The application is reached at the first of its own origins,
//! or at `http://localhost:8000`; [`Page::calling`] says otherwise.
//!
//! # What is left out
//!
//! Redirects, `WebSocket`s, the browser's memory of preflights (each call sends its own), mixed content, `Referer`, and
//! `Secure`, `Path` and `Domain` of cookies. A response of a handler counts as read, whatever its status.

mod call;
mod page;
mod response;

pub use crate::testing::{Outcome, Refused, Shared};
pub use call::Call;
pub use page::Page;
