//! The table's topics: in each file the handlers, with their policies, and the cases that call them.

mod credentials;
mod headers;
mod max_age;
mod null;
mod origins;
pub mod swapped;

use cors_runtime::rocket::CrossOrigin;
use rocket::Catcher;

use crate::table::Topic;

/// All topics, in the order in which a page goes through them.
pub fn topics() -> Vec<Topic> {
    vec![origins::topic(), null::topic(), credentials::topic(), headers::topic(), max_age::topic(), swapped::topic()]
}

/// The fairing of the application.
pub fn fairing() -> CrossOrigin {
    CrossOrigin::fairing()
}

/// The catchers of the application.
pub fn catchers() -> Vec<Catcher> {
    vec![]
}
