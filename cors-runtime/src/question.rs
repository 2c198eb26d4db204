//! One request of a page, and what an application answers to it and to its preflight. An adapter gives the answers.

use std::fmt;

/// A request that a page would make, as far as an application can tell it from others. Only tools need it.
///
/// Its text is the head of the request, as a preflight announces it:
///
/// ```
/// use cors_runtime::Question;
///
/// let text = "DELETE /api/items/7\nOrigin: https://app.example.com\nAccess-Control-Request-Headers: x-token\n";
/// let question: Question = text.parse().unwrap();
/// assert_eq!((&*question.method, &*question.headers), ("DELETE", &["x-token".to_owned()][..]));
/// assert_eq!(question.to_string(), text);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Question {
    /// The method, in the case that a browser sends it in.
    pub method: String,
    /// The path and the query.
    pub path: String,
    /// The value of `Host`: the host of the server as the page writes it, and the port if it is not the usual one. `None`
    /// leaves it open, and then it is a name of the application.
    pub host: Option<String>,
    /// The origin of the page. Empty for a request without `Origin`, which has no preflight.
    pub origin: String,
    /// Whether the page is one of the server itself. `None` leaves it to the application: the page is, if its origin is one
    /// of the application's [own origins](crate::OwnOrigins).
    pub same_origin: Option<bool>,
    /// The value of `Content-Type`.
    pub content_type: Option<String>,
    /// The value of `Accept`.
    pub accept: Option<String>,
    /// Whether there are cookies.
    pub cookies: bool,
    /// The names of the request headers that a browser asks for in a preflight: in lower case, sorted.
    pub headers: Vec<String>,
}

/// What an application answers to the preflight of a [`Question`], and to the request itself. Only tools need it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Answers {
    /// The version of the format of these answers: [`Answers::VERSION`].
    pub version: u32,
    /// The answer to the preflight. A browser does not send one for each request.
    pub preflight: Answer,
    /// The answer to the request.
    pub request: Answer,
    /// Whether the page is one of the server itself, so that a browser sends no preflight and lets it read every answer.
    // So that answers of version 1 are told by their version.
    #[cfg_attr(feature = "json", serde(default))]
    pub same_origin: bool,
    /// The answer to a write, if a form of this page sends it: without a preflight, and with a `Content-Type` that forms
    /// have. `None` for other requests, and for the server's own pages.
    pub form: Option<Answer>,
}

impl Answers {
    /// The format version; bumped on every incompatible change.
    pub const VERSION: u32 = 2;
}

/// One answer, as far as the library decides on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Answer {
    /// The status. `None` if a handler of the application runs, which decides it.
    pub status: Option<u16>,
    /// The headers that the library sets.
    pub headers: Vec<(String, String)>,
    /// The route that decided, with its handler: `DELETE /api/items/<id> (remove_item)`.
    pub route: Option<String>,
    /// The file and the line of the attribute that decided.
    pub source: Option<String>,
    /// The policy that decided, in one line.
    pub policy: Option<String>,
    /// Why the page does not get what it asked for.
    pub refusal: Option<String>,
    /// The kind of the reason, as [`Refusal::kind`](crate::Refusal::kind) has it; `format` if no handler takes the format
    /// of the request.
    pub kind: Option<String>,
    /// Checks that need a real request, a handler that decides, or another route to which a guard may forward the request. The
    /// answer assumes that they do not allow it.
    pub undecided: Option<String>,
    /// What else is worth knowing.
    pub notes: Vec<String>,
}

const SAME_ORIGIN: &str = "same-origin";
const CROSS_SITE: &str = "cross-site";
/// Stands for all cookies.
const SOME_COOKIE: &str = "some";

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}\nOrigin: {}", self.method, self.path, self.origin)?;
        // Only if it is known, so that an older application can read every other question.
        if let Some(host) = &self.host {
            writeln!(f, "Host: {host}")?;
        }
        if let Some(same_origin) = self.same_origin {
            writeln!(f, "Sec-Fetch-Site: {}", if same_origin { SAME_ORIGIN } else { CROSS_SITE })?;
        }
        for (name, value) in [("Content-Type", &self.content_type), ("Accept", &self.accept)] {
            if let Some(value) = value {
                writeln!(f, "{name}: {value}")?;
            }
        }
        if self.cookies {
            writeln!(f, "Cookie: {SOME_COOKIE}")?;
        }
        if self.headers.is_empty() {
            return Ok(());
        }
        writeln!(f, "Access-Control-Request-Headers: {}", self.headers.join(","))
    }
}

/// The text is not a valid request head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseQuestionError;

impl fmt::Display for ParseQuestionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a valid request head: expected a method, a path and an `Origin` header")
    }
}

impl std::error::Error for ParseQuestionError {}

impl std::str::FromStr for Question {
    type Err = ParseQuestionError;

    fn from_str(text: &str) -> Result<Self, ParseQuestionError> {
        let mut lines = text.lines();
        let (method, path) = lines.next().and_then(|line| line.split_once(' ')).ok_or(ParseQuestionError)?;
        let mut question = Question { method: method.to_owned(), path: path.to_owned(), ..Question::default() };
        let mut origin = None;
        for line in lines {
            match line.split_once(": ").ok_or(ParseQuestionError)? {
                ("Origin", value) => origin = Some(value.to_owned()),
                ("Host", value) => question.host = Some(value.to_owned()),
                ("Sec-Fetch-Site", SAME_ORIGIN) => question.same_origin = Some(true),
                ("Sec-Fetch-Site", CROSS_SITE) => question.same_origin = Some(false),
                ("Content-Type", value) => question.content_type = Some(value.to_owned()),
                ("Accept", value) => question.accept = Some(value.to_owned()),
                ("Cookie", SOME_COOKIE) => question.cookies = true,
                ("Access-Control-Request-Headers", value) => {
                    question.headers = value.split(',').map(str::to_owned).collect();
                }
                _ => return Err(ParseQuestionError),
            }
        }
        question.origin = origin.ok_or(ParseQuestionError)?;
        Ok(question)
    }
}

#[cfg(test)]
mod tests {
    use super::{ParseQuestionError, Question};

    #[test]
    fn only_the_head_of_a_request_is_a_question() {
        for text in [
            "",
            "GET",
            "GET /",
            "GET /\nOrigin",
            "GET /\nOrigin: a\nReferer: b",
            "GET /\nHost: a",
            "GET /\nOrigin: a\nSec-Fetch-Site: none",
            "\nGET /\nOrigin: a",
        ] {
            assert_eq!(text.parse::<Question>(), Err(ParseQuestionError), "{text:?}");
        }
        let whole = "PUT /\nOrigin: a\nHost: b:1\nSec-Fetch-Site: cross-site\nContent-Type: text/plain\nAccept: */*\nCookie: some\n\
                     Access-Control-Request-Headers: x-a,x-b\n";
        assert_eq!(whole.parse::<Question>().map(|question| question.to_string()).as_deref(), Ok(whole));
        assert_eq!("GET /\nOrigin: \n".parse::<Question>().map(|question| question.headers), Ok(Vec::new()));
    }
}
