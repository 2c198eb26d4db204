//! The routes that this library mounts itself and its response fairing, and how to know them.

use rocket::Route;
use rocket::fairing::{Info, Kind};

/// The route that answers preflights.
pub(super) const PREFLIGHTS: &str = "CORS preflights";
/// The route of requests that are turned away before they are routed.
pub(super) const REFUSED: &str = "CORS, turned away";
/// A route that serves nothing, and brings a sentinel along.
pub(super) const COVERED: &str = "CORS for covered routes";

/// The rank of the route that answers preflights: before every OPTIONS route of the application.
pub(super) const FIRST: isize = isize::MIN;

/// The response fairing. A singleton, since Rocket then moves it to the end where it is attached once more. It sees requests
/// too where they have to be looked at before they are routed.
pub(super) fn responses(has_gate: bool) -> Info {
    let kind = Kind::Liftoff | Kind::Response | Kind::Shutdown | Kind::Singleton;
    Info { name: "CORS headers", kind: if has_gate { kind | Kind::Request } else { kind } }
}

/// Whether a route is one of this library's own.
pub(super) fn is_own(route: &Route) -> bool {
    match route.name.as_deref() {
        Some(PREFLIGHTS | REFUSED) => route.rank == FIRST,
        Some(COVERED) => true,
        _ => false,
    }
}
