//! Reads a Rocket request, and writes a Rocket response.

use std::borrow::Cow;
use std::pin::Pin;

use rocket::{Request, Response};

use crate::decision::{Line, vary_covers};
use crate::request::{OriginHeader, RequestHead};

/// What `async_trait` makes of an `async fn`.
pub(crate) type BoxFuture<'f, T> = Pin<Box<dyn Future<Output = T> + Send + 'f>>;

/// The head of a Rocket request. Rocket drops header values that are not UTF-8.
#[derive(Clone, Copy)]
pub(super) struct Head<'r, 'q>(pub(super) &'r Request<'q>);

impl<'r> RequestHead<'r> for Head<'r, '_> {
    fn method(self) -> &'r str {
        self.0.method().as_str()
    }

    // Rocket's map hashes a name for each look-up, which costs more than to compare it with the dozen or two that are there.
    fn values(self, name: &'static str) -> impl Iterator<Item = &'r [u8]> {
        let named = self.0.headers().iter().filter(move |header| header.name.as_str().eq_ignore_ascii_case(name));
        named.filter_map(|header| match header.value {
            Cow::Borrowed(value) => Some(value.as_bytes()),
            // The map lends its values.
            Cow::Owned(_) => None,
        })
    }

    fn host(self) -> Option<Cow<'r, [u8]>> {
        self.0.host().map(|host| host.to_string().into_bytes().into())
    }
}

/// The `Origin` of a request.
pub(super) fn origin_of<'r>(request: &'r Request<'_>) -> OriginHeader<'r> {
    OriginHeader::of(Head(request))
}

/// Writes header lines on a response that has no CORS header. `varies` tells whether it has a `Vary` already.
pub(super) fn write<'r>(response: &mut Response<'r>, lines: impl Iterator<Item = Line<'r>>, varies: bool) {
    for (name, value) in lines {
        if varies && name == "Vary" {
            vary(response, value);
        } else {
            add(response, name, value);
        }
    }
}

/// Adds to `Vary` what it does not cover.
pub(super) fn vary<'r>(response: &mut Response<'r>, needed: &'r str) {
    if !vary_covers(|| response.headers().get("Vary").map(str::as_bytes), needed) {
        add(response, "Vary", needed);
    }
}

/// Adds a header line. In one place and not generic, so that Rocket's code for it is compiled once.
#[inline(never)]
fn add<'r>(response: &mut Response<'r>, name: &'static str, value: &'r str) {
    response.adjoin_raw_header(name, value);
}
