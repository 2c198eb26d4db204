//! The table's topics: in each file the handlers, with their policies, and the cases that call them.

#![allow(clippy::too_many_lines, reason = "tables: what stands together is read together")]

mod bodies;
mod credentials;
mod enforce;
mod errors;
mod headers;
mod lists;
mod max_age;
mod methods;
mod modules;
mod named;
mod null;
mod origins;
mod redirects;
pub mod swapped;
mod vary;
mod workers;

use cors_runtime::rocket::CrossOrigin;
use rocket::Catcher;

use crate::table::{Case, Topic};

/// All topics, in the order in which a page goes through them.
pub fn topics() -> Vec<Topic> {
    vec![
        origins::topic(),
        null::topic(),
        credentials::topic(),
        headers::topic(),
        methods::topic(),
        bodies::topic(),
        max_age::topic(),
        vary::topic(),
        errors::topic(),
        enforce::topic(),
        modules::topic(),
        named::topic(),
        lists::topic(),
        workers::topic(),
        redirects::topic(),
        swapped::topic(),
    ]
}

/// All cases.
pub fn all() -> Vec<Case> {
    topics().into_iter().flat_map(|topic| topic.cases).collect()
}

/// The fairing of the application.
pub fn fairing() -> CrossOrigin {
    CrossOrigin::fairing().fallback("/fallback", errors::Fallback)
}

/// The catchers of the application.
pub fn catchers() -> Vec<Catcher> {
    errors::catchers()
}

#[test]
fn no_two_cases_have_one_name() {
    let mut names: Vec<_> = all().iter().map(|case| case.id).collect();
    names.sort_unstable();
    let doubled: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    assert!(doubled.is_empty(), "{doubled:?}");
}
