//! Texts that are compared with a file.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use cors_runtime::{Answer, Answers};

/// Compares what is said about each case of a file in this package: paragraphs of which the first line is the case, and
/// the others, indented, are what is said. A paragraph that starts with `#` is a comment.
///
/// `UPDATE_SAID=1` writes what is said instead; it has to be read then, since it may be wrong.
///
/// # Panics
/// The file is not there, or says something else.
#[track_caller]
pub fn each_case(file: &str, say: impl Fn(&str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let written = fs::read_to_string(&path).expect("the cases");
    let right = written.trim_end().split("\n\n").map(|paragraph| {
        let case = paragraph.lines().next().unwrap_or_default();
        if case.starts_with('#') {
            return paragraph.to_owned();
        }
        let said = say(case);
        [case.to_owned()]
            .into_iter()
            .chain(said.lines().map(|line| format!("    {line}")))
            .collect::<Vec<_>>()
            .join("\n")
    });
    let right = right.collect::<Vec<_>>().join("\n\n") + "\n";
    if std::env::var_os("UPDATE_SAID").is_some() {
        fs::write(&path, &right).expect("written");
        return;
    }
    for (written, right) in written.split("\n\n").zip(right.split("\n\n")) {
        assert_eq!(written, right, "{file}");
    }
    assert_eq!(written, right, "{file}");
}

/// All that is said about a question, without the lines of sources.
#[must_use]
pub fn explained(answers: &Answers) -> String {
    let Answers { version, preflight, request, same_origin, form, .. } = answers;
    let mut said = format!("version {version}{}\n", if *same_origin { ", of the server itself" } else { "" });
    said += &answer("preflight", preflight);
    said += &answer("request", request);
    if let Some(form) = form {
        said += &answer("form", form);
    }
    said
}

fn answer(what: &str, answer: &Answer) -> String {
    let Answer { status, headers, route, source, policy, refusal, kind, undecided, notes, .. } = answer;
    let mut said = format!("{what}: {}\n", status.map_or("by the handler".to_owned(), |status| status.to_string()));
    for (name, value) in headers {
        let _ = writeln!(said, "  {name}: {value}");
    }
    // Where it is changes with every line.
    let source = source.as_ref().map(|source| source.rsplit_once(':').map_or(&**source, |(file, _)| file).to_owned());
    for (name, value) in [
        ("route", route),
        ("source", &source),
        ("policy", policy),
        ("refusal", refusal),
        ("kind", kind),
        ("undecided", undecided),
    ] {
        if let Some(value) = value {
            let _ = writeln!(said, "  {name} = {value}");
        }
    }
    for note in notes {
        let _ = writeln!(said, "  note = {note}");
    }
    said
}
