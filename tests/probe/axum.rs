//! `cargo cors probe` against an application of axum, with the layers that it says, and with others.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Output;
use std::thread;

use axum::Router;
use axum::body::Body;
use axum::response::IntoResponse;
use cors_runtime::tower::CrossOriginLayer;
use cors_tests::Nginx;
use cors_tests::wrong::{RIGHT, WRONG};
use http::Request;
use rocket::tokio;
use tower::Service;
use tower_http::cors::CorsLayer;

use crate::layers::{Layers, routes};
use crate::site::{command, json, names};

const OWN: &str = "http://own.example.com";

/// Serves it on a free port until the tests end.
fn serve<S>(service: S) -> SocketAddr
where
    S: Service<Request<Body>, Error = std::convert::Infallible> + Clone + Send + Sync + 'static,
    S::Response: IntoResponse,
    S::Future: Send,
{
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.set_nonblocking(true).expect("a socket");
    let address = listener.local_addr().expect("an address");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    thread::spawn(move || {
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
            axum::serve(listener, Router::new().fallback_service(service)).await
        })
    });
    address
}

fn probe(address: SocketAddr, own_origins: &str, arguments: &[&str]) -> Output {
    let url = format!("http://{address}");
    let arguments = [&[&*url, "--package=cors-tests", "--example=probed-axum"], arguments].concat();
    command(&arguments, &[]).env("OWN_ORIGINS", own_origins).output().expect("cargo-cors starts")
}

#[test]
fn what_is_said_arrives() {
    for own in ["", OWN] {
        let own_origins = if own.is_empty() { vec![] } else { vec![own] };
        let address = serve(Layers::new(&own_origins).around(routes));
        let output = probe(address, own, &["--json"]);
        let found = json(&output);
        assert_eq!((names(&found), output.status.code()), (vec![], Some(0)), "{found:#}");
        let notes = found["notes"].to_string();
        assert!(notes.contains("GET /api/deep") || notes.contains("OPTIONS /api/deep"), "{notes}");
        assert!(notes.contains("the layer does not know whether it should"), "{notes}");
        assert!(!notes.contains("`Host` arrives"), "{notes}");
        assert!(notes.contains("outside of all layers"), "{notes}");
        // What is below the path of a layer is that layer's.
        for (method, path) in [("GET", "/api/deep/in/7"), ("PUT", "/api/items"), ("POST", "/api/notes")] {
            let output = probe(address, own, &[method, path, "--json"]);
            let found = json(&output);
            assert_eq!((names(&found), output.status.code()), (vec![], Some(0)), "{method} {path}: {found:#}");
        }
        let text = String::from_utf8_lossy(&probe(address, own, &[]).stdout).into_owned();
        assert!(text.contains("equal:") && !text.contains("Rocket"), "{text}");
    }
}

/// The layer of another library, in the place of these or around them; and none.
#[test]
fn other_layers_are_found() {
    let plain = || Layers::new(&[]).around(routes);
    let paths = ["/api/items", "/api/feed", "/api/export", "/api/notes"];
    let bare = || paths.iter().fold(Router::new(), |router, path| router.nest_service(path, routes(path)));
    let permissive = Router::new().fallback_service(plain()).layer(CorsLayer::very_permissive());
    // axum adds `Allow` outside of the layers of a router.
    let inside = |path: &str| match path {
        "/api/items" => routes(path).layer(CrossOriginLayer::new(*Layers::new(&[]).policy(path))),
        path => routes(path),
    };
    let cases: [(&str, SocketAddr, &[&str]); 4] = [
        ("inside", serve(Layers::new(&[]).around(inside)), &["methods"]),
        (
            "very permissive",
            serve(bare().layer(CorsLayer::very_permissive())),
            &["preflights", "allow-origin", "vary", "different"],
        ),
        ("very permissive around", serve(permissive), &["preflights", "allow-origin"]),
        ("none", serve(bare()), &["elsewhere"]),
    ];
    for (what, address, expected) in cases {
        let output = probe(address, "", &["--json"]);
        let found = json(&output);
        assert_eq!((names(&found), output.status.code()), (expected.to_vec(), Some(1)), "{what}: {found:#}");
        assert!(!found.to_string().contains("Rocket"), "{what}: {found:#}");
    }
}

#[test]
fn the_seven_mistakes_of_proxies() {
    let Some(nginx) = Nginx::find("cargo-cors: an application of axum behind nginx") else { return };
    let address = serve(Layers::new(&[OWN]).around(routes));
    let mut failures = Vec::new();
    for (lines, expected) in WRONG.iter().map(|wrong| (wrong.lines, vec![wrong.name])).chain([(RIGHT, vec![])]) {
        let nginx = Nginx::start_server(&nginx, Nginx::free_port(), address, "", lines);
        let output = probe(nginx.address(), OWN, &["--json"]);
        let found = json(&output);
        if names(&found) != expected || found.to_string().contains("Rocket") {
            failures.push(format!("{lines}: {expected:?}\n{found:#}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
