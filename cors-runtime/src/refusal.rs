//! Why a request was not shared with the page that made it.

use std::fmt;

/// The reason for which a page does not get what it asked for.
///
/// The bytes are the request's own, hostile until proven otherwise; `Display` escapes and shortens them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal<'a> {
    /// The policy does not name this origin ([CORS check](https://fetch.spec.whatwg.org/#concept-cors-check)).
    Origin(&'a [u8]),
    /// The value of `Origin` is neither `null` nor an origin as a browser would write it.
    MalformedOrigin(&'a [u8]),
    /// The policy's checks were asked about this origin, and none said yes.
    Check(&'a [u8]),
    /// The request has several `Origin` headers, which no browser sends.
    SeveralOrigins,
    /// No handler at this address serves the method.
    NoHandler(&'a [u8]),
    /// The handler that serves the method at this address is not shared.
    Method(&'a [u8]),
    /// The policy does not allow this request header.
    Header(&'a [u8]),
    /// `Access-Control-Request-Headers` is not a list of header names, or longer than this library echoes.
    HeaderList,
}

impl Refusal<'_> {
    /// The same, with what a closer look at the origin says. The decision does not take it: nobody may ask.
    pub(crate) fn refined(self) -> Self {
        match self {
            Refusal::Origin(origin) if origin != b"null" && crate::Origin::parse(origin).is_none() => {
                Refusal::MalformedOrigin(origin)
            }
            refusal => refusal,
        }
    }

    /// The kind of the refusal, for metrics: a word in `snake_case` that does not depend on the request.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Refusal::Origin(_) => "origin",
            Refusal::MalformedOrigin(_) => "malformed_origin",
            Refusal::Check(_) => "check",
            Refusal::SeveralOrigins => "several_origins",
            Refusal::NoHandler(_) => "no_handler",
            Refusal::Method(_) => "method",
            Refusal::Header(_) => "header",
            Refusal::HeaderList => "header_list",
        }
    }
}

/// How many bytes of hostile text a message shows.
const SHOWN: usize = 80;

struct Escaped<'a>(&'a [u8]);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = &self.0[..self.0.len().min(SHOWN)];
        let cut = if shown.len() < self.0.len() { "…" } else { "" };
        write!(f, "`{}{cut}`", shown.escape_ascii())
    }
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Origin(origin) => {
                write!(f, "the policy does not allow the origin {}", Escaped(origin))
            }
            Refusal::MalformedOrigin(value) => {
                write!(f, "{} is not an origin that a browser would send", Escaped(value))
            }
            Refusal::Check(origin) => write!(f, "the policy's checks do not allow the origin {}", Escaped(origin)),
            Refusal::SeveralOrigins => f.write_str("the request has several `Origin` headers"),
            Refusal::NoHandler(method) => write!(f, "no handler here serves the method {}", Escaped(method)),
            Refusal::Method(method) => write!(f, "the handler of the method {} is not shared", Escaped(method)),
            Refusal::Header(name) => write!(f, "the policy does not allow the request header {}", Escaped(name)),
            Refusal::HeaderList => f.write_str("`Access-Control-Request-Headers` is malformed or too long"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal;

    #[test]
    fn hostile_bytes_cannot_break_out_of_a_log_line() {
        let shown = Refusal::Origin(b"https://a\r\nINFO fake\x1b[31m\xff").to_string();
        assert!(shown.is_ascii() && !shown.contains(['\r', '\n', '\x1b']), "{shown}");
    }

    #[test]
    fn long_text_is_cut() {
        let long = vec![b'a'; 100_000];
        assert!(Refusal::Header(&long).to_string().len() < 200);
    }
}
