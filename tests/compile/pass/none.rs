//! `none`, wherever a policy can stand, alone and with `enforce`.

#![deny(warnings)]

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use rocket::{options, post, routes};

#[cross_origin(none)]
#[post("/alone")]
fn alone() {}

#[cross_origin(none, enforce = false)]
#[post("/acs", data = "<_form>")]
fn acs(_form: String) {}

#[cross_origin(enforce, none, crate = ::cors_runtime)]
#[options("/with-enforce")]
fn with_enforce() {}

#[cross_origin(none)]
struct Nobody;

#[cross_origin(none, enforce = false)]
struct Forms;

#[cross_origin(policy = Forms)]
#[post("/named")]
fn named() {}

#[cross_origin(none)]
mod closed {
    use cors_runtime::cross_origin;
    use rocket::post;

    #[post("/plain")]
    pub(crate) fn plain() {}

    #[cross_origin(inherit, enforce)]
    #[post("/more")]
    pub(crate) fn more() {}

    #[cross_origin(inherit, origins = any)]
    #[post("/open")]
    pub(crate) fn open() {}

    pub(crate) mod inner {
        #[rocket::post("/inner")]
        pub(crate) fn plain() {}
    }
}

fn main() {
    let own = routes![alone, acs, with_enforce, named, closed::plain, closed::more, closed::open, closed::inner::plain];
    let covered = [Nobody.cover(routes![]), Forms.cover(routes![])].concat();
    let _ = rocket::build().attach(CrossOrigin::fairing()).mount("/", own).mount("/", covered);
}
