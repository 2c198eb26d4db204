//! What a page gets.

use std::fmt;

use crate::browser::Failed;

/// What the script of a page gets for a call: a response, or a network error.
#[derive(Debug)]
#[must_use = "a call that is refused does not fail a test by itself"]
pub enum Outcome<R> {
    /// The page reads the response.
    Shared(Shared<R>),
    /// The page gets a network error, and no response.
    Refused(Refused),
}

/// A response as a page reads it.
#[derive(Debug)]
pub struct Shared<R> {
    pub(crate) response: R,
    pub(crate) status: u16,
    /// The headers that the page can read.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) preflighted: bool,
}

/// Why a page gets no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub(crate) failed: Failed,
    /// The application's reason.
    pub(crate) refusal: Option<String>,
    pub(crate) at_preflight: bool,
    /// The status of the last answer.
    pub(crate) status: u16,
    /// What the request was passed to: the route of the handler, or the service.
    pub(crate) reached: Option<String>,
}

impl<R> Outcome<R> {
    /// Whether the page reads the response.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self, Outcome::Shared(_))
    }

    /// The response.
    ///
    /// # Panics
    /// The page does not get it. The message says why.
    #[track_caller]
    pub fn shared(self) -> Shared<R> {
        match self {
            Outcome::Shared(shared) => shared,
            Outcome::Refused(refused) => panic!("{refused}"),
        }
    }

    /// The reason why the page gets no response.
    ///
    /// # Panics
    /// The page gets one.
    #[track_caller]
    pub fn refused(self) -> Refused {
        match self {
            Outcome::Shared(shared) => panic!("the page reads the response, which has the status {}", shared.status),
            Outcome::Refused(refused) => refused,
        }
    }
}

impl<R> Shared<R> {
    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The first value of a header. `None` if the response does not have it, or does not expose it to the page
    /// ([CORS filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response-cors)).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The headers that the page can read.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (&**name, &**value))
    }

    /// Whether the browser sent a preflight before.
    #[must_use]
    pub fn was_preflighted(&self) -> bool {
        self.preflighted
    }

    /// The response as the adapter has it, with the headers that the page cannot read.
    pub fn into_inner(self) -> R {
        self.response
    }
}

impl Refused {
    /// The check of the browser that fails, in words.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.failed.what
    }

    /// The step of the standard: a URL.
    #[must_use]
    pub fn step(&self) -> &'static str {
        self.failed.step
    }

    /// What would change the outcome, if that is known.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.failed.help.as_deref()
    }

    /// The application's own reason, as its log has it. `None` if it has none, for instance if the page calls with
    /// credentials that the policy does not allow.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// Whether it was the preflight that failed. The browser does not send the request then.
    #[must_use]
    pub fn at_preflight(&self) -> bool {
        self.at_preflight
    }

    /// The status of the last answer, which the page does not see.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether the request was passed to a handler, so that what it does was done though the page cannot read the answer.
    /// The guards of the handler were asked first, and may have refused: [`status`](Self::status) shows that. A service of
    /// tower does not tell which handler it has: the request was passed to it, unless a layer has turned it away. The preflight by
    /// which a layer finds out whether one inside is responsible does not count.
    #[must_use]
    pub fn handler_ran(&self) -> bool {
        self.reached.is_some()
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.at_preflight { "preflight" } else { "request" };
        write!(f, "the page gets a network error, after the {what} (status {}): {}", self.status, self.failed.what)?;
        if let Some(refusal) = &self.refusal {
            write!(f, "; the application says: {refusal}")?;
        }
        if let Some(route) = &self.reached {
            write!(f, "; the request was passed to {route}")?;
        }
        if let Some(help) = &self.failed.help {
            write!(f, "; help: {help}")?;
        }
        write!(f, "; see {}", self.failed.step)
    }
}

impl std::error::Error for Refused {}
