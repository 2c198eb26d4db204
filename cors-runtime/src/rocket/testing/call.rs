//! A call of a page on Rocket's local client.

use rocket::form::Form;
use rocket::http::{ContentType, Cookie, CookieJar, Header, HeaderMap, Method, SameSite, uri};
use rocket::local::{asynchronous, blocking};
use rocket::{Orbit, Request, Rocket};

use crate::question::{Answer, Answers, Question};
use crate::rocket::explain::explain;
use crate::rocket::state::State;
use crate::site::Relation;
use crate::testing::{self, Outcome, Refused, Script, Shared, call_methods, is_sent};

/// The steps of a browser, for both clients.
macro_rules! steps {
    ($call:expr, $client:expr $(, $await:tt)?) => {{
        let exchange = Exchange::new($call, $client.rocket(), &$client.cookies());
        if exchange.preflights() {
            let mut request = $client.options(exchange.question.path.clone());
            exchange.add(exchange.preflight_headers(), &mut request);
            let response = request.dispatch()$(.$await)?;
            if let Err(refused) = exchange.check_preflight(response.status().code, response.headers()) {
                return Outcome::Refused(refused);
            }
        }
        let mut request = $client.req(exchange.method(), exchange.question.path.clone()).body(&$call.script.body);
        exchange.add(exchange.request_headers(), &mut request);
        for cookie in &exchange.given {
            request = request.cookie(cookie.clone());
        }
        let response = request.dispatch()$(.$await)?;
        match exchange.check(response.status().code, response.headers()) {
            Err(refused) => Outcome::Refused(refused),
            Ok(headers) => Outcome::Shared(Shared {
                status: response.status().code,
                headers,
                preflighted: exchange.preflights(),
                response,
            }),
        }
    }};
}

/// A call of `fetch` by a [`Page`](super::Page), or a form that it sends. It is sent by [`send`](Self::send), as often as
/// it is called.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct Call {
    script: Script,
    cookies: Vec<Cookie<'static>>,
}

impl Call {
    pub(super) fn new(script: Script) -> Self {
        Call { script, cookies: Vec::new() }
    }

    call_methods!();

    /// A cookie that the user has for the application, beside those of a tracked client. One that says `SameSite=Strict` or
    /// `SameSite=Lax` is not sent from a page of another site.
    pub fn cookie(mut self, cookie: impl Into<Cookie<'static>>) -> Self {
        self.cookies.push(cookie.into());
        self
    }

    /// What the page gets.
    ///
    /// # Panics
    /// The call cannot be made: no script can send it; the application is without
    /// [`CrossOrigin::fairing`](crate::rocket::CrossOrigin::fairing); or the client is tracked and has cookies that a browser
    /// would not send with it, which Rocket always sends, with a preflight as well. With `Client::untracked`, a test gives
    /// them by [`cookie`](Self::cookie).
    #[track_caller]
    pub fn send<'c>(&self, client: &'c blocking::Client) -> Outcome<blocking::LocalResponse<'c>> {
        steps!(self, client)
    }

    /// The same with the asynchronous client.
    ///
    /// # Panics
    /// As [`send`](Self::send).
    pub async fn send_async<'c>(&self, client: &'c asynchronous::Client) -> Outcome<asynchronous::LocalResponse<'c>> {
        steps!(self, client, await)
    }
}

/// A call to an application, as both know it.
struct Exchange<'c> {
    of_browser: testing::Exchange<'c>,
    /// The cookies that the call gives and the browser sends.
    given: Vec<Cookie<'static>>,
    /// What the application says.
    answers: Answers,
}

impl<'c> std::ops::Deref for Exchange<'c> {
    type Target = testing::Exchange<'c>;

    fn deref(&self) -> &Self::Target {
        &self.of_browser
    }
}

impl<'c> Exchange<'c> {
    #[track_caller]
    fn new(call: &'c Call, rocket: &Rocket<Orbit>, jar: &CookieJar<'_>) -> Self {
        let own = State::of(rocket).and_then(|state| state.own_origins()?.iter().next().map(ToOwned::to_owned));
        let mut of_browser = testing::Exchange::new(&call.script, own);
        let (sends, site) = (of_browser.sends_cookies(), of_browser.site);
        let given: Vec<_> = call.cookies.iter().filter(|cookie| sends && is_given(cookie, site)).cloned().collect();
        for cookie in jar.iter() {
            assert!(
                sends && is_given(cookie, site),
                "a browser would not send the cookie `{}` with this call, and a tracked client sends it with all requests: {}",
                cookie.name(),
                if sends {
                    "its `SameSite` keeps it from pages of other sites. Use `Client::untracked` and `Call::cookie`"
                } else {
                    "add `.credentials()`, or use `Client::untracked` and `Call::cookie`"
                }
            );
        }
        let pairs = given.iter().chain(jar.iter()).map(|cookie| format!("{}={}", cookie.name(), cookie.value()));
        of_browser.set_cookies(&pairs.collect::<Vec<_>>());
        let question = &of_browser.question;
        let ask = |question: &Question| explain(rocket, question).unwrap_or_else(|error| panic!("{error}"));
        let mut answers = ask(question);
        // A preflight announces the method that the script says.
        if let Some(method) = overridden(question, &call.script.body) {
            answers.request = ask(&Question { method: method.as_str().to_owned(), ..question.clone() }).request;
        }
        Exchange { of_browser, given, answers }
    }

    /// The method of the request.
    fn method(&self) -> Method {
        let method = self.question.method.parse::<Method>().ok();
        let method = method.filter(|method| method.as_str() == self.question.method);
        method.unwrap_or_else(|| panic!("Rocket's local client cannot send the method `{}`", self.question.method))
    }

    /// Puts headers on a request.
    fn add(&self, headers: Vec<(String, String)>, request: &mut Request<'_>) {
        // `Request::host`, which a header does not set.
        if let Ok(host) = uri::Host::parse_owned(self.host().to_owned()) {
            request.set_host(host);
        }
        for (name, value) in headers {
            request.add_header(Header::new(name, value));
        }
    }

    fn check_preflight(&self, status: u16, headers: &HeaderMap<'_>) -> Result<(), Refused> {
        self.of_browser.check_preflight(&read(status, headers, &self.answers.preflight))
    }

    /// The headers that the page can read.
    fn check(&self, status: u16, headers: &HeaderMap<'_>) -> Result<Vec<(String, String)>, Refused> {
        let explained = &self.answers.request;
        let mut answer = read(status, headers, explained);
        // Only a policy that named the origin lets a check have the last word.
        let was_named = headers.contains("access-control-allow-origin") && explained.undecided.is_some();
        if was_named {
            answer.refusal = None;
        }
        let reached = explained.status.is_none() || was_named;
        self.of_browser.check(&answer, explained.route.clone().filter(|_| reached))
    }
}

/// The method that Rocket takes from the first field of a form, whether a form or a script sends it. Rocket looks at as many
/// bytes as the longest of the methods takes that it has in mind, whatever follows them.
fn overridden(question: &Question, body: &[u8]) -> Option<Method> {
    const LEAST: usize = "_method=get".len();
    const MOST: usize = "_method=delete".len();
    let is_form = || question.content_type.as_deref()?.parse::<ContentType>().ok().filter(|sent| sent.is_form());
    if question.method != "POST" || body.len() < LEAST || is_form().is_none() {
        return None;
    }
    let looked_at = std::str::from_utf8(body.get(..MOST).unwrap_or(body)).ok()?;
    let field = Form::values(looked_at).next().filter(|field| field.name == "_method")?;
    field.value.parse().ok()
}

fn is_given(cookie: &Cookie<'_>, site: Relation) -> bool {
    is_sent(matches!(cookie.same_site(), Some(SameSite::Strict | SameSite::Lax)), site)
}

/// An answer as it came, with what the application says about it.
fn read(status: u16, headers: &HeaderMap<'_>, explained: &Answer) -> Answer {
    let headers = headers.iter().map(|header| (header.name().to_string(), header.value().to_owned())).collect();
    Answer { status: Some(status), headers, ..explained.clone() }
}
