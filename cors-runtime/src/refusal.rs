//! Why a page does not get what it asked for, and what follows from it.

use std::borrow::Cow;
use std::fmt;

use crate::origin::Origin;
use crate::policy::Policy;

/// The reason why a page does not get what it asked for.
///
/// The bytes are the request's own, hostile until proven otherwise; `Display` escapes and shortens them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal<'a> {
    /// The policy does not name this origin ([CORS check](https://fetch.spec.whatwg.org/#concept-cors-check)).
    Origin(Cow<'a, [u8]>),
    /// The policy names nobody: `none`. The origin of the page.
    Nobody(Cow<'a, [u8]>),
    /// The value of `Origin` is neither `null` nor an origin as a browser would write it.
    MalformedOrigin(Cow<'a, [u8]>),
    /// The policy's checks were asked about this origin, and none said yes.
    Check(Cow<'a, [u8]>),
    /// The browser says that a page of another origin makes this request, and sends it without `Origin`: for an image,
    /// a frame, a link or a form. The value of `Sec-Fetch-Site` ([Fetch
    /// Metadata](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)).
    CrossSite(Cow<'a, [u8]>),
    /// The request carries cookies, or the name and password that the user has given to the browser; and the policy,
    /// which names this origin, is without `credentials`.
    Credentials(Cow<'a, [u8]>),
    /// The request has several `Origin` headers, which no browser sends.
    SeveralOrigins,
    /// The handler has no policy, and the application protects it: a page of this other origin may not write to it.
    Unshared(Cow<'a, [u8]>),
    /// The value of `Host` is not a name of the application. A page whose own name has been made to point at the
    /// application sends such a value: see [`OwnOrigins`](crate::OwnOrigins).
    Host(Cow<'a, [u8]>),
    /// No handler at this address serves the method.
    NoHandler(Cow<'a, [u8]>),
    /// The service at this address does not tell whether it serves the method.
    UnknownMethods(Cow<'a, [u8]>),
    /// The handler that serves the method at this address is not shared.
    Method(Cow<'a, [u8]>),
    /// The policy does not allow this request header.
    Header(Cow<'a, [u8]>),
    /// `Access-Control-Request-Headers` is not a list of header names, or longer than this library echoes.
    HeaderList,
}

impl Refusal<'_> {
    /// The same, after a closer look at the origin. Not done in the decision, because the reason may never be
    /// read.
    pub(crate) fn refined(self) -> Self {
        match self {
            Refusal::Origin(origin) if *origin != *b"null" && Origin::parse(&origin).is_none() => {
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
            Refusal::Nobody(_) => "nobody",
            Refusal::MalformedOrigin(_) => "malformed_origin",
            Refusal::Check(_) => "check",
            Refusal::CrossSite(_) => "cross_site",
            Refusal::Credentials(_) => "credentials",
            Refusal::SeveralOrigins => "several_origins",
            Refusal::Unshared(_) => "unshared",
            Refusal::Host(_) => "host",
            Refusal::NoHandler(_) => "no_handler",
            Refusal::UnknownMethods(_) => "unknown_methods",
            Refusal::Method(_) => "method",
            Refusal::Header(_) => "header",
            Refusal::HeaderList => "header_list",
        }
    }

    /// The same with owned bytes, so that it can be kept when the request is gone.
    #[must_use]
    pub fn into_owned(self) -> Refusal<'static> {
        let own = |bytes: Cow<'_, [u8]>| Cow::Owned(bytes.into_owned());
        match self {
            Refusal::Origin(bytes) => Refusal::Origin(own(bytes)),
            Refusal::Nobody(bytes) => Refusal::Nobody(own(bytes)),
            Refusal::MalformedOrigin(bytes) => Refusal::MalformedOrigin(own(bytes)),
            Refusal::Check(bytes) => Refusal::Check(own(bytes)),
            Refusal::CrossSite(bytes) => Refusal::CrossSite(own(bytes)),
            Refusal::Credentials(bytes) => Refusal::Credentials(own(bytes)),
            Refusal::SeveralOrigins => Refusal::SeveralOrigins,
            Refusal::Unshared(bytes) => Refusal::Unshared(own(bytes)),
            Refusal::Host(bytes) => Refusal::Host(own(bytes)),
            Refusal::NoHandler(bytes) => Refusal::NoHandler(own(bytes)),
            Refusal::UnknownMethods(bytes) => Refusal::UnknownMethods(own(bytes)),
            Refusal::Method(bytes) => Refusal::Method(own(bytes)),
            Refusal::Header(bytes) => Refusal::Header(own(bytes)),
            Refusal::HeaderList => Refusal::HeaderList,
        }
    }
}

/// A reason as the value of `Server-Timing`, which the developer tools of browsers show.
pub(crate) fn server_timing(reason: &str) -> String {
    // In a quoted string (RFC 9110, 5.6.4) these two would need an escape.
    format!("cors;desc=\"{}\"", reason.replace(['"', '\\'], "'"))
}

/// How many bytes of hostile text a message shows.
const SHOWN: usize = 80;

/// Text of a request in a message: in quotes, escaped and cut.
pub(crate) struct Escaped<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`")?;
        write_cut(f, self.0)?;
        f.write_str("`")
    }
}

/// The path of a request in a log line: escaped and cut, without quotes.
pub(crate) struct EscapedPath<'a>(pub(crate) &'a str);

impl fmt::Display for EscapedPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_cut(f, self.0.as_bytes())
    }
}

fn write_cut(f: &mut fmt::Formatter<'_>, hostile: &[u8]) -> fmt::Result {
    let shown = &hostile[..hostile.len().min(SHOWN)];
    let cut = if shown.len() < hostile.len() { "…" } else { "" };
    write!(f, "{}{cut}", shown.escape_ascii())
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Origin(origin) => {
                write!(f, "the policy does not allow the origin {}", Escaped(origin))
            }
            Refusal::Nobody(origin) => {
                write!(f, "this handler is shared with nobody (`none`): the origin is {}", Escaped(origin))
            }
            Refusal::MalformedOrigin(value) => {
                write!(f, "{} is not an origin that a browser would send", Escaped(value))
            }
            Refusal::Check(origin) => write!(f, "the policy's checks do not allow the origin {}", Escaped(origin)),
            Refusal::CrossSite(site) => write!(
                f,
                "a page of another origin makes this request without `Origin` (`Sec-Fetch-Site` is {})",
                Escaped(site)
            ),
            Refusal::Credentials(origin) => {
                // An image or a frame of another page has no `Origin`.
                if origin.is_empty() {
                    f.write_str("the request of another page")?;
                } else {
                    write!(f, "the request from {}", Escaped(origin))?;
                }
                f.write_str(
                    " carries the user's cookies or password, and the policy is without `credentials`: add \
                     `credentials`, or let the page send none",
                )
            }
            Refusal::SeveralOrigins => f.write_str("the request has several `Origin` headers"),
            Refusal::Unshared(origin) => write!(
                f,
                "no policy is known for the handler, so pages of other origins may not write to it: the origin is {}",
                Escaped(origin)
            ),
            Refusal::Host(host) => write!(
                f,
                "`Host` is {}, which is not a name of this application: if it is one, add it to `own_hosts` \
                 (`OwnOrigins::hosts`), or its origin to `own_origins`",
                Escaped(host)
            ),
            Refusal::NoHandler(method) | Refusal::UnknownMethods(method) if method.is_empty() => {
                f.write_str("`Access-Control-Request-Method` is empty, or there are several")
            }
            Refusal::NoHandler(method) => write!(f, "no handler here serves the method {}", Escaped(method)),
            Refusal::UnknownMethods(method) => write!(
                f,
                "the service does not tell whether it serves the method {}: put the layer around the whole router, or name \
                 the methods with `CrossOriginLayer::methods`",
                Escaped(method)
            ),
            Refusal::Method(method) => write!(f, "the handler of the method {} is not shared", Escaped(method)),
            Refusal::Header(name) => write!(f, "the policy does not allow the request header {}", Escaped(name)),
            Refusal::HeaderList => f.write_str("`Access-Control-Request-Headers` is malformed or too long"),
        }
    }
}

/// What follows from a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// The handler ran, and the browser withholds the response from the page.
    NotShared,
    /// The request was turned away with 403, before a guard or the handler ran.
    TurnedAway,
    /// The request would have been turned away, but the application only reports that.
    WouldBeTurnedAway,
    /// The preflight was refused, so the browser does not send the request.
    PreflightRefused,
    /// The preflight was granted, but the browser will not send the request, because the grant does not cover all of
    /// it.
    NotCovered,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Effect::NotShared => "not shared",
            Effect::TurnedAway => "turned away",
            Effect::WouldBeTurnedAway => "would be turned away",
            Effect::PreflightRefused => "preflight refused",
            Effect::NotCovered => "the browser will refuse",
        })
    }
}

/// What the origin of a page was compared with, to know whether the page is the application's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Compared<'a> {
    /// With the value of `Host`: the request has no `Sec-Fetch-Site`, which browsers leave out over plain http.
    Host(Cow<'a, [u8]>),
    /// With nothing, since it is `null`, and no page of another origin is known to have made the request.
    Null,
    /// With the application's [own origins](crate::OwnOrigins).
    OwnOrigins,
}

impl Compared<'_> {
    /// The same with owned bytes.
    pub(crate) fn into_owned(self) -> Compared<'static> {
        match self {
            Compared::Host(host) => Compared::Host(Cow::Owned(host.into_owned())),
            Compared::Null => Compared::Null,
            Compared::OwnOrigins => Compared::OwnOrigins,
        }
    }
}

/// What to do if the page is the application's own.
impl fmt::Display for Compared<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Compared::Host(host) => write!(
                f,
                "`Host` is {}: if the page is the application's own, set `own_origins`, or let the proxy pass \
                 `Host` on",
                Escaped(host)
            ),
            Compared::Null => f.write_str(
                "if the page is the application's own, its `Referrer-Policy` is `no-referrer`: set `same-origin` instead",
            ),
            Compared::OwnOrigins => f.write_str("it is not one of `own_origins`"),
        }
    }
}

/// A request that was refused, as an application's hook for refusals gets it.
///
/// The texts come from the request, hostile until proven otherwise: `Display` escapes and shortens them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RefusalEvent<'a> {
    /// The reason.
    pub refusal: Refusal<'a>,
    /// What follows from it.
    pub effect: Effect,
    /// What was compared to know whether the page is the application's own, if the request was turned away because it is
    /// not.
    pub compared: Option<Compared<'a>>,
    /// The method of the request, as it was routed.
    pub method: &'a str,
    /// The path of the request, percent-encoded as it came.
    pub path: &'a str,
    /// The name of the handler that the request was routed to, or would have been. A preflight is not routed to one.
    pub handler: Option<&'a str>,
    /// The policy that decided. `None` if the handler that would be responsible has none.
    pub policy: Option<&'a Policy>,
}

impl RefusalEvent<'_> {
    /// The reason, and what was compared.
    pub(crate) fn reason(&self) -> String {
        self.compared
            .as_ref()
            .map_or_else(|| self.refusal.to_string(), |compared| format!("{}; {compared}", self.refusal))
    }
}

impl fmt::Display for RefusalEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{} {}", self.effect, self.reason(), self.method, EscapedPath(self.path))?;
        self.handler.map_or(Ok(()), |handler| write!(f, ", {handler}"))?;
        self.policy.map_or(Ok(()), |policy| write!(f, ", shared with {policy}"))?;
        f.write_str("]")
    }
}

#[cfg(test)]
mod tests {
    use super::{Effect, Refusal, RefusalEvent};

    #[test]
    fn hostile_bytes_cannot_break_out_of_a_log_line() {
        let shown = Refusal::Origin(b"https://a\r\nINFO fake\x1b[31m\xff".into()).to_string();
        assert!(shown.is_ascii() && !shown.contains(['\r', '\n', '\x1b']), "{shown}");
    }

    #[test]
    fn the_path_is_escaped_and_cut() {
        let long = format!("/\u{202e}gnp.exe\u{9b}31m\u{2028}{}", "a".repeat(40_000));
        let policy = None;
        let event = RefusalEvent {
            refusal: Refusal::SeveralOrigins,
            effect: Effect::NotShared,
            compared: None,
            method: "GET",
            path: &long,
            handler: None,
            policy,
        };
        let shown = event.to_string();
        let printable = |c: char| c == '…' || (' '..='~').contains(&c);
        assert!(shown.chars().all(printable) && shown.len() < 400, "{shown}");
    }

    #[test]
    fn what_is_not_there_is_not_named() {
        let said = Refusal::Credentials(b"".into()).to_string();
        assert!(said.starts_with("the request of another page carries"), "{said}");
    }

    #[test]
    fn long_text_is_cut() {
        let (short, long) = (vec![b'a'; 20], vec![b'a'; 100_000]);
        let (short, long) = (Refusal::Header(short.into()).to_string(), Refusal::Header(long.into()).to_string());
        assert!(short.ends_with("aaa`") && long.ends_with("aaa…`") && long.len() < 200, "{short} {long}");
    }
}
