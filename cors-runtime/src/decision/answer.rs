//! What an answer says to the browser, as names and values.

use std::str::from_utf8;

use crate::refusal::{Effect, Refusal};
use crate::request::CorsRequest;

/// `Vary` on the answer to an actual request that depends on its origin.
pub(crate) const ACTUAL_VARY: &str = "Origin";
/// The same for requests that are turned away by what the browser says about their page.
pub(crate) const ENFORCED_VARY: &str = "Origin, Sec-Fetch-Site";
/// `Vary` on the answer to a preflight: it depends on all three.
pub(crate) const PREFLIGHT_VARY: &str = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

/// A header of a response: its name, and its value. `Vary` is to be added to what the response has of it.
pub(crate) type Line<'r> = (Name, &'r str);

/// The names of the headers that an answer can have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Name {
    AllowOrigin,
    AllowCredentials,
    AllowMethods,
    AllowHeaders,
    ExposeHeaders,
    MaxAge,
    Vary,
}

impl Name {
    /// As it is written in an answer.
    #[inline]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Name::AllowOrigin => "Access-Control-Allow-Origin",
            Name::AllowCredentials => "Access-Control-Allow-Credentials",
            Name::AllowMethods => "Access-Control-Allow-Methods",
            Name::AllowHeaders => "Access-Control-Allow-Headers",
            Name::ExposeHeaders => "Access-Control-Expose-Headers",
            Name::MaxAge => "Access-Control-Max-Age",
            Name::Vary => "Vary",
        }
    }
}

/// What the answer to an actual request (one that is not a preflight) says.
#[derive(Debug)]
pub(crate) struct ActualAnswer<'r> {
    /// Without it no other CORS header is sent.
    pub(super) allow_origin: Option<&'r str>,
    pub(super) credentials: bool,
    pub(super) expose_headers: &'static str,
    pub(super) vary: &'static str,
    /// Whether the request is turned away: it is answered with 403, and neither a guard nor the handler runs.
    pub(crate) forbidden: bool,
    /// Why the page cannot read the response. `None` as well if no other page asks for it.
    pub(crate) refusal: Option<Refusal<'r>>,
}

/// What the answer to a preflight says if it grants something.
#[derive(Debug)]
pub(crate) struct PreflightAnswer<'r> {
    pub(crate) allow_origin: &'r str,
    pub(super) credentials: bool,
    pub(crate) method: &'r str,
    pub(crate) allow_headers: AllowHeadersValue,
    pub(super) max_age: &'static str,
    /// Why the browser will refuse all the same: a header that the policy does not allow. The browser can see that and
    /// say which, since the allowed ones are sent.
    pub(crate) refusal: Option<Refusal<'r>>,
}

/// The value of `Access-Control-Allow-Headers`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AllowHeadersValue {
    /// This value; empty for none.
    Value(&'static str),
    /// The values of the request's `Access-Control-Request-Headers`, which have been checked.
    Echo,
}

impl<'r> ActualAnswer<'r> {
    /// The headers of the response.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'r>> {
        let shared = self.allow_origin.is_some();
        [
            self.allow_origin.map(|origin| (Name::AllowOrigin, origin)),
            (shared && self.credentials).then_some((Name::AllowCredentials, "true")),
            (shared && !self.expose_headers.is_empty()).then_some((Name::ExposeHeaders, self.expose_headers)),
            (!self.vary.is_empty()).then_some((Name::Vary, self.vary)),
        ]
        .into_iter()
        .flatten()
    }

    /// What follows from the refusal, if there is one.
    pub(crate) fn effect(&self) -> Effect {
        if self.forbidden { Effect::TurnedAway } else { Effect::NotShared }
    }
}

impl<'r> PreflightAnswer<'r> {
    /// Whether its `Access-Control-Allow-Headers` is this one whatever the request says.
    #[inline]
    pub(crate) fn has_headers(&self, other: AllowHeadersValue) -> bool {
        match (self.allow_headers, other) {
            (AllowHeadersValue::Value(value), AllowHeadersValue::Value(other)) => value == other,
            _ => false,
        }
    }

    /// The headers of the response to the same request.
    pub(crate) fn lines(&self, request: &CorsRequest<'r>) -> impl Iterator<Item = Line<'r>> {
        let (value, echo) = match self.allow_headers {
            AllowHeadersValue::Value(value) => (value, None),
            AllowHeadersValue::Echo => ("", request.names.all()),
        };
        let lines = [
            Some((Name::AllowOrigin, self.allow_origin)),
            self.credentials.then_some((Name::AllowCredentials, "true")),
            // Only the announced method: another method of this address may be served by a handler with another
            // policy, and browsers remember what they were told for the address.
            Some((Name::AllowMethods, self.method)),
            (!value.is_empty()).then_some((Name::AllowHeaders, value)),
            (!self.max_age.is_empty()).then_some((Name::MaxAge, self.max_age)),
            Some((Name::Vary, PREFLIGHT_VARY)),
        ];
        let echo = echo
            .into_iter()
            .flatten()
            .filter_map(|value: &&'r [u8]| Some((Name::AllowHeaders, from_utf8(value).ok()?)));
        lines.into_iter().flatten().chain(echo)
    }
}
