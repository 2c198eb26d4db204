//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt as _};

use crate::application::Application;
use crate::browser::Page;
use crate::output::{Style, When};

pub(crate) const HELP: &str = "\
Shows what a Rocket application shares with which web pages

Usage: cargo cors report [OPTIONS] [-- ARGS]
       cargo cors diff [OPTIONS] BASELINE [NEWER] [-- ARGS]
       cargo cors explain [OPTIONS] ORIGIN METHOD PATH [-- ARGS]

Commands:
  report   Print the policies of all routes. `cargo cors report --json > cors.json` saves them
  diff     Compare a saved report with the application, or with another saved report
  explain  Say step by step what a browser does with a request of a page, and which rule decides

The application is built and started as `cargo run` does it, with ARGS. It writes what is asked for
and ends before it serves a request.

Options:
      --json           Print JSON
      --color WHEN     auto, always or never [default: auto: on a terminal, and without NO_COLOR]
      --timeout SECS   How long the application may take, once it is built [default: 60]
  -h, --help           Print this
  -V, --version        Print the version

Options of explain:
      --header NAME    A request header that the page sets, as `x-token` or `accept: text/html`.
                       May be repeated
      --credentials    The page calls with cookies: `credentials: 'include'`

Options that cargo gets:
  -p, --package SPEC   --bin NAME     --example NAME     --manifest-path PATH
  -r, --release        --profile NAME --target TRIPLE    --target-dir DIR
  -F, --features LIST  --all-features --no-default-features
      --locked         --offline      --frozen

Release builds answer with the feature `cargo-cors` of `cors-runtime`:
  cargo cors report --release --features cors-runtime/cargo-cors

Exit status: 0; 1 if `diff` finds that something was opened; 2 if anything went wrong.
";

/// Options of cargo that have a value, and those that stand alone.
const WITH_VALUE: [&str; 9] =
    ["package", "bin", "example", "manifest-path", "profile", "target", "target-dir", "features", "config"];
const ALONE: [&str; 6] = ["release", "all-features", "no-default-features", "locked", "offline", "frozen"];

pub(crate) enum Parsed {
    Help,
    Version,
    Run { command: Command, application: Application, json: bool, style: Style },
}

pub(crate) enum Command {
    Report,
    Diff { baseline: PathBuf, newer: Option<PathBuf> },
    Explain(Page),
}

/// Reads the arguments, without the name of the program.
pub(crate) fn parse(mut arguments: Vec<OsString>) -> Result<Parsed, String> {
    // Cargo starts `cargo-cors cors report`.
    if arguments.first().is_some_and(|first| first == "cors") {
        arguments.remove(0);
    }
    let own = arguments.iter().position(|argument| argument == "--").unwrap_or(arguments.len());
    let for_application = arguments.split_off(own).into_iter().skip(1).collect();
    read(Parser::from_args(arguments), for_application).map_err(|error| format!("{error}; see `cargo cors --help`"))
}

fn read(mut parser: Parser, for_application: Vec<OsString>) -> Result<Parsed, lexopt::Error> {
    let mut application = Application::new(for_application);
    let mut operands: Vec<OsString> = Vec::new();
    let (mut json, mut when, mut page, mut of_explain) = (false, When::default(), Page::default(), None);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Parsed::Help),
            Arg::Short('V') | Arg::Long("version") => return Ok(Parsed::Version),
            Arg::Long("json") => json = true,
            Arg::Long("color") => {
                when = match &*parser.value()?.string()? {
                    "auto" => When::Auto,
                    "always" => When::Always,
                    "never" => When::Never,
                    _ => return Err("`--color` is auto, always or never".into()),
                };
            }
            Arg::Long("timeout") => application.patience = Duration::from_secs(parser.value()?.parse()?),
            Arg::Long("header") => {
                page.add_header(&parser.value()?.string()?)?;
                of_explain = Some("--header");
            }
            Arg::Long("credentials") => {
                page.credentials = true;
                of_explain = Some("--credentials");
            }
            Arg::Short('p') => application.select("package", Some(parser.value()?)),
            Arg::Short('F') => application.select("features", Some(parser.value()?)),
            Arg::Short('r') => application.select("release", None),
            Arg::Long(name) => {
                let find = |names: &[&'static str]| names.iter().copied().find(|known| *known == name);
                if let Some(name) = find(&ALONE) {
                    application.select(name, None);
                } else if let Some(name) = find(&WITH_VALUE) {
                    let value = parser.value()?;
                    application.select(name, Some(value));
                } else {
                    return Err(argument.unexpected());
                }
            }
            Arg::Value(value) => operands.push(value),
            Arg::Short(_) => return Err(argument.unexpected()),
        }
    }
    let mut operands = operands.into_iter();
    let Some(name) = operands.next() else { return Err("no command is given".into()) };
    let command = match name.to_str() {
        Some("help") => return Ok(Parsed::Help),
        Some("report") => Command::Report,
        Some("diff") => Command::Diff {
            baseline: operands.next().ok_or("`diff` needs a saved report to compare with")?.into(),
            newer: operands.next().map(Into::into),
        },
        Some("explain") => {
            let mut next = |what: &str| operands.next().ok_or(format!("`explain` needs {what}"))?.string();
            page.origin = next("the origin of the page, such as `https://app.example.com`")?;
            page.method = next("a method")?;
            page.path = next("a path, such as `/api/items/7`")?;
            Command::Explain(page)
        }
        _ => return Err(format!("no such command: `{}`", name.to_string_lossy()).into()),
    };
    if let Some(more) = operands.next() {
        return Err(Arg::Value(more).unexpected());
    }
    match of_explain {
        Some(option) if !matches!(command, Command::Explain(_)) => {
            Err(format!("`{option}` belongs to `explain`").into())
        }
        _ => Ok(Parsed::Run { command, application, json, style: Style::new(when) }),
    }
}
