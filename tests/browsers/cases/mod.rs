//! The table's topics: in each file the handlers, with their policies, and the cases that call them.

mod origins;
pub mod swapped;

use cors_runtime::rocket::CrossOrigin;
use rocket::Catcher;

use crate::table::Topic;

/// All topics, in the order in which a page goes through them.
pub fn topics() -> Vec<Topic> {
    vec![origins::topic(), swapped::topic()]
}

/// The fairing of the application.
pub fn fairing() -> CrossOrigin {
    CrossOrigin::fairing()
}

/// The catchers of the application.
pub fn catchers() -> Vec<Catcher> {
    vec![]
}
