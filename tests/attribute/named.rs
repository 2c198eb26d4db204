//! Named policies: the attribute on a unit struct.

use cors_runtime::{NamedPolicy, cross_origin};
use cors_tests::{APP, Call, EVIL, Server, granted, launch, shared};
use rocket::fs::FileServer;
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome};
use rocket::{Request, Route, get, options, put, routes};

/// Those who may call.
#[cross_origin(origins = ["https://app.example.com"], credentials, allow_headers = ["authorization"], enforce)]
#[derive(Clone, Copy, Debug)]
pub struct Partners;

mod policies {
    use cors_runtime::cross_origin;

    #[cross_origin(origins = any)]
    pub struct Everybody;
}

#[cross_origin(policy = Partners)]
#[get("/feed")]
fn feed() -> &'static str {
    "feed"
}

#[cross_origin(policy = self::policies::Everybody)]
#[get("/open")]
fn open() -> &'static str {
    "open"
}

#[cross_origin(policy = cors_tests::policies::Company)]
#[get("/company")]
fn company() {}

#[cross_origin(policy = cors_tests::policies::Company)]
mod of_another_crate {
    #[rocket::get("/company/module")]
    pub fn handler() {}
}

#[test]
fn they_may_stand_in_another_crate() {
    let server = launch(rocket::build().mount("/", routes![company, of_another_crate::handler]));
    for path in ["/company", "/company/module"] {
        assert!(shared(&server, "GET", path, APP) && !shared(&server, "GET", path, EVIL), "{path}");
    }
}

// A relative path means here what it means outside the module.
#[cross_origin(policy = Partners)]
mod module {
    use rocket::get;

    #[get("/module")]
    pub fn handler() -> &'static str {
        "module"
    }

    pub mod inner {
        #[rocket::get("/module/inner")]
        pub fn handler() -> &'static str {
            "inner"
        }
    }

    #[cors_runtime::cross_origin(policy = crate::named::policies::Everybody)]
    #[get("/module/own")]
    pub fn own() -> &'static str {
        "own"
    }
}

#[put("/<_..>", rank = 12)]
fn by_hand() -> &'static str {
    "by hand"
}

fn server() -> Server {
    let files = concat!(env!("CARGO_MANIFEST_DIR"), "/cases");
    let third_party: Vec<Route> = routes![by_hand];
    launch(
        rocket::build()
            .mount("/", routes![feed, open, module::handler, module::inner::handler, module::own])
            .mount("/files", Partners.cover(FileServer::from(files)))
            .mount("/more", Partners.cover(third_party))
            .mount("/more", policies::Everybody.cover(FileServer::from(files))),
    )
}

#[test]
fn handlers_and_modules_refer_to_them() {
    let server = server();
    for path in ["/feed", "/module", "/module/inner"] {
        assert!(shared(&server, "GET", path, APP) && granted(&server, "GET", path, APP), "{path}");
        assert!(!shared(&server, "GET", path, EVIL), "{path}");
        assert_eq!(Call::new("GET", path).header("Origin", EVIL).send(&server).status, 403, "enforce: {path}");
    }
    assert!(shared(&server, "GET", "/open", EVIL) && shared(&server, "GET", "/module/own", EVIL));
    assert_eq!(<Partners as NamedPolicy>::POLICY.to_string(), "https://app.example.com with credentials");
}

#[test]
fn they_cover_routes_that_no_attribute_can_be_written_on() {
    let server = server();
    let file = "/files/unasked.tsv";
    assert!(shared(&server, "GET", file, APP) && granted(&server, "GET", file, APP));
    let reply = Call::new("GET", file).header("Origin", APP).send(&server);
    assert_eq!((reply.status, reply.one("access-control-allow-credentials")), (200, Some("true")));
    assert_eq!(Call::new("GET", file).header("Origin", EVIL).send(&server).status, 403, "enforce");

    let missing = Call::new("GET", "/files/missing").header("Origin", APP).send(&server);
    assert_eq!((missing.status, missing.one("access-control-allow-origin")), (404, Some(APP)), "an error can be read");

    assert!(granted(&server, "PUT", "/more/x", APP) && !granted(&server, "PUT", "/more/x", EVIL));
    assert!(shared(&server, "GET", "/more/unasked.tsv", EVIL));
    assert!(!granted(&server, "DELETE", "/more/x", APP));
}

mod annotated {
    use rocket::post;

    #[cors_runtime::cross_origin(origins = ["https://inner.example.com"])]
    #[post("/own")]
    pub fn own() {}

    #[cors_runtime::cross_origin(policy = super::Partners)]
    pub mod module {
        #[cors_runtime::cross_origin(none)]
        #[rocket::post("/none")]
        pub fn none() {}
    }
}

#[test]
fn what_has_a_policy_keeps_it_under_a_cover() {
    let server = launch(rocket::build().mount("/", Partners.cover(routes![annotated::own, annotated::module::none])));
    let inner = "https://inner.example.com";
    let post = |path: &str, origin: &str| Call::new("POST", path).header("Origin", origin).send(&server).status;
    assert!(granted(&server, "POST", "/own", inner) && !granted(&server, "POST", "/own", APP));
    assert_eq!((post("/own", inner), post("/own", APP)), (200, 403));
    assert!(!granted(&server, "POST", "/none", APP));
    assert_eq!(post("/none", APP), 403);
}

#[test]
fn covered_routes_need_the_fairing_too() {
    let files = FileServer::from(concat!(env!("CARGO_MANIFEST_DIR"), "/cases"));
    let refused = Server::launch(rocket::build().mount("/files", Partners.cover(files))).expect_err("refused");
    assert!(refused.contains("Attached"), "{refused}");
}

/// A guard that leaves each request to the next route.
struct Nobody;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Nobody {
    type Error = ();

    async fn from_request(_: &'r Request<'_>) -> Outcome<Self, ()> {
        Outcome::Forward(Status::Unauthorized)
    }
}

#[get("/third-party")]
fn of_third_party() {}

#[options("/own")]
fn own_options() -> &'static str {
    "own"
}

#[options("/guarded")]
fn guarded_options(_nobody: Nobody) {}

/// The route that `cover` adds serves nothing and says nothing, so below it OPTIONS requests are answered as without it.
#[test]
fn covered_routes_leave_options_routes_as_they_are() {
    let bare = launch(rocket::build().mount("/more", routes![own_options, guarded_options]));
    let covered = routes![by_hand, own_options, guarded_options];
    let covered = launch(
        rocket::build().mount("/more", Partners.cover(covered)).mount("/", Partners.cover(routes![of_third_party])),
    );
    for (path, status) in [("/more/own", 200), ("/more/guarded", 401), ("/more/nothing", 404), ("/nothing", 404)] {
        for server in [&bare, &covered] {
            assert_eq!(Call::new("OPTIONS", path).send(server).status, status, "{path}");
        }
    }
}

#[test]
fn what_is_covered_can_be_counted() {
    // One route more, which makes the launch fail where the fairing is not attached.
    assert_eq!(Partners.cover(routes![]).len(), 0);
    assert_eq!(Partners.cover(routes![annotated::own]).len(), 1, "it has a policy already");
    let covered = policies::Everybody.cover(routes![of_third_party]);
    assert_eq!(covered.len(), 2);
    assert_eq!(Partners.cover(covered).len(), 2, "nor is the further one covered");
}

/// As routes without a policy may be.
#[test]
fn covered_routes_are_mounted_at_two_bases() {
    #[get("/items")]
    fn items() {}
    let covered = Partners.cover(routes![items]);
    let server = launch(rocket::build().mount("/", covered.clone()).mount("/v1", covered));
    for path in ["/items", "/v1/items"] {
        assert!(shared(&server, "GET", path, APP) && !shared(&server, "GET", path, EVIL), "{path}");
    }
}
