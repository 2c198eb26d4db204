//! What a page of some origin asks of an application, and whether it gets it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use cors_runtime::rocket::CrossOrigin;
use rocket::{Build, Rocket, Route};

use crate::{Call, Reply, Server};

/// The origin that most policies of the tests name.
pub const APP: &str = "https://app.example.com";
/// An origin that few of them name.
pub const EVIL: &str = "https://evil.example.net";

/// Launches an application with the fairing and these routes.
///
/// # Panics
/// The launch is refused.
#[must_use]
pub fn serve(routes: Vec<Route>) -> Server {
    launch(rocket::build().mount("/", routes))
}

/// Launches this application with the fairing.
///
/// # Panics
/// The launch is refused.
#[must_use]
pub fn launch(rocket: Rocket<Build>) -> Server {
    Server::launch(rocket.attach(CrossOrigin::fairing())).expect("launches")
}

/// The answer to a request of a page with this origin.
#[must_use]
pub fn call(server: &Server, method: &str, path: &str, origin: &str) -> Reply {
    Call::new(method, path).header("Origin", origin).send(server)
}

/// The answer to a request with these headers.
#[must_use]
pub fn send(server: &Server, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
    headers.iter().fold(Call::new(method, path), |call, (name, value)| call.header(name, value)).send(server)
}

/// Whether a handshake for a WebSocket with these headers is answered with a connection.
///
/// # Panics
/// It is answered with something else than a connection or 403.
#[must_use]
pub fn connects(server: &Server, path: &str, headers: &[(&str, &str)]) -> bool {
    let lines: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        server.address()
    );
    let mut stream = TcpStream::connect(server.address()).expect("connects");
    stream.write_all(format!("{request}{}\r\n", lines.concat()).as_bytes()).expect("writes");
    // An open connection is not closed by the server: the status is enough.
    let mut status = [0; b"HTTP/1.1 101".len()];
    stream.read_exact(&mut status).expect("an answer");
    match &status[9..] {
        b"101" => true,
        b"403" => false,
        other => panic!("{path}: {}", other.escape_ascii()),
    }
}

/// The answer to a preflight of a page with this origin.
#[must_use]
pub fn preflight(server: &Server, method: &str, path: &str, origin: &str) -> Reply {
    let call = Call::new("OPTIONS", path).header("Origin", origin);
    call.header("Access-Control-Request-Method", method).send(server)
}

/// Whether a request of a page with this origin is shared with it.
///
/// # Panics
/// The answer is neither wholly the one nor wholly the other.
#[must_use]
pub fn shared(server: &Server, method: &str, path: &str, origin: &str) -> bool {
    is_shared(&call(server, method, path, origin), origin)
}

/// Whether a preflight for this method of a page with this origin is granted.
///
/// # Panics
/// The answer is neither wholly the one nor wholly the other.
#[must_use]
pub fn granted(server: &Server, method: &str, path: &str, origin: &str) -> bool {
    let reply = preflight(server, method, path, origin);
    let granted = is_shared(&reply, origin);
    assert_eq!(granted, reply.status == 204, "{path}: {}", reply.head());
    if granted {
        assert_eq!(reply.list("access-control-allow-methods"), [method], "{path}: {}", reply.head());
        if reply.one("access-control-allow-origin") == Some("*") {
            // Only a policy that names any origin says so.
            let other = preflight(server, method, path, EVIL);
            assert_eq!(other.one("access-control-allow-origin"), Some("*"), "{path}: {}", other.head());
        }
    }
    granted
}

/// Whether this answer is shared with the page that asked.
///
/// # Panics
/// The answer is neither wholly the one nor wholly the other.
#[must_use]
pub fn is_shared(reply: &Reply, origin: &str) -> bool {
    let Some(allowed) = reply.one("access-control-allow-origin") else {
        assert!(cors_headers(reply).is_empty(), "{}", reply.head());
        return false;
    };
    // A policy that names origins answers with the one that asked, and says that answers differ. `*` is for all. Every
    // answer to a preflight says that it differs, since a route with another policy may answer the next one.
    let is_preflight = !reply.all("access-control-allow-methods").is_empty();
    let varies = reply.list("vary").iter().any(|name| name.eq_ignore_ascii_case("origin"));
    assert!(allowed == origin || (allowed == "*" && (is_preflight || !varies)), "{}", reply.head());
    true
}

/// The names of the CORS headers of an answer.
#[must_use]
pub fn cors_headers(reply: &Reply) -> Vec<&str> {
    let names = reply.headers.iter().map(|(name, _)| name.as_str());
    names.filter(|name| name.starts_with("access-control-")).collect()
}
