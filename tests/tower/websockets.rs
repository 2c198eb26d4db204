//! Handshakes for a WebSocket: those of other pages are turned away, over HTTP/1.1 and HTTP/2.

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::response::Response;
use axum::routing::{MethodRouter, any, connect, get};
use cors_runtime::cross_origin;
use cors_runtime::tower::ApplicationLayer;
use cors_tests::{Server, connects};
use http::Method;
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::client::conn::http2;
use hyper::ext::Protocol;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rocket::tokio;
use tower::Layer;

use crate::support::{APP, EVIL, PARTNER};

#[cross_origin(origins = ["https://app.example.com"], credentials)]
struct App;

#[cross_origin(origins = ["https://partner.example.net"])]
struct Partners;

#[cross_origin(origins = ["https://app.example.com"], enforce = false)]
struct Open;

async fn socket(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|_| async {})
}

/// For HTTP/1.1 and for HTTP/2.
fn both() -> MethodRouter {
    get(socket).connect(socket)
}

fn serve() -> Server {
    let own = Router::new().route("/own", both());
    let partners = Partners.layer().around(Router::new().route("/", both()));
    let inside = Router::new().route("/", both()).nest_service("/partners", partners);
    // `any` does not tell its methods.
    let told = App.layer().methods([Method::GET, Method::CONNECT]).layer(any(socket));
    let routes = own
        .nest_service("/app", App.layer().around(inside))
        .route_service("/told", told)
        .route_service("/untold", App.layer().around(any(socket)))
        .nest_service("/open", Open.layer().around(Router::new().route("/", get(socket).merge(connect(socket)))));
    Server::serve(ApplicationLayer::new().protect_all().around(routes))
}

/// Each path, and the pages that may connect to it, beside its own.
const PATHS: [(&str, &[&str]); 6] = [
    ("/app", &[APP]),
    ("/app/partners", &[PARTNER]),
    ("/told", &[APP]),
    // The layer around does not find a policy there.
    ("/untold", &[]),
    ("/own", &[]),
    ("/open", &[APP, PARTNER, EVIL, "null"]),
];

#[test]
fn a_handshake_of_another_page_is_turned_away() {
    let server = serve();
    let own = server.url("");
    for (path, pages) in PATHS {
        for page in [APP, PARTNER, EVIL, "null"] {
            assert_eq!(connects(&server, path, &[("Origin", page)]), pages.contains(&page), "{path} {page}");
        }
        assert!(connects(&server, path, &[("Origin", &own)]), "{path}");
        assert!(connects(&server, path, &[]), "{path}, by a program");
    }
    // A policy without `credentials` lets nobody act as the user.
    assert!(connects(&server, "/app", &[("Origin", APP), ("Cookie", "sid=1")]));
    assert!(!connects(&server, "/app/partners", &[("Origin", PARTNER), ("Cookie", "sid=1")]));
}

#[test]
fn so_is_one_over_http_2() {
    let server = serve();
    let own = server.url("");
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        for (path, pages) in PATHS {
            for page in [APP, PARTNER, EVIL, "null", &own] {
                let expected = if pages.contains(&page) || page == own { 200 } else { 403 };
                assert_eq!(extended_connect(&server, path, page).await, expected, "{path} {page}");
            }
        }
    });
}

/// The status of the answer to the handshake of [RFC 8441](https://www.rfc-editor.org/rfc/rfc8441).
async fn extended_connect(server: &Server, path: &str, page: &str) -> u16 {
    let stream = tokio::net::TcpStream::connect(server.address()).await.unwrap();
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    // The answer to a first request comes behind the server's settings, which say that it takes such handshakes.
    let first = http::Request::get(server.url("/")).body(Empty::<Bytes>::new()).unwrap();
    assert_eq!(sender.send_request(first).await.unwrap().status(), 404);
    let request = http::Request::connect(server.url(path)).header("sec-websocket-version", "13").header("origin", page);
    let request = request.extension(Protocol::from_static("websocket")).body(Empty::new()).unwrap();
    sender.ready().await.unwrap();
    sender.send_request(request).await.unwrap().status().as_u16()
}
