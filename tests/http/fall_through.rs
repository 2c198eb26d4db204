//! Routes that requests fall through to: a write that a policy protects does not run a route without one.

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Origin, cross_origin};
use cors_tests::{APP, Server, call, granted};
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome};
use rocket::{Request, Route, delete, get, head, post, routes};

fn launch(routes: Vec<Route>) -> Result<Server, String> {
    Server::launch(rocket::build().mount("/", routes).attach(CrossOrigin::fairing()))
}

#[cross_origin(origins = ["https://app.example.com"])]
#[delete("/items/<_id>")]
fn by_id(_id: u64) -> &'static str {
    "by id"
}

#[delete("/items/<_name>", rank = 20)]
fn by_name(_name: &str) -> &'static str {
    "by name"
}

#[delete("/<_..>", rank = 30)]
fn everything() {}

#[delete("/items/<_name>?fast", rank = 20)]
fn fast(_name: &str) {}

#[delete("/other/<_name>", rank = 20)]
fn elsewhere(_name: &str) {}

#[delete("/items/7")]
fn before() {}

#[post("/items/<_id>", rank = 20)]
fn another_method(_id: u64) {}

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
#[post("/transfer", format = "json")]
fn json() -> &'static str {
    "json"
}

#[post("/transfer", rank = 2)]
fn form() -> &'static str {
    "form"
}

#[post("/transfer", format = "text/plain", rank = 2)]
fn text() {}

#[cross_origin(none)]
#[delete("/items/<_name>", rank = 20)]
fn by_name_for_nobody(_name: &str) -> &'static str {
    "by name"
}

#[cross_origin(none)]
#[post("/transfer", rank = 2)]
fn form_for_nobody() -> &'static str {
    "form"
}

#[cross_origin(none)]
#[delete("/items/<_id>")]
fn nobody(_id: u64) {}

#[cross_origin(origins = ["https://other.example.com"])]
#[delete("/items/<_name>", rank = 20)]
fn other_policy(_name: &str) {}

#[cross_origin(none, enforce = false)]
#[delete("/items/<_name>", rank = 20)]
fn forms_of_all(_name: &str) {}

#[cross_origin(origins = ["https://other.example.com"], enforce = false)]
#[delete("/items/<_name>", rank = 20)]
fn other_policy_that_enforces_nothing(_name: &str) {}

#[cross_origin(origins = ["https://app.example.com"], enforce = false, max_age = 5, expose_headers = ["x-total"])]
#[delete("/items/<_name>", rank = 20)]
fn the_same_origins(_name: &str) {}

#[cross_origin(origins = any, enforce = false)]
#[delete("/items/<_name>", rank = 20)]
fn all_origins(_name: &str) {}

#[cross_origin(origins = ["https://app.example.com"], credentials)]
#[delete("/items/<_id>")]
fn by_id_as_user(_id: u64) {}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/read/<_id>")]
fn read(_id: u64) {}

#[get("/read/<_name>", rank = 20)]
fn read_by_name(_name: &str) {}

#[cross_origin(origins = ["https://app.example.com"])]
#[head("/head/<_id>")]
fn head(_id: u64) {}

#[head("/head/<_name>", rank = 20)]
fn head_by_name(_name: &str) {}

/// A guard that lets the next route try: nothing else can, where no parameter or format may not fit.
struct Never;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Never {
    type Error = ();

    async fn from_request(_: &'r Request<'_>) -> Outcome<Self, ()> {
        Outcome::Forward(Status::NotFound)
    }
}

#[cross_origin(origins = ["https://app.example.com"])]
#[delete("/guarded/count")]
fn count(_never: Never) {}

#[delete("/<_>/count", rank = 5)]
fn any_count() {}

#[test]
fn a_write_that_may_run_a_route_without_a_policy_refuses_the_launch() {
    for routes in [
        routes![by_id, by_name],
        routes![by_id, everything],
        routes![by_id, fast],
        routes![json, form],
        routes![json, text],
        routes![nobody, by_name],
        routes![by_id, other_policy, everything],
        routes![count, any_count],
        // A preflight that one policy grants, and a policy that looks at no request: nobody would ask the second one.
        routes![by_id, forms_of_all],
        routes![by_id, other_policy_that_enforces_nothing],
        routes![by_id_as_user, the_same_origins],
        routes![by_id_as_user, all_origins],
    ] {
        let names = format!("{:?}", routes.iter().map(|route| route.name.clone()).collect::<Vec<_>>());
        let refused = launch(routes).map(drop).expect_err(&names);
        assert!(refused.contains("SoundPolicies"), "{names}: {refused}");
    }
}

#[test]
fn a_policy_on_the_other_route_is_the_fix() {
    let server = launch(routes![by_id, by_name_for_nobody, json, form_for_nobody]).expect("launches");
    assert!(granted(&server, "DELETE", "/items/7", APP));
    assert_eq!(call(&server, "DELETE", "/items/7", APP).text(), "by id");
    assert_eq!(call(&server, "DELETE", "/items/root", APP).status, 403);
    assert_eq!(call(&server, "POST", "/transfer", APP).status, 403, "no format");

    // Each enforces its own.
    let server = launch(routes![by_id, other_policy]).expect("launches");
    assert_eq!(call(&server, "DELETE", "/items/root", APP).status, 403);
}

#[test]
fn what_cannot_be_fallen_through_to_is_left_alone() {
    for routes in [
        routes![by_id, elsewhere],
        routes![by_id, the_same_origins],
        routes![by_id, all_origins],
        routes![nobody, forms_of_all],
        routes![by_id, before],
        routes![by_id, another_method],
        routes![by_name, everything],
        routes![read, read_by_name],
        routes![head, head_by_name],
    ] {
        let names = format!("{:?}", routes.iter().map(|route| route.name.clone()).collect::<Vec<_>>());
        assert!(launch(routes).is_ok(), "{names}");
    }
}

/// What the second route does not turn away is what the first one would have let in.
#[test]
fn the_second_route_may_name_more() {
    #[cross_origin(origins = ["https://a.example"])]
    #[post("/x/<_n>", rank = 1)]
    fn first(_n: u8) {}
    #[cross_origin(origins = ["https://a.example", "https://b.example"], enforce = false)]
    #[post("/x/<_s>", rank = 2)]
    fn more(_s: &str) {}
    #[cross_origin(origins = ["https://*.example"], enforce = false)]
    #[post("/x/<_s>", rank = 2)]
    fn wild(_s: &str) {}
    #[cross_origin(origins = any, enforce = false)]
    #[post("/x/<_s>", rank = 2)]
    fn all(_s: &str) {}
    #[cross_origin(origins = ["https://b.example"], enforce = false)]
    #[post("/x/<_s>", rank = 2)]
    fn other(_s: &str) {}
    for routes in [routes![first, more], routes![first, wild], routes![first, all]] {
        assert!(launch(routes).is_ok());
    }
    assert!(launch(routes![first, other]).is_err());
}

async fn anybody(_: &Origin<'_>, _: &Request<'_>) -> bool {
    true
}

/// Patterns, lists and checks are named by the second route too, or the launch is refused.
#[test]
fn the_second_route_names_what_is_no_constant() {
    #[cross_origin(origins = ["https://a.example", "https://*.example.org"])]
    #[post("/x/<_n>", rank = 1)]
    fn pattern(_n: u8) {}
    #[cross_origin(origins = ["https://a.example", config("l")])]
    #[post("/x/<_n>", rank = 1)]
    fn list(_n: u8) {}
    #[cross_origin(origins = ["https://a.example", check(anybody)])]
    #[post("/x/<_n>", rank = 1)]
    fn check(_n: u8) {}
    #[cross_origin(origins = ["https://a.example"], enforce = false)]
    #[post("/x/<_s>", rank = 2)]
    fn constant(_s: &str) {}
    #[cross_origin(
        origins = ["https://a.example", "https://*.example.org", config("l"), check(anybody)],
        enforce = false
    )]
    #[post("/x/<_s>", rank = 2)]
    fn all(_s: &str) {}
    let launches = |routes: Vec<Route>| {
        let figment = rocket::Config::figment().merge(("cors.l", ["https://list.example"]));
        Server::launch(rocket::custom(figment).mount("/", routes).attach(CrossOrigin::fairing())).is_ok()
    };
    for first in [routes![pattern], routes![list], routes![check]] {
        assert!(!launches([first.clone(), routes![constant]].concat()), "{first:?}");
        assert!(launches([first.clone(), routes![all]].concat()), "{first:?}");
    }
}
