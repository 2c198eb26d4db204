//! `check(path)`: origins that live elsewhere.

use std::sync::Mutex;

use cors_runtime::{Origin, cross_origin};
use cors_tests::{APP, Call, EVIL, Server, granted, launch, shared};
use rocket::request::{FromRequest, Outcome};
use rocket::{Request, get, post, put, routes};

/// The origins that the checks of this file have been asked about, with the paths.
static ASKED: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

fn note(origin: &Origin<'_>, request: &Request<'_>) {
    ASKED.lock().unwrap().push((origin.to_string(), request.uri().path().to_string()));
}

/// How often a check was asked about something at this path.
fn asked(path: &str) -> usize {
    ASKED.lock().unwrap().iter().filter(|(_, asked)| asked == path).count()
}

async fn is_tenant(origin: &Origin<'_>, request: &Request<'_>) -> bool {
    note(origin, request);
    rocket::tokio::task::yield_now().await;
    origin.scheme() == "https" && origin.port().is_none() && origin.is_subdomain_of("tenants.example.com")
}

mod others {
    use super::*;

    pub async fn panics(origin: &Origin<'_>, request: &Request<'_>) -> bool {
        note(origin, request);
        panic!("on purpose")
    }

    pub async fn by_header(_: &Origin<'_>, request: &Request<'_>) -> bool {
        request.headers().get_one("X-Tenant") == Some("yes")
    }
}

#[cross_origin(origins = ["https://app.example.com", check(is_tenant)], credentials)]
#[get("/get")]
fn read() -> &'static str {
    "read"
}

struct Counted;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Counted {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        ASKED.lock().unwrap().push(("guard".into(), format!("{} guard", request.uri().path())));
        Outcome::Success(Counted)
    }
}

#[cross_origin(origins = [check(self::is_tenant)])]
#[post("/post")]
fn write(_counted: Counted) {}

#[cross_origin(origins = [check(others::panics)])]
#[get("/panics")]
fn panicking() {}

#[cross_origin(origins = [check(others::panics), check(others::by_header)])]
#[get("/two")]
fn two() {}

#[cross_origin(origins = [check(is_tenant)])]
#[put("/ranked/<_id>", rank = 1)]
fn number(_id: u8) {}

#[cross_origin(origins = [check(is_tenant)])]
#[put("/ranked/<_name>", rank = 2)]
fn text(_name: &str) {}

// A relative path means here what it means outside the module.
#[cross_origin(origins = [check(others::by_header)])]
mod module {
    #[rocket::get("/module")]
    pub fn handler() {}

    #[cors_runtime::cross_origin(inherit, origins = ["https://app.example.com"])]
    #[rocket::get("/module/inherit")]
    pub fn inherit() {}
}

fn server() -> Server {
    let routes = routes![read, write, panicking, two, number, text, module::handler, module::inherit];
    launch(rocket::build().mount("/", routes))
}

const TENANT: &str = "https://a.tenants.example.com";

#[test]
fn a_check_names_origins() {
    let server = server();
    assert!(shared(&server, "GET", "/get", TENANT) && shared(&server, "GET", "/get", APP));
    for origin in
        [EVIL, "https://tenants.example.com", "https://eviltenants.example.com", "http://a.tenants.example.com"]
    {
        assert!(!shared(&server, "GET", "/get", origin), "{origin}");
    }
    let reply = Call::new("GET", "/get").header("Origin", TENANT).send(&server);
    assert_eq!(reply.one("access-control-allow-credentials"), Some("true"));
    assert_eq!(reply.list("vary"), ["Origin"]);
}

#[test]
fn it_runs_at_preflight_and_before_the_guards() {
    let server = server();
    assert!(granted(&server, "POST", "/post", TENANT) && !granted(&server, "POST", "/post", EVIL));
    let post = |origin| Call::new("POST", "/post").header("Origin", origin).send(&server).status;
    assert_eq!((post(EVIL), asked("/post guard")), (403, 0));
    assert_eq!((post(TENANT), asked("/post guard")), (200, 1));
}

#[test]
fn it_is_asked_once_a_request() {
    let server = server();
    assert!(shared(&server, "GET", "/get?once", TENANT));
    let before = asked("/ranked/name");
    let reply = Call::new("PUT", "/ranked/name").header("Origin", TENANT).send(&server);
    assert_eq!((reply.status, reply.one("access-control-allow-origin")), (200, Some(TENANT)));
    assert_eq!(asked("/ranked/name") - before, 1, "two routes were tried");
}

#[test]
fn it_is_never_asked_about_what_is_no_origin() {
    let server = server();
    for origin in [
        "null",
        "",
        "evil",
        "https://a.tenants.example.com/",
        "HTTPS://A.TENANTS.EXAMPLE.COM",
        "https://a..tenants.example.com",
    ] {
        assert!(!granted(&server, "PUT", "/ranked/1", origin), "{origin}");
        assert_eq!(Call::new("PUT", "/ranked/1").header("Origin", origin).send(&server).status, 403, "{origin}");
    }
    let several = Call::new("PUT", "/ranked/1").header("Origin", TENANT).header("Origin", TENANT);
    assert_eq!(several.send(&server).status, 403);
    assert_eq!(asked("/ranked/1"), 0);
}

#[test]
fn a_panic_refuses() {
    let server = server();
    assert!(!shared(&server, "GET", "/panics", TENANT) && !granted(&server, "GET", "/panics", TENANT));
    let tenant = |yes| Call::new("GET", "/two").header("Origin", EVIL).header("X-Tenant", yes).send(&server);
    assert_eq!(tenant("yes").one("access-control-allow-origin"), Some(EVIL), "the other one may still say yes");
    assert_eq!(tenant("no").one("access-control-allow-origin"), None);
}

#[test]
fn checks_of_a_module_reach_its_handlers() {
    let server = server();
    for path in ["/module", "/module/inherit"] {
        let tenant = |yes| Call::new("GET", path).header("Origin", EVIL).header("X-Tenant", yes).send(&server);
        assert_eq!(tenant("yes").one("access-control-allow-origin"), Some(EVIL), "{path}");
        assert_eq!(tenant("no").one("access-control-allow-origin"), None, "{path}");
    }
    assert!(shared(&server, "GET", "/module/inherit", APP) && !shared(&server, "GET", "/module", APP));
}
