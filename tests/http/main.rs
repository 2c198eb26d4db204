//! What an application with `#[cross_origin]` does, over real HTTP.

mod actual;
mod enforce;
mod launch;
mod mirroring;
mod preflights;

use cors_runtime::rocket::CrossOrigin;
use cors_tests::{Call, Reply, Server};
use rocket::{Build, Rocket, Route};

/// The origin that the policies in here name.
pub(crate) const APP: &str = "https://app.example.com";
/// One that they do not.
pub(crate) const EVIL: &str = "https://evil.example.net";

/// Launches an application with the fairing and these routes.
pub(crate) fn serve(routes: Vec<Route>) -> Server {
    launch(rocket::build().mount("/", routes))
}

/// Launches this application with the fairing.
pub(crate) fn launch(rocket: Rocket<Build>) -> Server {
    Server::launch(rocket.attach(CrossOrigin::fairing())).expect("launches")
}

/// The answer to a request of a page with this origin.
pub(crate) fn call(server: &Server, method: &str, path: &str, origin: &str) -> Reply {
    Call::new(method, path).header("Origin", origin).send(server)
}

/// The answer to a preflight of the page at [`APP`].
pub(crate) fn preflight(server: &Server, method: &str, path: &str) -> Reply {
    let call = Call::new("OPTIONS", path).header("Origin", APP);
    call.header("Access-Control-Request-Method", method).send(server)
}

/// Whether a preflight of the page at [`APP`] is granted, and the answer is wholly one or the other.
pub(crate) fn granted(server: &Server, method: &str, path: &str) -> bool {
    let reply = preflight(server, method, path);
    let granted = reply.status == 204;
    if granted {
        assert_eq!(reply.one("access-control-allow-origin"), Some(APP), "{}", reply.head());
        assert_eq!(reply.list("access-control-allow-methods"), [method], "{}", reply.head());
    } else {
        assert!(cors_headers(&reply).is_empty(), "{}", reply.head());
    }
    granted
}

/// The names of the CORS headers of an answer.
pub(crate) fn cors_headers(reply: &Reply) -> Vec<&str> {
    let names = reply.headers.iter().map(|(name, _)| name.as_str());
    names.filter(|name| name.starts_with("access-control-")).collect()
}
