//! The decision: what the answer to one request says to the browser, and whether the request is turned away.
//!
//! A pure function of a policy and of the head of a request. It allocates nothing: what it returns borrows from the
//! policy, and from the request only if no listed origin is the page's, or if names are echoed.
//!
//! An adapter copies the lines that [`ActualAnswer::lines`] and [`PreflightAnswer::lines`] give.
//!
//! Sources: Fetch, [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check),
//! [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch) and
//! [CORS protocol and HTTP caches](https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches).

mod answer;

use std::str::from_utf8;

use cors_rules::Pattern;
use cors_rules::fetch::{LONGEST_ORIGIN, is_token_byte};
use cors_rules::table::{OF_CONSTANTS, find};

pub(crate) use self::answer::{
    ACTUAL_VARY, ActualAnswer, AllowHeadersValue, ENFORCED_VARY, Line, Name, PREFLIGHT_VARY, PreflightAnswer,
};
use crate::header_text::{first_unlisted, listed, split_names};
use crate::own_origins::OwnOrigins;
use crate::policy::{AllowHeaders, Enforce, Origins, Policy, PolicyParts};
use crate::refusal::Refusal;
use crate::request::{CorsRequest, OriginHeader, is_write};
use crate::same_origin::Page;

/// The longest `Access-Control-Request-Headers` that is looked at, in bytes. Browsers send some dozen names.
const LONGEST_NAMES: usize = 8 * 1024;

impl Policy {
    /// The value of `Access-Control-Allow-Origin` for this origin. `also` tells whether an origin that is not among the
    /// policy's constants is named nevertheless: by a list of the configuration, or by a check.
    #[inline]
    fn allow_origin<'r>(
        &self,
        origin: OriginHeader<'r>,
        also: impl FnOnce(&'r str) -> bool,
    ) -> Result<&'r str, Refusal<'r>> {
        let (exact, patterns) = match &self.parts.origins {
            Origins::Any => return Ok("*"),
            Origins::Listed { exact, patterns } => (exact, patterns),
        };
        let origin = match origin {
            // Before anything looks at it: a longer text is not an origin.
            OriginHeader::One(origin) if origin.len() > LONGEST_ORIGIN => return Err(Refusal::Origin(origin.into())),
            OriginHeader::One(origin) => origin,
            OriginHeader::Absent => return Err(Refusal::Origin(b"".into())),
            OriginHeader::Several => return Err(Refusal::SeveralOrigins),
        };
        let found = match exact {
            // As in most policies.
            [only] => (only.as_bytes() == origin).then_some(only),
            _ => find(exact, self.parts.table, OF_CONSTANTS, origin).and_then(|index| exact.get(index)),
        };
        // Not `map_or_else`, which puts what the other case needs together first.
        match found {
            // The policy's own bytes, not the request's.
            Some(listed) => Ok(listed),
            None => self.unlisted_origin(origin, patterns, also),
        }
    }

    /// The same for an origin that is not among the policy's constants, unless a pattern matches it.
    #[inline(never)]
    fn unlisted_origin<'r>(
        &self,
        origin: &'r [u8],
        patterns: &[Pattern<'_>],
        also: impl FnOnce(&'r str) -> bool,
    ) -> Result<&'r str, Refusal<'r>> {
        let matched = patterns.iter().any(|pattern| pattern.matches(origin));
        if !matched && self.parts.lists.is_empty() && self.parts.checks.is_empty() {
            let refusal = if self.parts.names_nobody() { Refusal::Nobody } else { Refusal::Origin };
            return Err(refusal(origin.into()));
        }
        let text = from_utf8(origin).ok();
        text.filter(|text| matched || also(text)).ok_or(Refusal::Origin(origin.into()))
    }

    /// Whether the policy names the origin of a request, by its constants or by `also`.
    pub(crate) fn names<'r>(&self, origin: OriginHeader<'r>, also: impl FnOnce(&'r str) -> bool) -> bool {
        self.allow_origin(origin, also).is_ok()
    }

    /// Decides on an actual request to an application with these origins of its own. `also` tells what the policy's constants do
    /// not.
    pub(crate) fn actual<'r>(
        &self,
        request: &CorsRequest<'r>,
        own: Option<&OwnOrigins>,
        also: impl FnOnce(&'r str) -> bool,
    ) -> ActualAnswer<'r> {
        let enforced = self.enforces(is_write(request.method), || request.upgrade);
        let by_origin = self.by_origin(request.origin, also);
        self.judged(request, own, enforced, by_origin)
    }

    /// The first look at an actual request: the value of `Access-Control-Allow-Origin` as the origin alone decides, or why it
    /// is refused. `Ok(None)` if no page of another origin asks.
    #[inline]
    pub(crate) fn by_origin<'r>(
        &self,
        origin: OriginHeader<'r>,
        also: impl FnOnce(&'r str) -> bool,
    ) -> Result<Option<&'r str>, Refusal<'r>> {
        match origin {
            // A response that says `*` says so to everybody. Otherwise a cache could serve a response without the header
            // to a page that needs it (Fetch, CORS protocol and HTTP caches).
            OriginHeader::Absent if self.parts.origins != Origins::Any => Ok(None),
            origin => self.allow_origin(origin, also).map(Some),
        }
    }

    /// The second look, at the rest of the request, which may refuse what the origin alone would get, and the other way round.
    /// A request that the policy is not [enforced](Self::enforces) on and that was not refused by the first one [is
    /// shared](Self::shared) whatever the rest is.
    pub(crate) fn judged<'r>(
        &self,
        request: &CorsRequest<'r>,
        own: Option<&OwnOrigins>,
        enforced: bool,
        by_origin: Result<Option<&'r str>, Refusal<'r>>,
    ) -> ActualAnswer<'r> {
        let (allow_origin, refusal) = match by_origin {
            Ok(origin) => (origin, None),
            Err(refusal) => (None, Some(refusal)),
        };
        let refusal = self.refusal(request, own, enforced, refusal);
        let forbidden = enforced && refusal.is_some();
        let allow_origin = allow_origin.filter(|_| refusal.is_none());
        ActualAnswer { forbidden, refusal, ..self.shared(allow_origin, enforced) }
    }

    /// What the answer says if nothing is refused.
    // Nearly all that it returns is thrown away where it is inlined.
    #[inline]
    pub(crate) fn shared<'r>(&self, allow_origin: Option<&'r str>, enforced: bool) -> ActualAnswer<'r> {
        ActualAnswer {
            allow_origin,
            credentials: self.parts.credentials,
            expose_headers: self.parts.expose_headers,
            vary: match (self.parts.origins, enforced) {
                (Origins::Any, _) => "",
                (Origins::Listed { .. }, false) => ACTUAL_VARY,
                (Origins::Listed { .. }, true) => ENFORCED_VARY,
            },
            forbidden: false,
            refusal: None,
        }
    }

    /// Whether a request is turned away before the handler runs, if a page made it that may not. `writes` tells whether its
    /// method may change something, and `upgrade` whether it asks for another protocol.
    #[inline]
    pub(crate) fn enforces(&self, writes: bool, upgrade: impl FnOnce() -> bool) -> bool {
        match self.parts.enforce {
            // A handshake for a WebSocket is a GET, which opens a connection for reading and writing, with cookies and
            // without a preflight; and headers of the CORS protocol on its answer mean nothing to a browser.
            Enforce::Writes => writes || upgrade(),
            Enforce::All => true,
            Enforce::Nothing => false,
        }
    }

    /// The reason to refuse a request, given that to refuse its origin, if there is one.
    fn refusal<'r>(
        &self,
        request: &CorsRequest<'r>,
        own: Option<&OwnOrigins>,
        enforced: bool,
        refusal: Option<Refusal<'r>>,
    ) -> Option<Refusal<'r>> {
        let as_user = enforced && self.is_as_user(request);
        let anonymous = enforced && request.origin == OriginHeader::Absent;
        if refusal.is_none() && !as_user && !anonymous {
            return None;
        }
        match Page::of(request, own) {
            // The server's own pages are always allowed.
            Page::Own => None,
            Page::OtherWithoutOrigin(site) if anonymous && self.parts.origins != Origins::Any => {
                Some(Refusal::CrossSite(site.into()))
            }
            Page::Other | Page::OtherWithoutOrigin(_) => refusal.or_else(|| {
                let origin = request.origin.one().unwrap_or_default();
                as_user.then(|| Refusal::Credentials(origin.into()))
            }),
        }
    }

    /// Whether a request acts as the user, under a policy that does not let pages do that. A form, or a `no-cors` fetch,
    /// sends cookies whatever the policy says.
    ///
    /// `Authorization` holds the name and password that the user has given to the browser, unless scripts may set it.
    fn is_as_user(&self, request: &CorsRequest<'_>) -> bool {
        let scripts_may_authorize = || match self.parts.allow_headers {
            AllowHeaders::Listed(list) => listed(list).any(|name| name == b"authorization"),
            AllowHeaders::Any => false,
            AllowHeaders::AnyAndAuthorization => true,
        };
        !self.parts.credentials && (request.cookie || request.authorization && !scripts_may_authorize())
    }

    /// Decides on a preflight, once it is known that a handler with this policy serves the announced `method`.
    ///
    /// # Errors
    /// The policy does not name the origin: the answer carries no CORS header.
    pub(crate) fn preflight<'r>(
        &self,
        request: &CorsRequest<'r>,
        method: &'r str,
        also: impl FnOnce(&'r str) -> bool,
    ) -> Result<PreflightAnswer<'r>, Refusal<'r>> {
        let allow_origin = self.allow_origin(request.origin, also)?;
        let (allow_headers, refusal) = self.request_headers(request);
        Ok(PreflightAnswer {
            allow_origin,
            credentials: self.parts.credentials,
            method,
            allow_headers,
            max_age: self.parts.max_age,
            refusal,
        })
    }

    /// What the answer to most preflights says, but for the origin and the method.
    pub(crate) fn usual_preflight(&self) -> PreflightAnswer<'static> {
        let allow_origin = match self.parts.origins {
            Origins::Any => "*",
            Origins::Listed { exact, .. } => exact.first().copied().unwrap_or_default(),
        };
        let (allow_headers, _) = self.request_headers(&CorsRequest::new("OPTIONS", None));
        let PolicyParts { credentials, max_age, .. } = self.parts;
        PreflightAnswer { allow_origin, credentials, method: "GET", allow_headers, max_age, refusal: None }
    }

    /// The value of `Access-Control-Allow-Headers`, and what in the request it does not cover.
    fn request_headers<'r>(&self, request: &CorsRequest<'r>) -> (AllowHeadersValue, Option<Refusal<'r>>) {
        use AllowHeadersValue::{Echo, Value};
        let value = match self.parts.allow_headers {
            AllowHeaders::Listed(list) => Value(list),
            // With credentials a browser takes `*` literally, so the answer has to list the names.
            AllowHeaders::Any | AllowHeaders::AnyAndAuthorization if self.parts.credentials => Echo,
            AllowHeaders::Any => Value("*"),
            AllowHeaders::AnyAndAuthorization => Value("*, authorization"),
        };
        let unsaid = if let Echo = value { Value("") } else { value };
        let short =
            request.names.all().filter(|lines| lines.iter().map(|line| line.len()).sum::<usize>() <= LONGEST_NAMES);
        let Some(lines) = short else { return (unsaid, Some(Refusal::HeaderList)) };
        let mut names = lines.iter().flat_map(|line| split_names(line));
        let refused = |name: &'r [u8]| Some(Refusal::Header(name.into()));
        match (self.parts.allow_headers, value) {
            (AllowHeaders::Listed(list), _) => (value, first_unlisted(list, lines).and_then(refused)),
            (_, Echo) if !names.all(|name| name.iter().copied().all(is_token_byte)) => {
                (unsaid, Some(Refusal::HeaderList))
            }
            (_, Echo) | (AllowHeaders::AnyAndAuthorization, _) => (value, None),
            // Fetch says that `*` does not cover `authorization`; the engines accept it nevertheless.
            // To keep it out, a request that asks for it does not get `*`.
            (AllowHeaders::Any, _) => match names.find(|name| name.eq_ignore_ascii_case(b"authorization")) {
                None => (value, None),
                Some(name) => (Value(""), refused(name)),
            },
        }
    }
}

/// Why a request to a handler without a policy is turned away, in an application that protects all of them: as by a policy
/// that names nobody.
pub(crate) fn refuse_unshared<'r>(request: &CorsRequest<'r>, own: Option<&OwnOrigins>) -> Option<Refusal<'r>> {
    if !is_write(request.method) && !request.upgrade {
        return None;
    }
    match (Page::of(request, own), request.origin) {
        (Page::Own, _) => None,
        (Page::OtherWithoutOrigin(site), _) => Some(Refusal::CrossSite(site.into())),
        (Page::Other, OriginHeader::One(origin)) => Some(Refusal::Unshared(origin.into())),
        (Page::Other, OriginHeader::Several | OriginHeader::Absent) => Some(Refusal::SeveralOrigins),
    }
}

#[cfg(test)]
mod tests;
