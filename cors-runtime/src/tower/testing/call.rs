//! A call of a page to a service.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;

use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, HeaderName, HeaderValue};
use http::{Method, Request, Response};
use tower_service::Service;

use crate::question::Answer;
use crate::testing::{Exchange, Outcome, Refused, Script, Shared, call_methods, is_sent};
use crate::tower::decided::Decided;

/// A call of `fetch` by a [`Page`](super::Page), or a form that it sends. It is sent by [`send`](Self::send), as often as
/// it is called.
#[must_use = "a call does nothing until it is sent"]
pub struct Call<B> {
    script: Script,
    cookies: Vec<Cookie>,
    bodies: PhantomData<fn() -> B>,
}

/// A cookie that the user has.
#[derive(Clone, Debug)]
struct Cookie {
    /// Its name and its value.
    pair: String,
    /// Whether `SameSite` keeps it from pages of other sites.
    is_strict_or_lax: bool,
}

impl<B> Call<B> {
    pub(super) fn new(script: Script) -> Self {
        Call { script, cookies: Vec::new(), bodies: PhantomData }
    }

    call_methods!();

    /// A cookie that the user has for the application, as `Set-Cookie` writes it: `session=1; SameSite=Lax`. One that says
    /// `SameSite=Strict` or `SameSite=Lax` is not sent from a page of another site. A `Cookie` of the crate `cookie` can be
    /// given too.
    pub fn cookie(mut self, cookie: impl fmt::Display) -> Self {
        self.cookies.push(Cookie::read(&cookie.to_string()));
        self
    }
}

impl<B: From<Vec<u8>>> Call<B> {
    /// What the page gets from the service: one with a layer, or with layers inside.
    ///
    /// # Panics
    /// The call cannot be made, because no script can send it; or the service fails with an error instead of a response.
    pub async fn send<S, R>(&self, service: &mut S) -> Outcome<Response<R>>
    where
        S: Service<Request<B>, Response = Response<R>>,
        S::Error: fmt::Debug,
    {
        let mut exchange = Exchange::new(&self.script, None);
        let (sends, site) = (exchange.sends_cookies(), exchange.site);
        let given = self.cookies.iter().filter(|cookie| sends && is_sent(cookie.is_strict_or_lax, site));
        let pairs: Vec<_> = given.map(|cookie| cookie.pair.clone()).collect();
        exchange.set_cookies(&pairs);
        let preflighted = exchange.preflights();
        if preflighted {
            let request = request("OPTIONS", &exchange, exchange.preflight_headers(), Vec::new());
            let (answer, _) = read(&call(service, request).await);
            if let Err(refused) = exchange.check_preflight(&answer) {
                return Outcome::Refused(with_help(refused, &answer));
            }
        }
        let body = self.script.body.clone();
        let request = request(&exchange.question.method, &exchange, exchange.request_headers(), body);
        let response = call(service, request).await;
        let (answer, turned_away) = read(&response);
        match exchange.check(&answer, (!turned_away).then(|| "the service".to_owned())) {
            Err(refused) => Outcome::Refused(with_help(refused, &answer)),
            Ok(headers) => {
                Outcome::Shared(Shared { status: response.status().as_u16(), headers, preflighted, response })
            }
        }
    }
}

impl<B> Clone for Call<B> {
    fn clone(&self) -> Self {
        Call { script: self.script.clone(), cookies: self.cookies.clone(), bodies: PhantomData }
    }
}

impl<B> fmt::Debug for Call<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("script", &self.script).field("cookies", &self.cookies).finish()
    }
}

impl Cookie {
    fn read(text: &str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let pair = parts.next().unwrap_or_default().to_owned();
        let is_strict_or_lax = parts.filter_map(|attribute| attribute.split_once('=')).any(|(name, value)| {
            let is = |other: &str| value.trim().eq_ignore_ascii_case(other);
            name.trim().eq_ignore_ascii_case("samesite") && (is("strict") || is("lax"))
        });
        Cookie { pair, is_strict_or_lax }
    }
}

/// A request as it arrives over HTTP/1.1.
fn request<B: From<Vec<u8>>>(
    method: &str,
    exchange: &Exchange<'_>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
) -> Request<B> {
    let path = &exchange.question.path;
    let mut request = Request::new(B::from(body));
    *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap_or_else(|error| panic!("{method}: {error}"));
    *request.uri_mut() = path.parse().unwrap_or_else(|error| panic!("`{path}`: {error}"));
    for (name, value) in headers {
        let parsed = HeaderName::try_from(&name).ok().zip(HeaderValue::try_from(&value).ok());
        let (name, value) = parsed.unwrap_or_else(|| panic!("`{name}: {value}` is not a header"));
        request.headers_mut().append(name, value);
    }
    request
}

/// Calls a service when it is ready.
async fn call<S, B, R>(service: &mut S, request: Request<B>) -> Response<R>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: fmt::Debug,
{
    let response = match poll_fn(|context| service.poll_ready(context)).await {
        Ok(()) => service.call(request).await,
        Err(error) => Err(error),
    };
    response.unwrap_or_else(|error| panic!("the service fails: {error:?}"))
}

/// An answer as it came, with what a layer says about it; and whether a layer has turned the request away.
fn read<R>(response: &Response<R>) -> (Answer, bool) {
    let headers = response.headers().iter();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let decided = Decided::of(response);
    let reason = decided.and_then(|decided| decided.reason.as_deref());
    let answer = Answer {
        status: Some(response.status().as_u16()),
        headers: headers.map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        policy: decided.filter(|decided| decided.covers).map(|_| "that of a layer".to_owned()),
        refusal: reason.map(|reason| reason.text.clone()),
        kind: reason.map(|reason| reason.kind.to_owned()),
        ..Answer::default()
    };
    (answer, decided.is_some_and(|decided| decided.turned_away))
}

/// Says what helps where no policy decides.
fn with_help(mut refused: Refused, answer: &Answer) -> Refused {
    let is_unshared = !answer.headers.iter().any(|(name, _)| name == ACCESS_CONTROL_ALLOW_ORIGIN.as_str());
    if answer.policy.is_none() && is_unshared && refused.failed.help.is_some() {
        refused.failed.help = match answer.kind.as_deref() {
            // The reason says it.
            Some("unknown_methods" | "no_handler") => None,
            _ => Some(
                "put the layer of a policy around the service, if pages of other origins should call it".to_owned(),
            ),
        };
    }
    refused
}

#[cfg(test)]
mod tests {
    use super::Cookie;

    #[test]
    fn cookies_are_those_of_set_cookie() {
        for (text, pair, is_strict_or_lax) in [
            ("a=b", "a=b", false),
            ("a=b; Path=/; SameSite=Lax; Secure", "a=b", true),
            ("a=b;samesite = STRICT", "a=b", true),
            ("a=b; SameSite=None", "a=b", false),
            ("samesite=lax", "samesite=lax", false),
        ] {
            let cookie = Cookie::read(text);
            assert_eq!((&*cookie.pair, cookie.is_strict_or_lax), (pair, is_strict_or_lax), "{text}");
        }
    }
}
