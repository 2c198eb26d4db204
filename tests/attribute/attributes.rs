//! Other attributes on the handler: those of the language, and macros.

use cors_runtime::cross_origin;
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
