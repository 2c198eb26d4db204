//! A call of a page, and the steps of a browser with it.

use rocket::http::{Cookie, CookieJar, Header, HeaderMap, Method, SameSite, uri};
use rocket::local::{asynchronous, blocking};
use rocket::{Orbit, Request, Rocket};

use super::outcome::{Outcome, Refused, Shared};
use crate::browser::{self, Failed};
use crate::origin::Origin;
use crate::question::{Answer, Answers, Question};
use crate::rocket::explain::explain;
use crate::rocket::state::State;
use crate::site::{Relation, is_trustworthy};

/// Where Rocket serves if nothing is configured.
const USUAL_SERVER: &str = "http://localhost:8000";
/// Why a page cannot read the answer to a form: it is loaded in its place.
const NAVIGATION: &str = "https://html.spec.whatwg.org/#form-submission-algorithm";

/// The steps of a browser, for both clients.
macro_rules! steps {
    ($call:expr, $client:expr $(, $await:tt)?) => {{
        let exchange = Exchange::new($call, $client.rocket(), &$client.cookies());
        if exchange.preflights() {
            let mut request = $client.options(exchange.question.path.clone());
            exchange.add_preflight(&mut request);
            let response = request.dispatch()$(.$await)?;
            if let Err(refused) = exchange.check_preflight(response.status().code, response.headers()) {
                return Outcome::Refused(refused);
            }
        }
        let mut request = $client.req(exchange.method(), exchange.question.path.clone()).body(&$call.body);
        exchange.add_request(&mut request);
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
    page: browser::Page,
    server: Option<String>,
    is_form: bool,
    body: Vec<u8>,
    cookies: Vec<Cookie<'static>>,
}

impl Call {
    pub(super) fn new(origin: &str, server: Option<String>, method: &str, path: &str) -> Self {
        let mut page = browser::Page::default();
        (page.origin, page.method, page.path) = (origin.to_owned(), method.to_owned(), path.to_owned());
        Call { page, server, is_form: false, body: Vec::new(), cookies: Vec::new() }
    }

    pub(super) fn form(origin: &str, server: Option<String>, path: &str, fields: &str) -> Self {
        let call = Call::new(origin, server, "POST", path);
        Call {
            is_form: true,
            ..call.header("content-type", "application/x-www-form-urlencoded").body(fields).credentials()
        }
    }

    /// A header that the script sets.
    ///
    /// # Panics
    /// It is not a header, or one that a script cannot set, such as `Origin` and `Cookie`: the browser does.
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Err(error) = self.page.add_header(&format!("{name}: {value}")) {
            panic!("{error}");
        }
        assert!(
            self.page.left_out().is_empty(),
            "scripts cannot set the header `{name}`: the browser sets it or leaves it out"
        );
        self
    }

    /// The body, as a script gives a string to `fetch`. Without a header `content-type`, it is sent as
    /// `text/plain;charset=UTF-8`.
    pub fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = body.as_ref().to_vec();
        self
    }

    /// The script says `credentials: 'include'`: the cookies are sent. Without it they are sent to the page's own server
    /// alone.
    pub fn credentials(mut self) -> Self {
        self.page.credentials = true;
        self
    }

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
    call: &'c Call,
    server: String,
    site: Relation,
    question: Question,
    /// The cookies that the call gives and the browser sends.
    given: Vec<Cookie<'static>>,
    /// The value of `Cookie`.
    cookies: String,
    /// What the application says.
    answers: Answers,
}

impl<'c> Exchange<'c> {
    #[track_caller]
    fn new(call: &'c Call, rocket: &Rocket<Orbit>, jar: &CookieJar<'_>) -> Self {
        let own = || State::of(rocket)?.own_origins()?.iter().next().map(ToOwned::to_owned);
        let server = call.server.clone().or_else(own).unwrap_or_else(|| USUAL_SERVER.to_owned());
        let site = Relation::of(&call.page.origin, &server);
        let mut question = call.page.question().unwrap_or_else(|error| panic!("no script makes this call: {error}"));
        let has_body = !matches!(&*question.method, "GET" | "HEAD");
        assert!(has_body || call.body.is_empty(), "`fetch` throws a TypeError for a {} with a body", question.method);
        if question.content_type.is_none() && !call.body.is_empty() {
            question.content_type = Some("text/plain;charset=UTF-8".to_owned());
        }
        let sends = call.page.credentials || site == Relation::SameOrigin;
        let given: Vec<_> = call.cookies.iter().filter(|cookie| sends && is_sent(cookie, site)).cloned().collect();
        for cookie in jar.iter() {
            assert!(
                sends && is_sent(cookie, site),
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
        let cookies = pairs.collect::<Vec<_>>().join("; ");
        question.same_origin = Some(site == Relation::SameOrigin);
        question.cookies = !cookies.is_empty();
        let asked = Question { method: overridden(call).unwrap_or(&question.method).to_owned(), ..question.clone() };
        let answers = explain(rocket, &asked).unwrap_or_else(|error| panic!("{error}"));
        Exchange { call, server, site, question, given, cookies, answers }
    }

    fn preflights(&self) -> bool {
        let is_cross_origin = self.site != Relation::SameOrigin && !self.call.is_form;
        is_cross_origin && !self.call.page.reasons(&self.question).is_empty()
    }

    /// The method of the request.
    fn method(&self) -> Method {
        let method = self.question.method.parse::<Method>().ok();
        let method = method.filter(|method| method.as_str() == self.question.method);
        method.unwrap_or_else(|| panic!("Rocket's local client cannot send the method `{}`", self.question.method))
    }

    /// What a browser sends with each request.
    fn add_common(&self, request: &mut Request<'_>, mode: &'static str, destination: &'static str) {
        let host = self.server.split_once("://").map_or("", |(_, host)| host).to_owned();
        // `Request::host`, which a header does not set; and the header.
        if let Ok(parsed) = uri::Host::parse_owned(host.clone()) {
            request.set_host(parsed);
        }
        request.add_header(Header::new("Host", host));
        if Origin::parse(self.server.as_bytes()).is_some_and(|server| is_trustworthy(&server)) {
            request.add_header(Header::new("Sec-Fetch-Site", self.site.as_str()));
            request.add_header(Header::new("Sec-Fetch-Mode", mode));
            request.add_header(Header::new("Sec-Fetch-Dest", destination));
        }
    }

    /// Puts the headers of the preflight on a request
    /// ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch)).
    fn add_preflight(&self, request: &mut Request<'_>) {
        self.add_common(request, "cors", "empty");
        request.add_header(Header::new("Accept", "*/*"));
        request.add_header(Header::new("Origin", self.question.origin.clone()));
        request.add_header(Header::new("Access-Control-Request-Method", self.question.method.clone()));
        if !self.question.headers.is_empty() {
            request.add_header(Header::new("Access-Control-Request-Headers", self.question.headers.join(",")));
        }
    }

    /// Puts the headers of the request on it.
    fn add_request(&self, request: &mut Request<'_>) {
        let Question { method, origin, .. } = &self.question;
        if self.call.is_form {
            self.add_common(request, "navigate", "document");
            request.add_header(Header::new("Sec-Fetch-User", "?1"));
        } else {
            self.add_common(request, "cors", "empty");
        }
        // <https://fetch.spec.whatwg.org/#append-a-request-origin-header>
        if self.site != Relation::SameOrigin || !matches!(&**method, "GET" | "HEAD") {
            request.add_header(Header::new("Origin", origin.clone()));
        }
        for (name, value) in self.call.page.headers() {
            request.add_header(Header::new(name.to_owned(), value.unwrap_or_default().to_owned()));
        }
        for (name, value) in [("Accept", Some("*/*")), ("Content-Type", self.question.content_type.as_deref())] {
            if let Some(value) = value.filter(|_| !request.headers().contains(name)) {
                request.add_header(Header::new(name, value.to_owned()));
            }
        }
        if !self.cookies.is_empty() {
            request.add_header(Header::new("Cookie", self.cookies.clone()));
        }
    }

    fn check_preflight(&self, status: u16, headers: &HeaderMap<'_>) -> Result<(), Refused> {
        let answer = read(status, headers, &self.answers.preflight);
        browser::preflight(&answer, &self.question, self.call.page.credentials).map_err(|failed| Refused {
            failed,
            refusal: self.answers.preflight.refusal.clone(),
            at_preflight: true,
            status,
            reached: None,
        })
    }

    /// The headers that the page can read.
    fn check(&self, status: u16, headers: &HeaderMap<'_>) -> Result<Vec<(String, String)>, Refused> {
        let (page, explained) = (&self.call.page, &self.answers.request);
        let answer = read(status, headers, explained);
        let is_own = self.site == Relation::SameOrigin;
        let checked = browser::cors_check(&answer, &page.origin, page.credentials);
        // Only a policy that named the origin lets a check have the last word.
        let was_named = headers.contains("access-control-allow-origin") && explained.undecided.is_some();
        let failed = match checked {
            _ if is_own => None,
            _ if self.call.is_form => Some(Failed {
                what: "the answer to a form is loaded in the place of the page, and not given to its script".to_owned(),
                step: NAVIGATION,
                help: None,
            }),
            checked => checked.err(),
        };
        if let Some(failed) = failed {
            let reached = explained.status.is_none() || was_named;
            return Err(Refused {
                failed,
                refusal: explained.refusal.clone().filter(|_| !was_named),
                at_preflight: false,
                status,
                reached: explained.route.clone().filter(|_| reached),
            });
        }
        let readable = |name: &str| browser::is_readable(&answer, page.credentials, is_own, name);
        Ok(answer.headers.iter().filter(|(name, _)| readable(name)).cloned().collect())
    }
}

/// The method that Rocket takes from the first field of a form.
fn overridden(call: &Call) -> Option<&'static str> {
    let fields = std::str::from_utf8(&call.body).ok().filter(|_| call.is_form)?;
    let method = fields.split('&').next()?.strip_prefix("_method=")?.parse::<Method>().ok()?;
    Some(method.as_str())
}

/// Whether `SameSite` lets a cookie be sent. One that does not say is sent.
fn is_sent(cookie: &Cookie<'_>, site: Relation) -> bool {
    site != Relation::CrossSite || !matches!(cookie.same_site(), Some(SameSite::Strict | SameSite::Lax))
}

/// An answer as it came, with what the application says about it.
fn read(status: u16, headers: &HeaderMap<'_>, explained: &Answer) -> Answer {
    let headers = headers.iter().map(|header| (header.name().to_string(), header.value().to_owned())).collect();
    Answer { status: Some(status), headers, ..explained.clone() }
}
