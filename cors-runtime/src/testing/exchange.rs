//! The steps of a browser with one call of a page, whichever adapter sends the requests.

use super::{Refused, Script, USUAL_SERVER};
use crate::browser::{self, Failed};
use crate::origin::Origin;
use crate::question::{Answer, Question};
use crate::site::{Relation, is_trustworthy};

/// Why a page cannot read the answer to a form: it is loaded in its place.
const NAVIGATION: &str = "https://html.spec.whatwg.org/#form-submission-algorithm";

/// A header that a browser sends.
pub(crate) type Sent = (String, String);

/// A call to an application, as the browser knows it.
pub(crate) struct Exchange<'c> {
    script: &'c Script,
    /// The origin of the application.
    server: String,
    pub(crate) site: Relation,
    pub(crate) question: Question,
    /// The value of `Cookie`. Empty for none.
    cookies: String,
}

/// What the answer is for.
#[derive(Clone, Copy)]
struct Destination(&'static str, &'static str);

impl<'c> Exchange<'c> {
    /// The call to the application at this origin, unless the page says otherwise.
    ///
    /// # Panics
    /// No script makes this call.
    #[track_caller]
    pub(crate) fn new(script: &'c Script, server: Option<String>) -> Self {
        let server = script.server.clone().or(server).unwrap_or_else(|| USUAL_SERVER.to_owned());
        let site = Relation::of(&script.page.origin, &server);
        let mut question = script.page.question().unwrap_or_else(|error| panic!("no script makes this call: {error}"));
        let has_body = !matches!(&*question.method, "GET" | "HEAD");
        assert!(has_body || script.body.is_empty(), "`fetch` throws a TypeError for a {} with a body", question.method);
        if question.content_type.is_none() && !script.body.is_empty() {
            question.content_type = Some("text/plain;charset=UTF-8".to_owned());
        }
        question.same_origin = Some(site == Relation::SameOrigin);
        question.cookies = false;
        question.host = server.split_once("://").map(|(_, host)| host.to_owned());
        Exchange { script, server, site, question, cookies: String::new() }
    }

    /// Whether the browser sends cookies with the call.
    pub(crate) fn sends_cookies(&self) -> bool {
        self.script.page.credentials || self.site == Relation::SameOrigin
    }

    /// The cookies that are sent: `name=value`.
    pub(crate) fn set_cookies(&mut self, pairs: &[String]) {
        self.cookies = pairs.join("; ");
        self.question.cookies = !pairs.is_empty();
    }

    pub(crate) fn preflights(&self) -> bool {
        let is_cross_origin = self.site != Relation::SameOrigin && !self.script.is_form;
        is_cross_origin && !self.script.page.reasons(&self.question).is_empty()
    }

    /// The value of `Host`.
    pub(crate) fn host(&self) -> &str {
        self.server.split_once("://").map_or("", |(_, host)| host)
    }

    /// What a browser sends with each request.
    fn common(&self, Destination(mode, destination): Destination) -> Vec<Sent> {
        let mut headers = vec![sent("Host", self.host())];
        if Origin::parse(self.server.as_bytes()).is_some_and(|server| is_trustworthy(&server)) {
            headers.push(sent("Sec-Fetch-Site", self.site.as_str()));
            headers.push(sent("Sec-Fetch-Mode", mode));
            headers.push(sent("Sec-Fetch-Dest", destination));
        }
        headers
    }

    /// The headers of the preflight ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch)).
    pub(crate) fn preflight_headers(&self) -> Vec<Sent> {
        let Question { origin, method, headers: names, .. } = &self.question;
        let mut headers = self.common(Destination::SCRIPT);
        headers.extend([sent("Accept", "*/*"), sent("Origin", origin), sent("Access-Control-Request-Method", method)]);
        if !names.is_empty() {
            headers.push(sent("Access-Control-Request-Headers", &names.join(",")));
        }
        headers
    }

    /// The headers of the request.
    pub(crate) fn request_headers(&self) -> Vec<Sent> {
        let Question { method, origin, content_type, .. } = &self.question;
        let mut headers = if self.script.is_form {
            let mut headers = self.common(Destination::DOCUMENT);
            headers.push(sent("Sec-Fetch-User", "?1"));
            headers
        } else {
            self.common(Destination::SCRIPT)
        };
        // <https://fetch.spec.whatwg.org/#append-a-request-origin-header>
        if self.site != Relation::SameOrigin || !matches!(&**method, "GET" | "HEAD") {
            headers.push(sent("Origin", origin));
        }
        headers.extend(self.script.page.headers().map(|(name, value)| sent(name, value.unwrap_or_default())));
        for (name, value) in [("Accept", Some("*/*")), ("Content-Type", content_type.as_deref())] {
            let is_set = headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
            headers.extend(value.filter(|_| !is_set).map(|value| sent(name, value)));
        }
        if !self.cookies.is_empty() {
            headers.push(sent("Cookie", &self.cookies));
        }
        headers
    }

    /// Checks the answer to the preflight.
    pub(crate) fn check_preflight(&self, answer: &Answer) -> Result<(), Refused> {
        browser::preflight(answer, &self.question, self.script.page.credentials).map_err(|failed| Refused {
            failed,
            refusal: answer.refusal.clone(),
            at_preflight: true,
            status: answer.status.unwrap_or_default(),
            reached: None,
        })
    }

    /// Checks the answer to the request. Returns the headers that the page can read. `reached` is what the request was passed
    /// to.
    pub(crate) fn check(&self, answer: &Answer, reached: Option<String>) -> Result<Vec<Sent>, Refused> {
        let page = &self.script.page;
        let is_own = self.site == Relation::SameOrigin;
        let failed = if is_own {
            None
        } else if self.script.is_form {
            Some(Failed {
                what: "the answer to a form is loaded in the place of the page, and not given to its script".to_owned(),
                step: NAVIGATION,
                help: None,
            })
        } else {
            browser::cors_check(answer, &page.origin, page.credentials).err()
        };
        if let Some(failed) = failed {
            return Err(Refused {
                failed,
                refusal: answer.refusal.clone(),
                at_preflight: false,
                status: answer.status.unwrap_or_default(),
                reached,
            });
        }
        let readable = |name: &str| browser::is_readable(answer, page.credentials, is_own, name);
        Ok(answer.headers.iter().filter(|(name, _)| readable(name)).cloned().collect())
    }
}

impl Destination {
    const SCRIPT: Self = Destination("cors", "empty");
    const DOCUMENT: Self = Destination("navigate", "document");
}

/// Whether a cookie is sent to a server of this relation. One that does not say `SameSite` is sent.
pub(crate) fn is_sent(is_strict_or_lax: bool, site: Relation) -> bool {
    site != Relation::CrossSite || !is_strict_or_lax
}

fn sent(name: &str, value: &str) -> Sent {
    (name.to_owned(), value.to_owned())
}
