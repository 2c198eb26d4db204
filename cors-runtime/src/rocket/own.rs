//! The routes that this library mounts itself and its response fairing, and how to know them.
//!
//! Rocket shows their names at launch, to people who have not written these routes, and with each request that one of them
//! gets. It shows a rank that is greater than 1. Lines with `CORS: ` are those of refusals, so no name has that.

use rocket::Route;
use rocket::fairing::{Info, Kind};

use super::launch_text::counted;

/// The route that answers preflights.
pub(super) const PREFLIGHTS: &str = "CORS preflights";
/// The route of requests that are turned away before they are routed.
pub(super) const REFUSED: &str = "CORS refusals, answered with 403";
/// The start of the name of a route that serves nothing, and brings a sentinel along.
const COVERS: &str = "CORS cover of ";

/// The rank of the route that answers preflights: before every OPTIONS route of the application.
pub(super) const FIRST: isize = isize::MIN;

/// The name of a route that serves nothing, and brings a sentinel along for so many routes.
pub(super) fn covers(routes: usize) -> String {
    format!("{COVERS}{}", counted(routes, "route"))
}

/// The response fairing. A singleton, since Rocket then moves it to the end where it is attached once more. It sees requests
/// too where they have to be looked at before they are routed.
pub(super) fn responses(has_gate: bool) -> Info {
    let kind = Kind::Liftoff | Kind::Response | Kind::Singleton;
    Info { name: "CORS headers", kind: if has_gate { kind | Kind::Request } else { kind } }
}

/// Whether a route is one of this library's own.
pub(super) fn is_own(route: &Route) -> bool {
    match route.name.as_deref() {
        Some(PREFLIGHTS | REFUSED) => route.rank == FIRST,
        name => name.is_some_and(|name| name.starts_with(COVERS)),
    }
}
