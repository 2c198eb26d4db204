//! Reads a Rocket request, and writes a Rocket response.

use std::borrow::Cow;
use std::pin::Pin;
use std::task::{Context, Poll};

use rocket::http::{Header, Method};
use rocket::{Request, Response};

use crate::decision::{Line, Name};
use crate::header_text::vary_covers;
use crate::request::{self, Authority, CorsRequest, Lengths, OriginHeader, is_origin, may_be};

pub(super) use crate::check_function::BoxFuture;

/// A future that is ready: of no size, so that to box it allocates nothing.
pub(super) struct Done;

impl Future for Done {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

/// The parts of a request that the decision needs. Rocket drops header values that are not UTF-8.
///
/// One look at all names is cheaper than look-ups of some: Rocket's map hashes the name each time.
#[inline]
pub(super) fn read<'r>(request: &'r Request<'_>) -> CorsRequest<'r> {
    let mut read = CorsRequest::new(request.method().as_str(), request.host().map(|host| Authority::Shown(host)));
    let mut lines = request.headers().iter();
    // Not a loop over all lines: from inside the map's nested iterator, most of them are passed over in a few instructions.
    while let Some(line) = lines.find(|line| may_be(line.name.as_str(), &Lengths::ALL)) {
        if let Some((name, value)) = lent(line) {
            read.read_known(name.as_bytes(), value.as_bytes());
        }
    }
    read
}

/// The name and the value of a header line: the map lends both. Nothing of the line is left, which would have to be dropped.
#[inline]
fn lent(line: Header<'_>) -> Option<(&str, &str)> {
    match (line.name.into_cow(), line.value) {
        (Cow::Borrowed(name), Cow::Borrowed(value)) => Some((name, value)),
        _ => None,
    }
}

/// What most requests are decided by.
#[derive(Clone, Copy)]
pub(super) struct First<'r> {
    pub(super) origin: OriginHeader<'r>,
    /// Whether it asks for another protocol.
    pub(super) upgrade: bool,
}

/// Reads no more of a request than that.
#[inline]
pub(super) fn first<'r>(request: &'r Request<'_>) -> First<'r> {
    let mut first = First { origin: OriginHeader::Absent, upgrade: false };
    let mut lines = request.headers().iter();
    while let Some(line) = lines.find(|line| may_be(line.name.as_str(), &Lengths::FIRST)) {
        match lent(line) {
            Some((name, value)) if is_origin(name) => first.origin = first.origin.and(value.as_bytes()),
            Some((name, _)) => first.upgrade |= request::is_upgrade(name),
            None => {}
        }
    }
    first
}

/// Whether a request asks for another protocol. Reads the names of the headers alone.
#[inline]
pub(super) fn is_upgrade(request: &Request<'_>) -> bool {
    #[inline(never)]
    fn is_one(request: &Request<'_>) -> bool {
        request.headers().iter().any(|line| request::is_upgrade(line.name.as_str()))
    }
    request.headers().iter().any(|line| may_be(line.name.as_str(), &Lengths::UPGRADE)) && is_one(request)
}

/// Whether a request with this method may change something: [`request::is_write`] without its name.
#[inline]
pub(super) fn is_write(method: Method) -> bool {
    !matches!(method, Method::Get | Method::Head | Method::Options)
}

/// Puts header lines on a response that has no CORS header: by [`set`], or by [`add`] where a name may come twice. `varies`
/// tells whether it has a `Vary` already.
#[expect(clippy::inline_always, reason = "a call for each response costs a tenth of what the library adds to it")]
#[inline(always)]
pub(super) fn write<'r>(
    response: &mut Response<'r>,
    lines: impl Iterator<Item = Line<'r>>,
    varies: bool,
    put: impl Fn(&mut Response<'r>, &'static str, &'r str),
) {
    // Not a `for` loop: most lines are not there, and from inside the compiler sees which.
    lines.for_each(|(name, value)| {
        if varies && name == Name::Vary {
            vary(response, value);
        } else {
            put(response, name.as_str(), value);
        }
    });
}

/// Adds to `Vary` what it does not cover.
pub(super) fn vary<'r>(response: &mut Response<'r>, needed: &'r str) {
    if !vary_covers(|| response.headers().get("Vary").map(str::as_bytes), needed) {
        add(response, "Vary", needed);
    }
}

/// Sets a header that is not there, which costs less in Rocket's map than to add a line. In one place and not generic, so that
/// Rocket's code for it is compiled once.
#[inline(never)]
pub(super) fn set<'r>(response: &mut Response<'r>, name: &'static str, value: &'r str) {
    response.set_raw_header(name, value);
}

/// Adds a header line.
#[inline(never)]
pub(super) fn add<'r>(response: &mut Response<'r>, name: &'static str, value: &'r str) {
    response.adjoin_raw_header(name, value);
}

#[cfg(test)]
mod tests {
    use rocket::http::Method::{self, Connect, Delete, Get, Head, Options, Patch, Post, Put, Trace};

    #[test]
    fn a_method_writes_by_its_name_and_by_its_value() {
        let all: [Method; 9] = [Get, Put, Post, Delete, Options, Head, Trace, Connect, Patch];
        for method in all {
            assert_eq!(super::is_write(method), crate::request::is_write(method.as_str()), "{method}");
        }
    }
}
