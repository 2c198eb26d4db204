//! Modules, named policies, lists of the configuration, checks, and errors that no route is responsible for.

// The visibility that a user writes, in modules of a test.
#![allow(unreachable_pub)]

mod checks;
mod fallback;
mod lists;
mod modules;
mod named;

use cors_runtime::rocket::CrossOrigin;
use cors_tests::{Call, Reply, Server};
use rocket::{Build, Rocket};

/// The origin that most policies in here name.
pub(crate) const APP: &str = "https://app.example.com";
/// One that few do.
pub(crate) const EVIL: &str = "https://evil.example.net";

/// Launches this application with the fairing.
pub(crate) fn launch(rocket: Rocket<Build>) -> Server {
    Server::launch(rocket.attach(CrossOrigin::fairing())).expect("launches")
}

/// Whether a `GET` of a page with this origin is shared; the answer is wholly one or the other.
pub(crate) fn shared(server: &Server, path: &str, origin: &str) -> bool {
    is_shared(&Call::new("GET", path).header("Origin", origin).send(server), origin)
}

/// Whether a preflight for this method of a page with this origin is granted.
pub(crate) fn granted(server: &Server, method: &str, path: &str, origin: &str) -> bool {
    let call = Call::new("OPTIONS", path).header("Origin", origin).header("Access-Control-Request-Method", method);
    let reply = call.send(server);
    let granted = is_shared(&reply, origin);
    assert_eq!(granted, reply.status == 204, "{path}: {}", reply.head());
    granted
}

/// Whether this answer is shared with the page that asked.
pub(crate) fn is_shared(reply: &Reply, origin: &str) -> bool {
    let allowed = reply.one("access-control-allow-origin");
    if allowed.is_none() {
        let cors = reply.headers.iter().any(|(name, _)| name.starts_with("access-control-"));
        assert!(!cors, "{}", reply.head());
    }
    allowed.is_some_and(|allowed| {
        assert!(allowed == origin || allowed == "*", "{}", reply.head());
        true
    })
}
