//! The command itself, on the playground application: what it prints, and its exit status.
//!
//! What it prints is compared with the files in `playground/`. With `UPDATE=1` in the environment they are written again.

mod missing;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use cors_runtime::Report;

fn cors(arguments: &[&str]) -> Output {
    command(arguments).output().expect("cargo-cors starts")
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-cors-tested"));
    // As cargo starts it.
    command.arg("cors").args(arguments).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    // Other tests may be building, and cargo waits for them.
    if matches!(arguments.first(), Some(&("report" | "diff" | "explain")))
        && !arguments.iter().any(|argument| argument.starts_with("--timeout"))
    {
        command.arg("--timeout=300");
    }
    command.env_remove("NO_COLOR");
    command
}

fn of_playground(arguments: &[&str]) -> Output {
    cors(&[arguments, &["--package", "examples", "--bin=playground"]].concat())
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

#[track_caller]
fn has_status(output: &Output, status: i32) {
    assert_eq!(output.status.code(), Some(status), "{}", String::from_utf8_lossy(&output.stderr));
}

fn snapshot(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/command/playground")).join(name)
}

/// The text without line numbers, because lines move even if no policy changes.
fn without_lines(text: &str) -> String {
    let mut parts = text.split(".rs:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + ".rs" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// The lines that differ from the file.
fn differences(name: &str, found: &str) -> String {
    let path = snapshot(name);
    if env::var_os("UPDATE").is_some_and(|value| value == OsStr::new("1")) {
        fs::write(&path, found).expect("the snapshot is written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let only = |sign: &str, these: &str, those: &str| {
        let missing = these.lines().filter(|line| !those.lines().any(|other| other == *line));
        missing.fold(String::new(), |text, line| text + sign + " " + line + "\n")
    };
    if expected == found {
        return String::new();
    }
    format!(
        "{name} is different (UPDATE=1 writes it again):\n{}{}",
        only("-", &expected, found),
        only("+", found, &expected)
    )
}

#[test]
fn the_report() {
    let output = of_playground(&["report"]);
    has_status(&output, 0);
    let differences = differences("report.txt", &without_lines(&stdout(&output)));
    assert!(differences.is_empty(), "{differences}");
}

#[test]
fn the_report_as_json_and_what_was_opened() {
    let output = of_playground(&["report", "--json"]);
    has_status(&output, 0);
    let found = without_lines(&stdout(&output));
    let now: Report = serde_json::from_str(&found).expect("a report");
    let before = fs::read_to_string(snapshot("report.json")).unwrap_or_default();
    let changed = serde_json::from_str::<Report>(&before).map(|before| before.diff(&now).to_string());
    let differences = differences("report.json", &found);
    assert!(differences.is_empty(), "{}{differences}", changed.unwrap_or_default());
}

/// A report in a file that is removed at the end.
struct Saved(PathBuf);

impl Saved {
    fn new(name: &str, text: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&path, text).expect("a file");
        Saved(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a path that is text")
    }
}

impl Drop for Saved {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn saved_report() -> String {
    fs::read_to_string(snapshot("report.json")).expect("the snapshot")
}

#[test]
fn nothing_was_opened() {
    let path = snapshot("report.json");
    let output = of_playground(&["diff", path.to_str().expect("text")]);
    has_status(&output, 0);
    assert_eq!(stdout(&output), "nothing was opened, and nothing was closed\n");
}

#[test]
fn something_was_opened() {
    // Before, there were no credentials at /messages.
    let before = saved_report().replacen("\"credentials\": true", "\"credentials\": false", 1);
    let before = Saved::new("before.json", &before);
    let output = of_playground(&["diff", before.path()]);
    has_status(&output, 1);
    let line = stdout(&output);
    assert!(line.starts_with("+ opened: POST /messages [") && line.ends_with("]: credentials\n"), "{line}");

    let now = snapshot("report.json");
    let closed = cors(&["diff", now.to_str().expect("text"), before.path()]);
    has_status(&closed, 0);
    assert!(stdout(&closed).starts_with("- closed: POST /messages ["), "{}", stdout(&closed));
    let json = cors(&["diff", "--json", before.path(), now.to_str().expect("text")]);
    has_status(&json, 1);
    let json: serde_json::Value = serde_json::from_str(&stdout(&json)).expect("JSON");
    assert_eq!(json["opened"][0]["what"], "credentials");
}

/// For the review of a pull request: at the line of the handler, or as a comment.
#[test]
fn a_difference_in_review() {
    let before = saved_report().replacen("\"credentials\": true", "\"credentials\": false", 1);
    let before = Saved::new("review.json", &before);
    let now = snapshot("report.json");
    let diff = |format: &str, from: &str, to: &str| {
        let output = cors(&["diff", "--format", format, from, to]);
        (output.status.code(), stdout(&output))
    };
    let now = now.to_str().expect("text");
    let (status, opened) = diff("github", before.path(), now);
    assert_eq!(status, Some(1));
    assert!(opened.starts_with("::error file=examples/playground/api.rs,title="), "{opened}");
    assert!(
        opened.ends_with("]: credentials\n") && opened.contains(",title=CORS%3A opened::POST /messages"),
        "{opened}"
    );
    let (status, closed) = diff("github", now, before.path());
    assert_eq!(status, Some(0));
    assert!(closed.starts_with("::notice file=examples/playground/api.rs,title="), "{closed}");
    assert_eq!(diff("github", now, now), (Some(0), String::new()));
    let (status, comment) = diff("markdown", before.path(), now);
    assert_eq!(status, Some(1));
    assert!(comment.starts_with("**CORS**: 1 opened, 0 closed\n\n| opened | what | where |"), "{comment}");
    assert!(comment.contains("| `credentials` | `examples/playground/api.rs` |"), "{comment}");
    has_status(&cors(&["report", "--format=github"]), 2);
}

#[test]
fn all_routes_and_what_does_not_depend_on_the_environment() {
    let all = of_playground(&["report", "--all"]);
    has_status(&all, 0);
    let lines = stdout(&all);
    assert!(lines.contains("no policy, open to writes of all pages  ("), "{lines}");
    let json = of_playground(&["report", "--json", "--without-lists"]);
    has_status(&json, 0);
    let report: Report = serde_json::from_str(&stdout(&json)).expect("a report");
    assert_eq!((report.lists, report.unshared.len()), (None, 4));
}

/// Without an application, and without a network.
#[test]
fn the_page_of_a_rule() {
    let output = cors(&["rule", "trailing_slash"]);
    has_status(&output, 0);
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/lints/trailing-slash.md"));
    assert_eq!(stdout(&output), page.expect("the page"));
    let list = cors(&["rule"]);
    assert!(stdout(&list).lines().any(|line| line.starts_with("trailing-slash ") && line.contains("error")));
    let unknown = cors(&["rule", "trailing-slas"]);
    has_status(&unknown, 2);
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("did you mean `trailing-slash`?"));
}

#[test]
fn a_file_that_is_not_a_report_is_a_failure() {
    let now = snapshot("report.json");
    for (name, text) in [
        ("empty.json", ""),
        ("other.json", "{\"version\":2,\"shared\":[],\"more\":1}"),
        ("older.json", "{\"version\":1,\"shared\":[]}"),
        ("newer.json", "{\"version\":3,\"shared\":[]}"),
    ] {
        let saved = Saved::new(name, text);
        let output = cors(&["diff", saved.path(), now.to_str().expect("text")]);
        has_status(&output, 2);
        let is_another_version = String::from_utf8_lossy(&output.stderr).contains("unsupported report version");
        assert_eq!(is_another_version, ["older.json", "newer.json"].contains(&name), "{name}");
    }
    has_status(&cors(&["diff", "tests/no-such-file.json"]), 2);
}

#[test]
fn explanations() {
    for (name, arguments) in [
        ("stranger.txt", &["http://localhost:8002", "DELETE", "/items/7", "--header=x-reason"][..]),
        ("granted.txt", &["http://localhost:8001", "DELETE", "/items/7", "--header=x-reason"]),
        ("header.txt", &["http://localhost:8001", "DELETE", "/items/7", "--header=x-token"]),
        ("credentials.txt", &["http://localhost:8001", "GET", "/users", "--credentials"]),
        ("form.txt", &["http://localhost:8002", "POST", "/messages"]),
        ("unshared.txt", &["http://localhost:8001", "DELETE", "/items/special"]),
        ("format.txt", &["http://localhost:8001", "POST", "/users", "--header=content-type: text/plain"]),
        ("own.txt", &["http://localhost:8000", "POST", "/messages", "--same-origin"]),
        (
            "pasted.txt",
            &[
                "http://localhost:8001/app",
                "DELETE",
                "http://LOCALHOST:8000/files/%2E./items/7#x",
                "--header=x-reason: it's",
                "--curl",
            ],
        ),
    ] {
        let output = of_playground(&[&["explain"], arguments].concat());
        has_status(&output, 0);
        let differences = differences(name, &without_lines(&stdout(&output)));
        assert!(differences.is_empty(), "{differences}");
    }
}

/// An own origin is asked about as a page of the server, unless it calls another origin; and `none` is called by its name.
#[test]
fn explanations_of_an_application_with_own_origins() {
    for (name, arguments) in [
        ("named-own.txt", &["https://bikes.example.com", "DELETE", "/api/profile"][..]),
        ("nobody.txt", &["https://evil.example.net", "GET", "/api/sessions"]),
        ("other-name.txt", &["https://shop.example.com", "DELETE", "https://other.example.net/api/profile"]),
    ] {
        let arguments = [&["explain"], arguments, &["--package=examples", "--bin=modules"]].concat();
        let output = command(&arguments)
            .env("ROCKET_CORS", "{own_origins=[\"https://bikes.example.com\"]}")
            .output()
            .expect("cargo-cors starts");
        has_status(&output, 0);
        let differences = differences(name, &without_lines(&stdout(&output)));
        assert!(differences.is_empty(), "{differences}");
    }
}

#[test]
fn an_explanation_as_json() {
    let output = of_playground(&["explain", "http://localhost:8001", "put", "/theme", "--json"]);
    has_status(&output, 0);
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert_eq!((&json["verdict"], &json["preflight"]["answer"]["status"]), (&"shared".into(), &204.into()));
}

#[test]
fn colours_are_for_terminals() {
    let now = snapshot("report.json");
    let before =
        Saved::new("colours.json", &saved_report().replacen("\"credentials\": true", "\"credentials\": false", 1));
    let diff = |more: &[&str]| {
        let output = cors(&[&["diff", before.path(), now.to_str().expect("text")], more].concat());
        stdout(&output).contains('\x1b')
    };
    assert_eq!((diff(&[]), diff(&["--color=never"]), diff(&["--color", "always"])), (false, false, true));
}

#[test]
fn help_and_mistakes() {
    for arguments in [&["--help"][..], &["-h"], &["help"], &["report", "--help"]] {
        let output = cors(arguments);
        has_status(&output, 0);
        assert!(stdout(&output).contains("Usage: cargo cors report"));
    }
    has_status(&cors(&["--version"]), 0);
    for arguments in [
        &[][..],
        &["no-such-command"],
        &["report", "more"],
        &["report", "--no-such-option"],
        &["report", "--credentials"],
        &["report", "--color=sometimes"],
        &["report", "--timeout=soon"],
        &["diff"],
        &["explain", "https://app.example.com", "GET"],
        &["explain", "https://app.example.com", "TRACE", "/"],
        &["explain", "https://app.example.com", "GET", "items"],
        &["explain", "https://app.example.com", "GET", "/", "--header", "x token"],
        &["explain", "https://app.example.com", "GET", "/", "--header", "x-a: b\nc"],
        &["explain", "https://app.example.com", "GET", "https://other.example.com/", "--same-origin"],
        &["report", "--same-origin"],
    ] {
        let output = cors(arguments);
        has_status(&output, 2);
        assert!(output.stderr.starts_with(b"error: "), "{arguments:?}");
    }
}

/// The application is not asked, since its answer means nothing there.
#[test]
fn what_no_browser_sends_is_a_failure() {
    let app = "https://app.example.com";
    for (arguments, why) in [
        (&["explain", app, "GET", "http://api.example.com/"][..], "mixed content"),
        (&["explain", app, "GET", "https://api.example.com:6000/"], "block the port 6000"),
        (&["explain", app, "GET", "https://u:p@api.example.com/"], "a user name or a password"),
        (&["explain", app, "GET", "//api.example.com/"], "the URL of another server"),
        (&["explain", "http://localhost:6000", "GET", "/"], "no browser loads a page from"),
        (&["probe", "http://localhost:6000"], "block the port 6000"),
        (&["probe", "http://localhost:8000", "GET", "/files/../items"], "as `/items`: give that one"),
        (&["probe", "http://localhost:8000", "--origin=https://app.example.com/"], "is not an origin"),
    ] {
        let output = cors(arguments);
        has_status(&output, 2);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(text.contains(why), "{arguments:?}: {text}");
    }
}

#[test]
fn an_application_that_takes_too_long_is_stopped() {
    let output = of_playground(&["report", "--timeout=0"]);
    has_status(&output, 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("and was stopped"));
}

#[test]
fn an_application_that_does_not_build_is_a_failure() {
    has_status(&cors(&["report", "--package=examples", "--bin=no-such-program"]), 2);
}

#[test]
fn a_refused_launch_says_why() {
    let mut command = command(&["report", "--package=examples", "--bin=profiles"]);
    let output = command.env("ROCKET_CORS", "{partners=[\"https://x.example/\"]}").output().expect("cargo-cors starts");
    has_status(&output, 2);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("remove the trailing slash") && text.contains("its launch was refused"), "{text}");
}

#[test]
fn a_program_that_launches_no_rocket_is_told_what_is_expected() {
    let output = cors(&["report", "--package=cargo-cors", "--bin=cargo-cors", "--", "--help"]);
    has_status(&output, 2);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("launched no Rocket") && text.contains("`#[launch]`"), "{text}");
}

#[test]
fn a_check_is_left_open() {
    let output = cors(&["explain", "https://a.example", "GET", "/cart", "--package=tenants", "--json"]);
    has_status(&output, 0);
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert_eq!(json["verdict"], "undecided");
}
