//! For tests of applications: what a page gets from a handler, as far as that is the same with every adapter.

// Read from top to bottom:
//
// | file | what it does |
// |---|---|
// | `page` | the page that calls, and what the script says: methods that the types of the adapters share |
// | `exchange` | the steps of a browser with one call |
// | `outcome` | what the page gets |

mod exchange;
mod outcome;
mod page;

pub(crate) use exchange::{Exchange, is_sent};
pub use outcome::{Outcome, Refused, Shared};
pub(crate) use page::{PageParts, Script, call_methods, page_methods};

/// Where an application is reached if nothing else is said.
pub(crate) const USUAL_SERVER: &str = "http://localhost:8000";
