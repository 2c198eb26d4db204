//! `none`: a policy that shares with nobody, on whatever a policy can stand on.

use cors_runtime::cross_origin;
use cors_tests::{APP, Call, EVIL, Server, granted, launch, shared};
use rocket::{get, post, routes};

#[cross_origin(none)]
#[post("/handler")]
fn handler() {}

#[cross_origin(none)]
#[get("/handler")]
fn read() {}

/// A page of another site may post its form here, and read nothing.
#[cross_origin(none, enforce = false)]
#[post("/acs", data = "<form>")]
fn acs(form: String) -> String {
    form
}

#[cross_origin(none, enforce)]
#[get("/expensive")]
fn expensive() {}

#[cross_origin(none)]
struct Nobody;

#[cross_origin(policy = Nobody)]
#[post("/named")]
fn named() {}

#[post("/covered")]
fn covered() {}

#[cross_origin(none)]
mod closed {
    #[rocket::post("/module")]
    pub fn plain() {}

    pub mod inner {
        #[rocket::post("/module/inner")]
        pub fn plain() {}
    }

    #[cors_runtime::cross_origin(inherit, enforce = false)]
    #[rocket::post("/module/forms")]
    pub fn forms() {}

    #[cors_runtime::cross_origin(inherit, origins = ["https://app.example.com"])]
    #[rocket::post("/module/app")]
    pub fn app() {}
}

fn server() -> Server {
    let own =
        routes![handler, read, acs, expensive, named, closed::plain, closed::inner::plain, closed::forms, closed::app];
    launch(rocket::build().mount("/", own).mount("/", Nobody.cover(routes![covered])))
}

fn status(server: &Server, method: &str, path: &str, origin: &str) -> u16 {
    Call::new(method, path).header("Origin", origin).send(server).status
}

#[test]
fn nobody_may_read_and_nobody_else_may_write() {
    let server = server();
    let own = format!("http://{}", server.address());
    for path in ["/handler", "/named", "/covered", "/module", "/module/inner"] {
        for origin in [APP, EVIL, "null"] {
            assert_eq!(status(&server, "POST", path, origin), 403, "{path} {origin}");
            assert!(!granted(&server, "POST", path, origin), "{path} {origin}");
        }
        assert_eq!(status(&server, "POST", path, &own), 200, "{path}");
        assert_eq!(Call::new("POST", path).send(&server).status, 200, "{path}");
    }
    assert_eq!(status(&server, "GET", "/handler", EVIL), 200);
    assert!(!shared(&server, "GET", "/handler", EVIL));
    assert_eq!(status(&server, "GET", "/expensive", EVIL), 403);
    assert_eq!(status(&server, "GET", "/expensive", &own), 200);
}

#[test]
fn forms_of_other_sites_run_where_they_are_meant() {
    let server = server();
    for path in ["/acs", "/module/forms"] {
        for origin in [APP, EVIL, "null"] {
            let call = Call::new("POST", path).header("Origin", origin).header("Sec-Fetch-Site", "cross-site");
            let reply =
                call.header("Content-Type", "application/x-www-form-urlencoded").body("SAMLResponse=x").send(&server);
            assert_eq!(reply.status, 200, "{path} {origin}");
            assert_eq!(reply.one("access-control-allow-origin"), None, "{path} {origin}");
            assert!(!granted(&server, "POST", path, origin), "{path} {origin}");
        }
    }
}

#[test]
fn inherit_adds_to_nobody() {
    let server = server();
    assert_eq!(status(&server, "POST", "/module/app", APP), 200);
    assert_eq!(status(&server, "POST", "/module/app", EVIL), 403);
    assert!(granted(&server, "POST", "/module/app", APP));
}
