//! The parts of `cargo cors`. The command is the product: this library has no stable interface.
//!
//! | file | what it does |
//! |---|---|
//! | `application` | builds the application, runs it, and reads what it wrote |
//! | `arguments` | the command line |
//! | `asked` | what `explain` is asked, as it was meant |
//! | `curl` | the command that sends a request with `curl` |
//! | `explanation` | one request of a page, step by step |
//! | `missing` | what a report lacks, so that it does not look like a good one |
//! | `probe/` | whether what arrives from a running server is what the application says |
//! | `review` | a difference in the review of a pull request: annotations, or a comment |
//! | `rules` | the pages of the rules |
//! | `url` | what a browser makes of a URL, and where it sends nothing |
//! | `output` | colours, and text that is safe to print on a terminal |
#![forbid(unsafe_code)]

mod application;
mod arguments;
pub mod asked;
mod curl;
pub mod explanation;
mod missing;
mod output;
pub mod probe;
mod review;
mod rules;
mod url;

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use cors_runtime::{Answers, Diff, Question, Report};
use serde::de::DeserializeOwned;

use application::Application;
use arguments::{Command, Format, Parsed};
use explanation::Explanation;
use missing::Source;
use output::Style;
use probe::Server;

/// The exit status if nothing went wrong and nothing was opened.
const FINE: u8 = 0;
/// The exit status of `diff` if something was opened, and of `probe` if something is different.
const OPENED: u8 = 1;
/// The exit status if anything went wrong.
const FAILED: u8 = 2;

/// Runs the command, and returns its exit status.
#[must_use]
pub fn run(arguments: Vec<OsString>) -> u8 {
    let done = arguments::parse(arguments).and_then(|parsed| match parsed {
        Parsed::Help => print(&arguments::help()).map(|()| FINE),
        Parsed::Version => print(concat!("cargo-cors ", env!("CARGO_PKG_VERSION"), "\n")).map(|()| FINE),
        Parsed::Rule(name) => rules::page(name.as_deref()).and_then(|text| print(&text)).map(|()| FINE),
        Parsed::Run { command, application, format, style } => execute(&command, &application, format, style),
    });
    done.unwrap_or_else(|error| {
        // Standard error may be closed, which is not a reason to panic.
        let _ = writeln!(io::stderr(), "{} {}", Style::of_stderr().bad("error:"), output::safe(&error));
        FAILED
    })
}

fn execute(command: &Command, application: &Application, format: Format, style: Style) -> Result<u8, String> {
    let json = format == Format::Json;
    match command {
        Command::Report { all, lists } => {
            let report = report(application)?;
            let report = if *lists { report } else { report.without_lists() };
            let text = || if *all { format!("{report:#}") } else { report.to_string() };
            let shown = || missing::routes(&report).to_owned() + &output::safe(&text());
            print(&if json { pretty(&report)? } else { shown() }).map(|()| FINE)
        }
        Command::Diff { baseline: saved, newer: other, lists } => {
            let baseline = read_report(saved)?;
            let newer = other.as_deref().map_or_else(|| report(application), read_report)?;
            let (saved, other) = (shown_path(saved), other.as_deref().map(shown_path));
            let other = other.as_deref().map_or(Source::Application, Source::File);
            if let Some(text) = missing::lists([(&baseline, &Source::File(&saved)), (&newer, &other)], *lists) {
                note(&text);
            }
            if let Some(text) = missing::origins([&baseline, &newer]) {
                note(&text);
            }
            let newer = if *lists { newer } else { newer.without_lists() };
            let diff = baseline.diff(&newer);
            print(&match format {
                Format::Text => shown(&diff, style),
                Format::Json => pretty(&diff)?,
                Format::Github => review::annotations(&diff),
                Format::Markdown => review::comment(&diff),
            })?;
            Ok(if diff.opened.is_empty() { FINE } else { OPENED })
        }
        Command::Explain(asked) => {
            let question = asked.page.question()?;
            let answers =
                of_known_version(from_json(&application.ask(Some(&question))?, "the answer of the application")?)?;
            let explanation = Explanation::new(asked, &question, answers);
            let text = if json { pretty(&explanation)? } else { explanation.shown(style, asked.curl) };
            print(&text).map(|()| FINE)
        }
        Command::Probe(url, selection) => {
            let server = Server::at(url)?;
            let probe = server.probe(&report(application)?, selection, |questions| answers(application, questions))?;
            print(&if json { pretty(&probe)? } else { probe.shown(style) })?;
            Ok(if probe.is_equal() { FINE } else { OPENED })
        }
    }
}

/// The application's answers to questions, in their order.
fn answers(application: &Application, questions: &[Question]) -> Result<Vec<Answers>, String> {
    const WHAT: &str = "the answer of the application";
    let mut answers = Vec::new();
    for text in application.ask_all(questions)? {
        // The answers to one question are not in a list.
        match from_json(&text, WHAT)? {
            list @ serde_json::Value::Array(_) => answers.extend(from_json::<Vec<_>>(&list.to_string(), WHAT)?),
            one => answers.push(from_json(&one.to_string(), WHAT)?),
        }
    }
    answers.into_iter().map(of_known_version).collect()
}

fn of_known_version(answers: Answers) -> Result<Answers, String> {
    if answers.version == Answers::VERSION {
        Ok(answers)
    } else {
        Err(other_version(answers.version, Answers::VERSION))
    }
}

fn report(application: &Application) -> Result<Report, String> {
    report_from(&application.ask(None)?, "the answer of the application")
}

fn read_report(path: &Path) -> Result<Report, String> {
    let shown = shown_path(path);
    let text = fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
    report_from(&text, &shown)
}

fn shown_path(path: &Path) -> String {
    output::safe(&path.to_string_lossy())
}

/// Reads a report. Its version comes first: another one may have other fields.
fn report_from(text: &str, what: &str) -> Result<Report, String> {
    #[derive(serde::Deserialize)]
    struct Versioned {
        version: u32,
    }
    match serde_json::from_str(text) {
        Ok(Versioned { version }) if version != Report::VERSION => Err(other_version(version, Report::VERSION)),
        _ => from_json(text, what),
    }
}

fn other_version(found: u32, known: u32) -> String {
    format!(
        "unsupported report version {found} (expected {known}): use matching releases of `cargo cors` and `cors-runtime`"
    )
}

/// Shows a difference: first what was opened.
fn shown(diff: &Diff, style: Style) -> String {
    if diff.is_empty() {
        return "nothing was opened, and nothing was closed\n".to_owned();
    }
    let paint = |line: &str| if line.starts_with('+') { style.bad(line) } else { style.good(line) };
    let text = diff.to_string();
    text.lines().map(|line| paint(&output::safe(line)) + "\n").collect()
}

fn from_json<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, String> {
    #[derive(serde::Deserialize)]
    struct Failure {
        error: String,
    }
    if let Ok(Failure { error }) = serde_json::from_str(text) {
        return Err(output::safe(&error));
    }
    serde_json::from_str(text).map_err(|error| format!("{what} does not have the expected format: {error}"))
}

fn pretty(value: &impl serde::Serialize) -> Result<String, String> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(|error| error.to_string())
}

/// Says something beside the output.
fn note(text: &str) {
    // Standard error may be closed, which is not a reason to panic.
    let _ = writeln!(io::stderr(), "{} {}", Style::of_stderr().open("note:"), output::safe(text));
}

/// Prints to the standard output. It is not a failure if the reader, such as `head`, has ended.
fn print(text: &str) -> Result<(), String> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("cannot write the output: {error}")),
        _ => Ok(()),
    }
}
