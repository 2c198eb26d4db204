//! What pages of other origins do without asking: handshakes, requests without `Origin`, and requests with cookies that the
//! policy does not want. None of them needs a preflight, and CORS headers do not stop them.

use std::sync::Mutex;

use cors_runtime::{cross_origin, rocket::CrossOrigin};
use cors_tests::{APP, EVIL, Server, connects, cors_headers, send, serve};
use rocket::http::CookieJar;
use rocket::{get, post, routes};
use rocket_ws::WebSocket;

macro_rules! sockets {
    ($($name:ident $path:literal [$($argument:tt)*])*) => {$(
        #[cross_origin($($argument)*)]
        #[get($path)]
        fn $name(ws: WebSocket) -> rocket_ws::Stream!['static] {
            rocket_ws::Stream! { ws => for await message in ws { yield message?; } }
        }
    )*};
}

sockets! {
    socket "/socket" [origins = ["https://app.example.com"], credentials]
    open_socket "/open-socket" [origins = ["https://app.example.com"], credentials, enforce = false]
    any_socket "/any-socket" [origins = any]
}

#[cross_origin(origins = ["https://app.example.com"], enforce)]
#[get("/export")]
fn export() -> &'static str {
    "ran"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/read")]
fn read() -> &'static str {
    "ran"
}

#[cross_origin(origins = ["https://app.example.com", "https://*.example.org"])]
#[post("/anonymous")]
fn anonymous(jar: &CookieJar<'_>) -> String {
    format!("ran as {:?}", jar.get("session").map(rocket::http::Cookie::value))
}

#[cross_origin(origins = any)]
#[post("/any")]
fn any() -> &'static str {
    "ran"
}

#[cross_origin(origins = ["https://app.example.com"], credentials)]
#[post("/user")]
fn user() -> &'static str {
    "ran"
}

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["authorization"])]
#[post("/token")]
fn token() -> &'static str {
    "ran"
}

fn server() -> Server {
    serve(routes![socket, open_socket, any_socket, export, read, anonymous, any, user, token])
}

#[test]
fn a_handshake_counts_as_a_write() {
    let server = server();
    let cookie = ("Cookie", "session=1");
    for site in ["cross-site", "same-site"] {
        let other = [("Origin", EVIL), ("Sec-Fetch-Site", site), cookie];
        assert!(!connects(&server, "/socket", &other));
        assert!(connects(&server, "/open-socket", &other), "`enforce = false` lets it pass");
        assert!(connects(&server, "/socket", &[("Origin", APP), ("Sec-Fetch-Site", site), cookie]));
    }
    // Browsers that do not send `Sec-Fetch-Site` with a handshake.
    assert!(!connects(&server, "/socket", &[("Origin", EVIL), cookie]));
    assert!(!connects(&server, "/socket", &[("Origin", "null"), cookie]));
    // The application's own page, and a program that is not a browser.
    assert!(connects(
        &server,
        "/socket",
        &[("Origin", "https://own.example"), ("Sec-Fetch-Site", "same-origin"), cookie]
    ));
    assert!(connects(&server, "/socket", &[cookie]));
    // Any page, but not as the user.
    assert!(connects(&server, "/any-socket", &[("Origin", EVIL)]));
    assert!(!connects(&server, "/any-socket", &[("Origin", EVIL), ("Sec-Fetch-Site", "cross-site"), cookie]));
    // One of the two headers is enough.
    for header in [("Upgrade", "websocket"), ("SEC-WEBSOCKET-KEY", "x"), ("Upgrade", "")] {
        // The headers of the response agree: an origin that is named does not get what was turned away for its cookies.
        for other in [&[("Origin", EVIL), header][..], &[("Origin", APP), header, cookie]] {
            let reply = send(&server, "GET", "/read", other);
            assert_eq!(reply.status, 403, "{header:?}");
            assert!(cors_headers(&reply).is_empty(), "{}", reply.head());
            assert_eq!(reply.list("vary"), ["Origin", "Sec-Fetch-Site"], "{}", reply.head());
        }
    }
}

#[test]
fn requests_of_other_pages_without_origin_are_turned_away_where_reads_are_enforced() {
    let server = server();
    for (site, status) in [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200), ("?", 403)] {
        let reply = send(&server, "GET", "/export", &[("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "no-cors")]);
        assert_eq!(reply.status, status, "{site}");
        assert!(cors_headers(&reply).is_empty(), "{}", reply.head());
        assert_eq!(reply.list("vary"), ["Origin", "Sec-Fetch-Site"], "{}", reply.head());
        assert_eq!(send(&server, "HEAD", "/export", &[("Sec-Fetch-Site", site)]).status, status, "{site}");
    }
    // A link is one of them.
    let link = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];
    assert_eq!(send(&server, "GET", "/export", &link).status, 403);
    assert_eq!(send(&server, "GET", "/export", &[]).status, 200, "a program that is not a browser");
    // Without `enforce` reads run, and the answer does not depend on it.
    let reply = send(&server, "GET", "/read", &link);
    assert_eq!((reply.status, reply.list("vary")), (200, vec!["Origin".to_owned()]));
    // Writes are enforced anyway, and `any` has nobody to turn away.
    assert_eq!(send(&server, "POST", "/user", &[("Sec-Fetch-Site", "cross-site")]).status, 403);
    assert_eq!(send(&server, "POST", "/any", &[("Sec-Fetch-Site", "cross-site")]).status, 200);
}

/// A browser sends one `Sec-Fetch-Site`.
#[test]
fn what_contradicts_itself_is_not_the_applications_own() {
    let server = server();
    let (same, cross) = (("Sec-Fetch-Site", "same-origin"), ("sec-fetch-site", "cross-site"));
    let none = ("Sec-Fetch-Site", "none");
    for sites in [[same, cross], [cross, same], [none, cross], [cross, none]] {
        assert_eq!(send(&server, "POST", "/user", &[sites[0], ("Origin", EVIL), sites[1]]).status, 403, "{sites:?}");
        assert_eq!(send(&server, "GET", "/export", &sites).status, 403, "{sites:?}");
    }
    assert_eq!(send(&server, "POST", "/user", &[same, ("Origin", EVIL), same]).status, 200);
    assert_eq!(send(&server, "GET", "/export", &[none, none]).status, 200);
}

#[test]
fn none_is_the_user_only_without_the_origin_of_another_page() {
    let server = server();
    let post = |origin| send(&server, "POST", "/user", &[("Origin", origin), ("Sec-Fetch-Site", "none")]).status;
    let own = format!("http://{}", server.address());
    assert_eq!((post(&own), post("null"), post(EVIL)), (200, 200, 403), "a tab that is loaded again");
}

#[test]
fn cookies_under_a_policy_without_credentials_are_turned_away() {
    let server = server();
    let post = |path, headers: &[(&str, &str)]| send(&server, "POST", path, headers);
    for origin in [APP, "https://attacker.example.org"] {
        let form = [("Origin", origin), ("Sec-Fetch-Site", "cross-site"), ("Cookie", "session=victim")];
        let reply = post("/anonymous", &form);
        assert_eq!(reply.status, 403, "{}", reply.head());
        assert!(cors_headers(&reply).is_empty(), "{}", reply.head());
        assert_eq!(post("/anonymous", &form[..2]).text(), "ran as None");
    }
    assert_eq!(post("/any", &[("Origin", EVIL), ("Cookie", "a=b")]).status, 403);
    assert_eq!(post("/any", &[("Origin", EVIL)]).status, 200);
    assert_eq!(post("/user", &[("Origin", APP), ("Cookie", "a=b")]).status, 200);
    // The application's own pages have its cookies, also where the policy is for any page.
    assert_eq!(post("/any", &[("Origin", EVIL), ("Sec-Fetch-Site", "same-origin"), ("Cookie", "a=b")]).status, 200);
    let own = format!("http://{}", server.address());
    assert_eq!(post("/any", &[("Origin", &own), ("Cookie", "a=b")]).status, 200);
    // What the user has told the browser; but not what a script sets, where the policy lets it.
    let basic = [("Origin", APP), ("Authorization", "Basic YTpi")];
    assert_eq!((post("/anonymous", &basic).status, post("/token", &basic).status), (403, 200));
    // Reads run: the page cannot read what they answer.
    assert_eq!(send(&server, "GET", "/read", &[("Origin", APP), ("Cookie", "a=b")]).status, 200);
}

static REASONS: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[test]
fn the_reason_says_what_to_write() {
    let fairing = CrossOrigin::fairing().on_refusal(|event| {
        REASONS.lock().unwrap().push(format!("{} {}: {}", event.effect, event.refusal.kind(), event.refusal));
    });
    let rocket = rocket::build().attach(fairing).mount("/", routes![export, anonymous]);
    let server = Server::launch(rocket).expect("launches");
    assert_eq!(send(&server, "GET", "/export", &[("Sec-Fetch-Site", "same-site")]).status, 403);
    assert_eq!(send(&server, "POST", "/anonymous", &[("Origin", APP), ("Cookie", "a=b")]).status, 403);
    let said = REASONS.lock().unwrap();
    assert_eq!(
        said[..],
        [
            "turned away cross_site: a page of another origin makes this request without `Origin` \
             (`Sec-Fetch-Site` is `same-site`)",
            "turned away credentials: the request from `https://app.example.com` carries the user's cookies or password, \
             and the policy is without `credentials`: add `credentials`, or let the page send none",
        ]
    );
}
