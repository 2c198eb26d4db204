//! For tests of applications: what a page gets from a service.
//!
//! A [`Page`] does what a browser does for a script that calls `fetch`: it sends a preflight where one is needed, checks
//! the answer, sends the request with the headers of a browser, and checks the response. The test sees what the script
//! would see. No port is opened.
//!
//! ```
//! use axum::body::{Body, to_bytes};
//! use axum::extract::Path;
//! use axum::{Router, routing::put};
//! use cors_runtime::cross_origin;
//! use cors_runtime::tower::testing::Page;
//!
//! #[cross_origin(origins = ["https://app.example.com"], allow_headers = ["x-reason"])]
//! struct App;
//!
//! async fn double(Path(n): Path<u32>) -> String {
//!     (2 * n).to_string()
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let mut service = App.layer().around(Router::new().route("/double/{n}", put(double)));
//!
//! let page = Page::<Body>::at("https://app.example.com");
//! let call = page.put("/double/4").header("x-reason", "test");
//! let response = call.send(&mut service).await.shared();
//! assert!(response.was_preflighted());
//! let body = to_bytes(response.into_inner().into_body(), 100).await.expect("a body");
//! assert_eq!(body, "8");
//!
//! let refused = page.put("/double/4").header("x-token", "t").send(&mut service).await.refused();
//! assert_eq!(refused.reason(), "`Access-Control-Allow-Headers` does not name `x-token`");
//! assert!(!refused.handler_ran());
//! # }
//! ```
//!
//! # The body of requests
//!
//! The type is that of the page: `Page::<Body>::at(…)`, with `axum::body::Body` or any other that is made from a `Vec<u8>`.
//! A service that takes only one type of bodies says it itself, and `Page::at(…)` is enough. A router of axum takes many.
//!
//! # What the page reaches the application by
//!
//! A browser compares the origin of the page with that of the server. A service has no address, so the application is
//! reached at `http://localhost:8000`; [`Page::calling`] says otherwise. The request has that name in `Host`, and only the
//! path in its URI, as over HTTP/1.1.
//!
//! # What is left out
//!
//! Redirects, `WebSocket`s, the browser's memory of preflights (each call sends its own), mixed content, and
//! `Referer`. A response of a service counts as read, whatever its status.
//!
//! The application's own reason, [`Refused::refusal`], is known in debug builds only.

mod call;
mod page;

pub use crate::testing::{Outcome, Refused, Shared};
pub use call::Call;
pub use page::Page;
