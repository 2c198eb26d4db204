//! Which requests of other origins are turned away before a guard or the handler runs.

use std::sync::atomic::{AtomicUsize, Ordering};

use cors_runtime::cross_origin;
use cors_tests::{APP, Call, EVIL, Reply, Server, cors_headers, serve};
use rocket::request::{FromRequest, Outcome, Request};
use rocket::{delete, get, patch, post, put, routes};

/// How many guards have run. The tests of this file count in one test each, by the path they use.
static GUARDS: AtomicUsize = AtomicUsize::new(0);

/// A guard that counts.
struct Counted;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Counted {
    type Error = ();

    async fn from_request(_: &'r Request<'_>) -> Outcome<Self, ()> {
        GUARDS.fetch_add(1, Ordering::SeqCst);
        Outcome::Success(Counted)
    }
}

macro_rules! handlers {
    ($($name:ident $method:ident $path:literal [$($argument:tt)*])*) => {$(
        #[cross_origin(origins = ["https://app.example.com"] $($argument)*)]
        #[$method($path)]
        fn $name(_counted: Counted) -> &'static str {
            "ran"
        }
    )*};
}

handlers! {
    read_by_default get "/default" []
    post_by_default post "/default" []
    put_by_default put "/default" []
    patch_by_default patch "/default" []
    delete_by_default delete "/default" []
    read_always get "/always" [, enforce]
    post_always post "/always" [, enforce = true]
    read_never get "/never" [, enforce = false]
    post_never post "/never" [, enforce = false]
}

fn server() -> Server {
    serve(routes![
        read_by_default,
        post_by_default,
        put_by_default,
        patch_by_default,
        delete_by_default,
        read_always,
        post_always,
        read_never,
        post_never
    ])
}

/// The answer, and whether a guard ran.
fn send(server: &Server, call: &Call) -> (Reply, bool) {
    let before = GUARDS.load(Ordering::SeqCst);
    let reply = call.send(server);
    (reply, GUARDS.load(Ordering::SeqCst) > before)
}

/// One test, since all count with one counter.
#[test]
fn who_is_turned_away() {
    let server = server();
    let call = |method: &str, path: &str, origin: &str| Call::new(method, path).header("Origin", origin);
    let turned_away = |call: &Call, expected: bool| {
        let (reply, ran) = send(&server, call);
        assert_eq!((reply.status == 403, !ran), (expected, expected), "{call:?}");
        if expected {
            let vary = ["Origin", "Sec-Fetch-Site"].map(str::to_owned).to_vec();
            assert_eq!((cors_headers(&reply), reply.list("vary")), (vec![], vary), "{call:?}");
        }
    };

    for origin in [EVIL, "null", "https://app.example.com.evil.net", ""] {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            turned_away(&call(method, "/default", origin), true);
        }
        for method in ["GET", "HEAD"] {
            turned_away(&call(method, "/default", origin), false);
            turned_away(&call(method, "/always", origin), true);
            turned_away(&call(method, "/never", origin), false);
        }
        turned_away(&call("POST", "/always", origin), true);
        turned_away(&call("POST", "/never", origin), false);
    }
    for method in ["GET", "POST"] {
        for path in ["/default", "/always", "/never"] {
            turned_away(&call(method, path, APP), false);
            turned_away(&Call::new(method, path), false);
        }
    }
    // Several `Origin` headers: no browser sends them, so nobody is let in by one of them.
    turned_away(&call("POST", "/default", APP).header("Origin", EVIL), true);
    turned_away(&call("POST", "/default", EVIL).header("Origin", APP), true);

    // A page of the server itself.
    let host = server.address().to_string();
    turned_away(&call("POST", "/default", &format!("http://{host}")), false);
    turned_away(&call("POST", "/default", &format!("https://{host}")), false);
    turned_away(&call("POST", "/default", "https://mine.example").header("Host", "mine.example"), false);
    turned_away(&call("POST", "/default", "https://mine.example").header("Host", "other.example"), true);
    turned_away(&call("POST", "/default", EVIL).header("Sec-Fetch-Site", "same-origin"), false);
    turned_away(&call("POST", "/default", "null").header("Sec-Fetch-Site", "none"), false);
    let site = |site: &str| call("POST", "/default", &format!("http://{host}")).header("Sec-Fetch-Site", site);
    turned_away(&site("same-site"), true);
    turned_away(&site("cross-site"), true);

    // A form that becomes a DELETE in Rocket: browsers send it without any preflight.
    let form = |origin: &str, path: &str| {
        call("POST", path, origin).header("Content-Type", "application/x-www-form-urlencoded").body("_method=DELETE")
    };
    turned_away(&form(EVIL, "/default"), true);
    turned_away(&form(APP, "/default"), false);
}

/// What the developer tools of a browser show, in debug builds: why a request was turned away. One that is only not shared has
/// its reason in the console.
#[test]
fn what_is_turned_away_says_why() {
    let server = serve(routes![read_by_default, post_by_default]);
    let timing = |method| Call::new(method, "/default").header("Origin", EVIL).send(&server);
    let (read, written) = (timing("GET"), timing("POST"));
    assert_eq!((read.status, read.one("server-timing"), written.status), (200, None, 403));
    let reason = "cors;desc=\"the policy does not allow the origin `https://evil.example.net`";
    let says = written.one("server-timing").map(|said| said.starts_with(reason));
    assert_eq!(says, cfg!(debug_assertions).then_some(true), "{}", written.head());
}
