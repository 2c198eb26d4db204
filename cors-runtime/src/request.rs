//! What the decision reads of a request, whatever the framework.

use std::borrow::Cow;

/// The head of a request. Each adapter implements it once, for the type that its framework has.
pub(crate) trait RequestHead<'r>: Copy {
    fn method(self) -> &'r str;

    /// The values of all headers with this name, which is in lower case, in their order.
    fn values(self, name: &'static str) -> impl Iterator<Item = &'r [u8]>;

    /// The value of `Host`, or of `:authority` in its place.
    fn host(self) -> Option<Cow<'r, [u8]>>;
}

/// What the `Origin` header of a request says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OriginHeader<'r> {
    /// There is none: no browser asks to share this response.
    Absent,
    /// There is one. `null`, empty and malformed values included.
    One(&'r [u8]),
    /// There are several, which no browser sends.
    Several,
}

impl<'r> OriginHeader<'r> {
    pub(crate) fn of(request: impl RequestHead<'r>) -> Self {
        let mut values = request.values("origin");
        match (values.next(), values.next()) {
            (None, _) => OriginHeader::Absent,
            (Some(value), None) => OriginHeader::One(value),
            (Some(_), Some(_)) => OriginHeader::Several,
        }
    }

    /// The value, if there is exactly one.
    pub(crate) fn one(self) -> Option<&'r [u8]> {
        match self {
            OriginHeader::One(value) => Some(value),
            OriginHeader::Absent | OriginHeader::Several => None,
        }
    }
}

/// Whether this is a preflight ([Fetch](https://fetch.spec.whatwg.org/#cors-preflight-request)).
pub(crate) fn is_preflight<'r>(request: impl RequestHead<'r>) -> bool {
    let has = |name| request.values(name).next().is_some();
    request.method() == "OPTIONS" && has("access-control-request-method") && has("origin")
}

/// The method that a preflight announces, if it announces exactly one.
pub(crate) fn announced_method<'r>(request: impl RequestHead<'r>) -> Option<&'r [u8]> {
    let mut methods = request.values("access-control-request-method");
    methods.next().filter(|_| methods.next().is_none())
}
