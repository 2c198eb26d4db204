//! A launch without the fairing is refused: forgetting it must neither silently share nor silently not share.

use std::cell::Cell;
use std::convert::Infallible;

use rocket::request::{self, FromRequest, Request};
use rocket::{Ignite, Rocket, Sentinel};

use super::CrossOrigin;

/// A request guard that always succeeds. As a parameter of the generated route it brings its sentinel along,
/// which Rocket asks at launch; as a guard beside the return type it hides no sentinel in there.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Attached;

impl<'r> FromRequest<'r> for Attached {
    type Error = Infallible;

    // The future has no size, so boxing it allocates nothing.
    fn from_request<'a, 'f>(_: &'r Request<'a>) -> super::BoxFuture<'f, request::Outcome<Self, Infallible>>
    where
        'r: 'f,
        'a: 'f,
    {
        Box::pin(async { request::Outcome::Success(Attached) })
    }
}

impl Sentinel for Attached {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        let missing = rocket.state::<CrossOrigin>().is_none();
        if missing && first_time(rocket) {
            rocket::error!("`#[cross_origin]` needs the CORS fairing, which is not attached.");
            super::events::error("`#[cross_origin]` needs the CORS fairing, which is not attached");
            rocket::error_!("help: add the line `.attach(cors_runtime::rocket::CrossOrigin::fairing())`");
            rocket::error_!("without it no policy is in effect, so the launch is refused");
        }
        missing
    }
}

/// Whether this application is seen for the first time: Rocket asks once for every annotated route.
fn first_time(rocket: &Rocket<Ignite>) -> bool {
    thread_local!(static SEEN: Cell<usize> = const { Cell::new(0) });
    let address = std::ptr::from_ref(rocket) as usize;
    SEEN.replace(address) != address
}
