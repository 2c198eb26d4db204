//! Other attributes on the handler: those of the language, and macros.

use cors_runtime::cross_origin;
use cors_tests_macros::{keeps_the_route_only, moves, removes, renames};
use rocket::{get, routes};

use crate::{client, get};

/// A documented handler.
#[cross_origin(origins = ["https://app.example.com"])]
#[get("/documented")]
#[must_use]
#[inline]
fn documented() -> &'static str {
    "documented"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/cfg")]
#[cfg(not(test))]
fn chosen() -> &'static str {
    compile_error!("this handler is configured out")
}

#[cfg(test)]
#[cross_origin(origins = ["https://app.example.com"])]
#[get("/cfg")]
fn chosen() -> &'static str {
    "chosen"
}

#[cfg_attr(test, cross_origin(origins = ["https://app.example.com"]))]
#[cfg_attr(test, get("/cfg-attr"))]
#[cfg_attr(not(test), get("/another"))]
fn by_cfg_attr() -> &'static str {
    "by cfg_attr"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/old")]
#[deprecated(note = "for the test")]
fn old() -> &'static str {
    "old"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/lenient/<never_used>")]
#[expect(unused_variables, reason = "the attribute stays with the handler")]
fn lenient(never_used: u8) -> &'static str {
    "lenient"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/traced/<id>")]
#[tracing::instrument]
async fn traced(id: u8) -> String {
    rocket::tokio::task::yield_now().await;
    format!("traced {id}")
}

#[tracing::instrument]
#[cross_origin(origins = ["https://app.example.com"])]
#[get("/traced-above/<id>")]
fn traced_above(id: u8) -> String {
    format!("traced above {id}")
}

#[cross_origin(origins = ["https://app.example.com"])]
#[tracing::instrument]
#[get("/traced-between/<id>")]
fn traced_between(id: u64) -> String {
    format!("traced between {id}")
}

// Not a macro, and not an attribute that the library knows.
#[cross_origin(origins = ["https://app.example.com"])]
#[track_caller]
#[get("/tracked")]
fn tracked() -> &'static str {
    "tracked"
}

#[cross_origin(origins = ["https://app.example.com"])]
mod between {
    use rocket::get;

    #[tracing::instrument]
    #[get("/traced-in-a-module/<id>")]
    pub(super) fn traced_in_a_module(id: u64) -> String {
        format!("traced in a module {id}")
    }
}

#[test]
fn instrumented_handlers() {
    let client = client(routes![traced, traced_above, traced_between, tracked, between::traced_in_a_module]);
    assert_eq!(get(&client, "/traced/1"), "traced 1");
    assert_eq!(get(&client, "/traced-above/2"), "traced above 2");
    assert_eq!(get(&client, "/traced-between/3"), "traced between 3");
    assert_eq!(get(&client, "/tracked"), "tracked");
    assert_eq!(get(&client, "/traced-in-a-module/4"), "traced in a module 4");
}

#[test]
fn other_attributes_stay_with_the_handler() {
    #[expect(deprecated, reason = "mounting a deprecated handler warns, as without `cross_origin`")]
    let client = client(routes![documented, chosen, by_cfg_attr, old, lenient]);
    assert_eq!(get(&client, "/documented"), "documented");
    assert_eq!(get(&client, "/cfg"), "chosen");
    assert_eq!(get(&client, "/cfg-attr"), "by cfg_attr");
    assert_eq!(get(&client, "/old"), "old");
    assert_eq!(get(&client, "/lenient/1"), "lenient");
}

// Each of these is expanded before Rocket's attribute, and keeps `cross_origin`.
#[cross_origin(origins = ["https://app.example.com"])]
#[renames]
#[get("/renamed")]
fn handler() -> &'static str {
    "renamed"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[removes]
#[get("/removed")]
fn removed() -> &'static str {
    compile_error!("this handler is left out")
}

#[cross_origin(origins = ["https://app.example.com"])]
#[rustfmt::skip]
#[cfg(not(test))]
#[get("/removed")]
fn configured_out() -> &'static str {
    compile_error!("this handler is configured out")
}

#[cross_origin(origins = ["https://app.example.com"])]
#[moves]
#[get("/moved")]
pub fn handler_in_a_module() -> &'static str {
    "moved"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[rustfmt::skip]
#[deprecated(note = "for the test")]
#[get("/skipped")]
fn skipped() -> &'static str {
    "skipped"
}

// Below the route attribute nothing is left that it could drop.
#[cross_origin(origins = ["https://app.example.com"])]
#[get("/kept")]
#[keeps_the_route_only]
fn kept() -> &'static str {
    "kept"
}

#[cross_origin(origins = ["https://app.example.com"])]
struct Covering;

#[keeps_the_route_only]
#[get("/covered")]
fn covered() -> &'static str {
    "covered"
}

#[test]
fn macros_in_between_may_do_everything_except_drop_the_policy() {
    #[cross_origin(origins = ["https://app.example.com"])]
    #[renames]
    #[get("/in-a-body")]
    fn in_a_body() -> &'static str {
        "in a body"
    }

    #[expect(deprecated, reason = "mounting a deprecated handler warns, as without `cross_origin`")]
    let mut routes = routes![renamed_handler, moved::handler_in_a_module, skipped, kept, renamed_in_a_body];
    routes.extend(Covering.cover(routes![covered]));
    let client = client(routes);
    for (path, body) in [
        ("/renamed", "renamed"),
        ("/moved", "moved"),
        ("/skipped", "skipped"),
        ("/kept", "kept"),
        ("/in-a-body", "in a body"),
        ("/covered", "covered"),
    ] {
        assert_eq!(get(&client, path), body);
    }
}
