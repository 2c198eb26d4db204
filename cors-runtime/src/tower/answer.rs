//! What a layer does with the response of the service inside.

use std::sync::Arc;

use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, HeaderMap};
use http::{HeaderValue, Response, StatusCode};

use super::decided::{Decided, Marks};
use super::protection::Protection;
use super::refusals::{Listeners, Noted, explain};
use super::shared::{Shared, once};
use crate::decision::{ACTUAL_VARY, PREFLIGHT_VARY};
use crate::events;
use crate::header_lines::HeaderLines;
use crate::refusal::Refusal;

/// What has been decided about a request before it went on.
pub(super) struct Pending {
    pub(super) shared: Arc<Shared>,
    pub(super) application: Option<Arc<Protection>>,
    pub(super) about: About,
    pub(super) marks: Marks,
}

pub(super) enum About {
    /// A request of a page.
    Actual {
        lines: HeaderLines,
        noted: Option<Box<Noted>>,
        /// Whether no layer inside can let in what this policy turns away.
        is_final: bool,
    },
    /// A preflight. It went to the service inside as the OPTIONS request that it is, to find out what is served there.
    Preflight(Box<Preflight>),
}

pub(super) struct Preflight {
    /// The announced method.
    pub(super) method: Box<[u8]>,
    /// What the policy says, if the method is served.
    pub(super) judged: Judged,
    /// What is recorded if it is not, with another reason.
    pub(super) unserved: Option<Box<Noted>>,
    /// Whether no layer inside can grant what this policy refuses.
    pub(super) is_final: bool,
}

/// What a policy says about a preflight.
pub(super) struct Judged {
    pub(super) granted: Result<HeaderMap, ()>,
    /// Why the page will not get what it asks for.
    pub(super) noted: Option<Box<Noted>>,
}

/// Whether a service serves a method.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Served {
    Yes,
    No,
    Unknown,
}

impl Pending {
    /// The response with what was decided, unless a layer inside has decided otherwise.
    pub(super) fn apply<R: Default>(self, mut response: Response<R>) -> Response<R> {
        let covers = self.decided_inside(&mut response).map(|decided| decided.covers);
        let Pending { shared, application, about, marks } = self;
        let finish = Finish { shared: &shared, application: application.as_deref() };
        let response = if let Some(covers) = covers {
            if shared.is_told_all {
                once(&shared.said.unasked, || {
                    let name = shared.shown();
                    events::warning(&format!(
                        "the layer of `{name}` answers preflights unasked, also for what is in a layer inside, whose policy has no \
                         part in them: use `CrossOriginLayer::methods`, or put `{name}` around something else"
                    ));
                });
            }
            match about {
                // Where the layer inside has refused it, it has also said so.
                About::Preflight(preflight) if preflight.is_final && covers && is_shared(&response) => {
                    finish.forbid(preflight.judged.noted.as_deref(), true)
                }
                About::Actual { lines, is_final: true, .. } => {
                    // Another request for the same might have been turned away here.
                    lines.vary_if_enforced(response.headers_mut());
                    response
                }
                _ => response,
            }
        } else {
            match about {
                About::Actual { lines, noted, .. } => finish.on(response, lines, noted.as_deref(), true),
                About::Preflight(preflight) => finish.preflight(response, *preflight),
            }
        };
        marks.tell(&response);
        response
    }

    /// What a layer inside has decided about a response.
    #[inline]
    fn decided_inside<'r, R>(&self, response: &'r mut Response<R>) -> Option<&'r Decided> {
        let (decided, is_remade) = self.marks.decided(response)?;
        if is_remade {
            once(&self.shared.said.remade, || remade(self.shared.shown()));
        }
        Some(decided)
    }

    /// The same for a request that was not turned away, since a layer inside has answered a preflight for it.
    pub(super) fn apply_covered<R: Default>(mut self, mut response: Response<R>) -> Response<R> {
        if self.decided_inside(&mut response).is_none() {
            once(&self.shared.said.astray, || astray(self.shared.shown()));
            if let About::Actual { noted: Some(noted), .. } = &mut self.about {
                noted.was_not_turned_away();
            }
        }
        self.apply(response)
    }

    /// The answer to a request that the service inside does not get.
    pub(super) fn turn_away<R: Default>(mut self) -> Response<R> {
        let marks = std::mem::take(&mut self.marks);
        let mut refused = Response::new(R::default());
        *refused.status_mut() = StatusCode::FORBIDDEN;
        let mut refused = self.apply(refused);
        if let Some(decided) = refused.extensions_mut().get_mut::<Decided>() {
            decided.turned_away = true;
        }
        marks.tell(&refused);
        refused
    }
}

/// Says that a response is not the one that a layer inside has answered with.
fn remade(name: &str) {
    events::warning(&format!(
        "a service between `{name}` and a layer inside has made a new response: the CORS headers of the layer inside stay if this \
         service has copied them all as they are, and otherwise there are none"
    ));
}

/// Whether a response has been granted to a page.
fn is_shared<R>(response: &Response<R>) -> bool {
    response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN)
}

/// Says that a request has run without a policy, although a layer inside has answered the preflight for it.
pub(super) fn astray(name: &str) {
    events::error(format_args!(
        "a write of another page ran without a policy: the preflight for it came to a layer inside of `{name}`, and the write did \
         not. What is inside has to send a preflight where it sends the method that it announces, and must not choose by headers \
         that a preflight does not have"
    ));
}

/// What it takes to finish a response.
#[derive(Clone, Copy)]
pub(super) struct Finish<'a> {
    pub(super) shared: &'a Shared,
    pub(super) application: Option<&'a Protection>,
}

impl Finish<'_> {
    /// Refuses a preflight.
    pub(super) fn forbid<R: Default>(self, noted: Option<&Noted>, covers: bool) -> Response<R> {
        let mut answer = Response::new(R::default());
        *answer.status_mut() = StatusCode::FORBIDDEN;
        self.on(answer, HeaderLines::vary(PREFLIGHT_VARY), noted, covers)
    }

    /// Says what the policy says about a preflight whose method is served.
    #[inline]
    pub(super) fn grant<R: Default>(self, judged: Judged) -> Response<R> {
        let Judged { granted, noted } = judged;
        let Ok(headers) = granted else { return self.forbid(noted.as_deref(), true) };
        let mut answer = Response::new(R::default());
        *answer.status_mut() = StatusCode::NO_CONTENT;
        *answer.headers_mut() = headers;
        self.tell(&mut answer, noted.as_deref(), true);
        answer
    }

    fn preflight<R: Default>(self, response: Response<R>, preflight: Preflight) -> Response<R> {
        let served = self.shared.serves(&preflight.method, &response);
        if served == Served::Yes {
            return self.grant(preflight.judged);
        }
        let Preflight { method, unserved, .. } = preflight;
        // The service's own answer: it may have a handler for OPTIONS.
        let noted = unserved.map(|noted| {
            let method = method.into_vec().into();
            let unknown = served == Served::Unknown;
            noted.because(if unknown { Refusal::UnknownMethods(method) } else { Refusal::NoHandler(method) })
        });
        self.on(response, HeaderLines::vary(ACTUAL_VARY), noted.as_ref(), false)
    }

    /// Puts the headers on the response, records the refusal, and tells the layers around.
    fn on<R>(self, mut response: Response<R>, lines: HeaderLines, noted: Option<&Noted>, covers: bool) -> Response<R> {
        if let Some(name) = lines.apply(response.headers_mut()) {
            let said = &self.shared.said.replaced;
            once(said, || events::own_header(name.as_str(), self.shared.shown(), "by the service inside the layer"));
        }
        self.tell(&mut response, noted, covers);
        response
    }

    /// Records the refusal, and tells the layers around.
    fn tell<R>(self, response: &mut Response<R>, noted: Option<&Noted>, covers: bool) {
        let mut decided = Decided { covers, ..Decided::default() };
        if let Some(noted) = noted {
            let Shared { policy, checks, log, .. } = self.shared;
            let listeners = Listeners { log, application: self.application };
            decided.reason = explain(response, listeners.record(noted, Some((policy, !checks.is_empty()))), noted);
        }
        response.extensions_mut().insert(decided);
    }
}

impl Shared {
    /// Whether the service that has answered an OPTIONS request serves this method: by the methods that the layer was told,
    /// or by `Allow` ([RFC 9110, 10.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.1)).
    fn serves<R>(&self, method: &[u8], response: &Response<R>) -> Served {
        if !is_method(method) || response.status() == StatusCode::NOT_FOUND {
            return Served::No;
        }
        let named = match self.was_told(method) {
            None => is_allowed(response.headers(), method),
            told => told,
        };
        match named {
            Some(true) => Served::Yes,
            Some(false) => Served::No,
            None => Served::Unknown,
        }
    }

    /// Whether this is one of the methods that the layer was told. `None` if it was told none.
    pub(super) fn was_told(&self, method: &[u8]) -> Option<bool> {
        let methods = self.methods.as_ref()?;
        Some(is_method(method) && methods.iter().any(|known| is_served(known.as_str().as_bytes(), method)))
    }
}

/// Whether a grant may name it. `Allow` may have an empty element or a `*`, and a browser would take `*` for every method.
fn is_method(method: &[u8]) -> bool {
    !matches!(method, b"" | b"*") && method.is_ascii()
}

/// Whether what serves a known method serves this one: what serves GET serves HEAD.
fn is_served(known: &[u8], method: &[u8]) -> bool {
    known == method || (known == b"GET" && method == b"HEAD")
}

/// Whether `Allow` names a method. `None` if the response has no such header.
fn is_allowed(headers: &HeaderMap, method: &[u8]) -> Option<bool> {
    let names = |line: &HeaderValue| {
        let mut methods = line.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        methods.any(|known| is_served(known, method))
    };
    headers.get_all(ALLOW).into_iter().map(names).reduce(|one, other| one || other)
}
