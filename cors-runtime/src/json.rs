//! Writes JSON, for `cargo cors`: so that an application need not turn on a feature, nor depend on `serde_json`, to be
//! asked for its report.

use std::fmt::Write as _;

use crate::explain::{Answer, Answers};
use crate::report::{Report, Shared};

/// A text as a JSON string. All that is not printable ASCII is escaped.
pub(crate) fn text(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ (b'"' | b'\\')) => out.extend(['\\', byte.into()]),
            Ok(byte @ b' '..=b'~') => out.push(byte.into()),
            // Writing to a string does not fail.
            _ => drop(write!(out, "\\u{unit:04x}")),
        }
    }
    out + "\""
}

fn list(elements: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", elements.into_iter().collect::<Vec<_>>().join(","))
}

fn texts(elements: &[String]) -> String {
    list(elements.iter().map(|element| text(element)))
}

fn or_null(value: Option<String>) -> String {
    value.unwrap_or_else(|| "null".to_owned())
}

pub(crate) fn object(members: &[(&str, String)]) -> String {
    let members = members.iter().map(|(name, value)| format!("{}:{value}", text(name)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

pub(crate) fn report(report: &Report) -> String {
    let shared = list(report.shared.iter().map(shared));
    object(&[("version", report.version.to_string()), ("shared", shared)])
}

fn shared(shared: &Shared) -> String {
    object(&[
        ("path", text(&shared.path)),
        ("method", text(&shared.method)),
        ("rank", shared.rank.to_string()),
        ("format", or_null(shared.format.as_deref().map(text))),
        ("handler", text(&shared.handler)),
        ("source", or_null(shared.source.as_deref().map(text))),
        ("origins", texts(&shared.origins)),
        ("lists", texts(&shared.lists)),
        ("checks", texts(&shared.checks)),
        ("credentials", shared.credentials.to_string()),
        ("allow_headers", texts(&shared.allow_headers)),
        ("expose_headers", texts(&shared.expose_headers)),
        ("max_age", or_null(shared.max_age.map(|seconds| seconds.to_string()))),
        ("enforce", text(&shared.enforce)),
        ("allow", texts(&shared.allow)),
    ])
}

pub(crate) fn answers(answers: &Answers) -> String {
    object(&[
        ("version", answers.version.to_string()),
        ("preflight", answer(&answers.preflight)),
        ("request", answer(&answers.request)),
    ])
}

fn answer(answer: &Answer) -> String {
    let optional = |value: &Option<String>| or_null(value.as_deref().map(text));
    object(&[
        ("status", or_null(answer.status.map(|status| status.to_string()))),
        ("headers", list(answer.headers.iter().map(|(name, value)| list([text(name), text(value)])))),
        ("route", optional(&answer.route)),
        ("source", optional(&answer.source)),
        ("policy", optional(&answer.policy)),
        ("refusal", optional(&answer.refusal)),
        ("open", optional(&answer.open)),
        ("notes", texts(&answer.notes)),
    ])
}

#[cfg(test)]
mod tests {
    #[test]
    fn hostile_text_stays_inside_its_quotes() {
        assert_eq!(super::text("a\"b\\c\n\u{7f}é🌐"), r#""a\"b\\c\u000a\u007f\u00e9\ud83c\udf10""#);
    }

    /// The same as serde writes, but for escapes and the order of members, which mean nothing.
    #[cfg(feature = "serde")]
    #[test]
    fn serde_reads_what_is_written() {
        use crate::explain::{Answer, Answers};
        use crate::report::{Report, Shared};

        let texts = || vec!["a \"b\"".to_owned(), "ü".to_owned()];
        let shared = Shared {
            path: "/<id>?\"".to_owned(),
            method: "GET".to_owned(),
            rank: -12,
            format: Some("text/plain".to_owned()),
            handler: "x".to_owned(),
            source: None,
            origins: texts(),
            lists: Vec::new(),
            checks: texts(),
            credentials: true,
            allow_headers: texts(),
            expose_headers: texts(),
            max_age: Some(600),
            enforce: "writes".to_owned(),
            allow: texts(),
        };
        let report = Report { version: 1, shared: vec![shared.clone(), Shared { max_age: None, ..shared }] };
        let written: serde_json::Value = serde_json::from_str(&super::report(&report)).expect("JSON");
        assert_eq!(written, serde_json::to_value(&report).expect("JSON"));

        let answer = Answer {
            status: Some(204),
            headers: vec![("Vary".to_owned(), "Origin".to_owned())],
            route: Some("r".to_owned()),
            notes: texts(),
            ..Answer::default()
        };
        let answers = Answers { version: 1, preflight: answer, request: Answer::default() };
        let written: serde_json::Value = serde_json::from_str(&super::answers(&answers)).expect("JSON");
        assert_eq!(written, serde_json::to_value(&answers).expect("JSON"));
    }
}
