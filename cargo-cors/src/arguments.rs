//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use cors_runtime::Origin;
use lexopt::{Arg, Parser, ValueExt};

use crate::application::Application;
use crate::asked::Asked;
use crate::output::{Style, When};
use crate::probe::Selection;
use crate::url;

/// An option that is passed on to cargo.
struct CargoOption {
    short: Option<char>,
    name: &'static str,
    /// What the help calls the value. `None` if the option has no value.
    value: Option<&'static str>,
}

impl CargoOption {
    /// The option as the help shows it.
    fn shown(&self) -> String {
        let short = self.short.map_or_else(|| "    ".to_owned(), |letter| format!("-{letter}, "));
        let value = self.value.map(|value| format!(" {value}")).unwrap_or_default();
        format!("{short}--{}{value}", self.name)
    }

    fn is(&self, argument: &Arg<'_>) -> bool {
        match argument {
            Arg::Short(letter) => self.short == Some(*letter),
            Arg::Long(name) => self.name == *name,
            Arg::Value(_) => false,
        }
    }
}

const fn option(short: Option<char>, name: &'static str, value: Option<&'static str>) -> CargoOption {
    CargoOption { short, name, value }
}

/// The options that are passed on to cargo, in the order of the help.
const CARGO_OPTIONS: [CargoOption; 15] = [
    option(Some('p'), "package", Some("SPEC")),
    option(None, "bin", Some("NAME")),
    option(None, "example", Some("NAME")),
    option(Some('F'), "features", Some("LIST")),
    option(None, "all-features", None),
    option(None, "no-default-features", None),
    option(Some('r'), "release", None),
    option(None, "profile", Some("NAME")),
    option(None, "target", Some("TRIPLE")),
    option(None, "target-dir", Some("DIR")),
    option(None, "manifest-path", Some("PATH")),
    option(None, "config", Some("KEY=VALUE")),
    option(None, "locked", None),
    option(None, "offline", None),
    option(None, "frozen", None),
];

/// The text of `--help`.
pub(crate) fn help() -> String {
    let row = |options: &[CargoOption]| {
        let cells: Vec<_> = options.iter().map(|option| format!("{:<26}", option.shown())).collect();
        format!("  {}\n", cells.concat().trim_end())
    };
    let cargo_options: String = CARGO_OPTIONS.chunks(3).map(row).collect();
    format!(
        "\
Shows what an application of Rocket or tower shares with which web pages

Usage: cargo cors report [OPTIONS] [-- ARGS]
       cargo cors diff [OPTIONS] BASELINE [NEWER] [-- ARGS]
       cargo cors explain [OPTIONS] ORIGIN METHOD PATH [-- ARGS]
       cargo cors probe [OPTIONS] URL [METHOD PATH] [-- ARGS]
       cargo cors rule [NAME]

Commands:
  report   Print the policies of all routes. `cargo cors report --json > cors.json` saves them
  diff     Compare a saved report with the application, or with another saved report
  explain  Show step by step what a browser does with a request from a page, and which rule decides.
           PATH may be a whole URL, which says by which name the page calls the application
  probe    Ask a running server, for each route or for one request, and compare its answers with
           those of the application: whether a proxy or a cache in front of it changes them
  rule     Print the page of a rule that an error names, or the list of all rules

The application is built and started with `cargo run`, and gets ARGS. It writes its answer and ends
before it serves a request.

Options:
      --json           Print JSON
      --color WHEN     auto, always or never [default: auto: on a terminal, and without NO_COLOR]
      --timeout SECS   How long the application may take after it is built [default: 60]
  -h, --help           Print this help
  -V, --version        Print the version

Options of report and diff:
      --all            Also the routes without a policy, one by one (report)
      --without-lists  Leave out what is in the lists of the configuration, so that the report does
                       not depend on the environment
      --format FORMAT  text, json, github (annotations of a pull request) or markdown (a comment);
                       the last two are for diff

Options of explain:
      --header NAME    A request header that the page sets, for example `x-token` or
                       `accept: text/html`. May be repeated
      --credentials    The page sends cookies: `credentials: 'include'`
      --same-origin    The page is one of the server itself, which browsers reach at ORIGIN. So are
                       pages of the application's own origins
      --curl           Also print commands that send the same with `curl`

Options of probe:
      --origin ORIGIN  Ask as a page of this origin, instead of one that the policy names
      --writes         Send also requests that may change something. They run handlers

Options that are passed to cargo:
{cargo_options}
Release builds need the feature `cargo-cors` of `cors-runtime`:
  cargo cors report --release --features cors-runtime/cargo-cors

Exit status: 0; 1 if `diff` finds that something was opened, or `probe` that something differs;
2 if anything went wrong.
"
    )
}

pub(crate) enum Parsed {
    Help,
    Version,
    Rule(Option<String>),
    Run { command: Command, application: Application, format: Format, style: Style },
}

pub(crate) enum Command {
    Report {
        all: bool,
        lists: bool,
    },
    Diff {
        baseline: PathBuf,
        newer: Option<PathBuf>,
        lists: bool,
    },
    Explain(Box<Asked>),
    /// The URL of the server, and what it is asked.
    Probe(String, Selection),
}

impl Command {
    fn name(&self) -> &'static str {
        match self {
            Command::Report { .. } => "report",
            Command::Diff { .. } => "diff",
            Command::Explain(_) => "explain",
            Command::Probe(..) => "probe",
        }
    }
}

/// What is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
    /// Annotations of a pull request, as GitHub's runners read them.
    Github,
    /// A comment.
    Markdown,
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
    let (mut format, mut when, mut asked) = (Format::default(), When::default(), Asked::default());
    let (mut all, mut lists) = (false, true);
    // The options that are for some commands only, with the names of these.
    let mut special: Vec<(&str, &[&str])> = Vec::new();
    let mut selection = Selection::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Parsed::Help),
            Arg::Short('V') | Arg::Long("version") => return Ok(Parsed::Version),
            Arg::Long("json") => format = Format::Json,
            Arg::Long("format") => {
                format = match &*parser.value()?.string()? {
                    "text" => Format::Text,
                    "json" => Format::Json,
                    "github" => Format::Github,
                    "markdown" => Format::Markdown,
                    _ => return Err("`--format` must be text, json, github or markdown".into()),
                };
                if matches!(format, Format::Github | Format::Markdown) {
                    special.push(("--format github` and `--format markdown", &["diff"]));
                }
            }
            Arg::Long("all") => {
                all = true;
                special.push(("--all", &["report"]));
            }
            Arg::Long("without-lists") => {
                lists = false;
                special.push(("--without-lists", &["report", "diff"]));
            }
            Arg::Long("color") => {
                when = match &*parser.value()?.string()? {
                    "auto" => When::Auto,
                    "always" => When::Always,
                    "never" => When::Never,
                    _ => return Err("`--color` must be auto, always or never".into()),
                };
            }
            Arg::Long("timeout") => application.patience = Duration::from_secs(parser.value()?.parse()?),
            Arg::Long("header") => {
                asked.page.add_header(&parser.value()?.string()?)?;
                special.push(("--header", &["explain"]));
            }
            Arg::Long("credentials") => {
                asked.page.credentials = true;
                special.push(("--credentials", &["explain"]));
            }
            Arg::Long("origin") => {
                selection.origin = Some(parser.value()?.string()?);
                special.push(("--origin", &["probe"]));
            }
            Arg::Long("writes") => {
                selection.writes = true;
                special.push(("--writes", &["probe"]));
            }
            Arg::Long("same-origin") => {
                asked.page.same_origin = Some(true);
                special.push(("--same-origin", &["explain"]));
            }
            Arg::Long("curl") => {
                asked.curl = true;
                special.push(("--curl", &["explain"]));
            }
            Arg::Value(value) => operands.push(value),
            Arg::Short(_) | Arg::Long(_) => {
                let Some(option) = CARGO_OPTIONS.iter().find(|option| option.is(&argument)) else {
                    return Err(argument.unexpected());
                };
                let value = option.value.map(|_| parser.value()).transpose()?;
                application.select(option.name, value);
            }
        }
    }
    let mut operands = operands.into_iter();
    let Some(name) = operands.next() else { return Err("no command given".into()) };
    let command = match name.to_str() {
        Some("help") => return Ok(Parsed::Help),
        Some("report") => Command::Report { all, lists },
        Some("diff") => Command::Diff {
            lists,
            baseline: operands.next().ok_or("`diff` needs a saved report to compare with")?.into(),
            newer: operands.next().map(Into::into),
        },
        Some("explain") => explain(&mut operands, asked)?,
        Some("probe") => probe(&mut operands, selection)?,
        Some("rule") => {
            let rule = operands.next().map(ValueExt::string).transpose()?;
            return operands.next().map_or(Ok(Parsed::Rule(rule)), |more| Err(Arg::Value(more).unexpected()));
        }
        _ => return Err(format!("no such command: `{}`", name.to_string_lossy()).into()),
    };
    if let Some(more) = operands.next() {
        return Err(Arg::Value(more).unexpected());
    }
    match special.iter().find(|(_, commands)| !commands.contains(&command.name())) {
        Some((option, commands)) => Err(format!("`{option}` is only for `{}`", commands.join("` and `")).into()),
        None => Ok(Parsed::Run { command, application, format, style: Style::new(when) }),
    }
}

fn explain(operands: &mut impl Iterator<Item = OsString>, mut asked: Asked) -> Result<Command, lexopt::Error> {
    let mut next = |what: &str| operands.next().ok_or(format!("`explain` needs {what}"))?.string();
    asked.origin(next("the origin of the page, for example `https://app.example.com`")?)?;
    asked.page.method = next("a method")?;
    asked.path(next("a path, for example `/api/items/7`")?)?;
    Ok(Command::Explain(Box::new(asked)))
}

fn probe(operands: &mut impl Iterator<Item = OsString>, selection: Selection) -> Result<Command, lexopt::Error> {
    let url = operands.next().ok_or("`probe` needs a URL, for example `https://api.example.com`")?.string()?;
    // Nobody names it, so that every answer to it would be as expected.
    let is_origin = |origin: &&String| *origin == "null" || Origin::parse(origin.as_bytes()).is_some();
    if let Some(other) = selection.origin.as_ref().filter(|origin| !is_origin(origin)) {
        return Err(format!("{other:?} is not an origin, for example `https://app.example.com`").into());
    }
    let Some(method) = operands.next() else { return Ok(Command::Probe(url, selection)) };
    let path = operands.next().ok_or("`probe` needs a path after the method, for example `/api/items/7`")?.string()?;
    if !path.starts_with('/') {
        return Err(format!("{path:?} is not a path: paths start with `/`").into());
    }
    // What arrives for another path is not what a browser gets.
    let sent = url::path(&path);
    if sent != path {
        return Err(format!("browsers send the path `{path}` as `{sent}`: give that one").into());
    }
    Ok(Command::Probe(url, Selection { only: Some((method.string()?.to_ascii_uppercase(), path)), ..selection }))
}

#[cfg(test)]
mod tests {
    use super::{CARGO_OPTIONS, help, parse};

    #[test]
    fn the_help_shows_the_options_of_cargo_that_are_accepted() {
        let help = help();
        for option in &CARGO_OPTIONS {
            assert!(help.contains(&option.shown()), "{}", option.name);
            let value = option.value.map(|_| "=x").unwrap_or_default();
            let long = format!("--{}{value}", option.name);
            let short = option.short.map(|letter| format!("-{letter}{value}"));
            for argument in short.into_iter().chain([long]) {
                assert!(parse(vec!["report".into(), argument.clone().into()]).is_ok(), "{argument}");
            }
        }
    }

    #[test]
    fn the_help_fits_into_a_hundred_columns() {
        assert!(help().lines().all(|line| line.chars().count() <= 100));
    }
}
