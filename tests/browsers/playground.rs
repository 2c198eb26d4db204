//! The playground, on Rocket and on axum: each of its verdicts has to be as expected, on both of its origins, and its page
//! obeys the keyboard.

use std::env;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use rocket::serde::Deserialize;
use rocket::serde::json::from_str;

use crate::driver::{Driven, Key};
use crate::engines::{Group, Installed};
use crate::stage::{PATIENCE, wait_for};

/// The port of the page that the policies of the playground name.
const PORT: u16 = 8001;

/// A program that starts the API and both pages. The page is the same.
pub struct Playground {
    package: &'static str,
    program: &'static str,
    /// What the opened row of `GET /users/7` shows of the framework: the route as the library knows it, and as it is written.
    route: [&'static str; 2],
    built: OnceLock<PathBuf>,
}

/// `cargo run -p examples`.
pub static ON_ROCKET: Playground = Playground {
    package: "examples",
    program: "playground",
    route: ["decided by GET /users/<id> (user)", "#[get(\"/users/<id>\")]"],
    built: OnceLock::new(),
};

/// `cargo run -p axum-playground`. A layer knows no routes, so the playground shows what axum matched.
pub static ON_AXUM: Playground = Playground {
    package: "axum-playground",
    program: "axum-playground",
    route: ["decided by /users/{id}", ".route_service(\"/users/{id}\", OneUser.layer()"],
    built: OnceLock::new(),
};

/// What the page reports at `/report`.
#[derive(Debug, Deserialize)]
#[serde(crate = "rocket::serde")]
struct Report {
    rows: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(crate = "rocket::serde")]
struct Row {
    name: String,
    expected: String,
    observed: String,
    kind: String,
    reason: String,
}

/// Opens both pages, one after the other, and returns how many calls were as the policies say.
///
/// # Panics
/// One was not.
pub fn visit(playground: &Playground, engine: &Installed) -> usize {
    let mut command = Command::new(playground.built.get_or_init(|| build(playground)));
    wait_for(PORT);
    command
        .env_remove("ROCKET_LOG_LEVEL")
        .env_remove("RUST_LOG")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut process = Group::spawn(&mut command);
    let output = process.0.stdout.take().expect("piped");
    let mut addresses = Vec::new();
    let mut said = String::new();
    // Kept to the end: a program whose words nobody takes panics over them.
    let mut lines = BufReader::new(output).lines();
    for line in lines.by_ref().map_while(Result::ok) {
        // The two pages, and then the API in a sentence.
        let word = line.split_whitespace().next().unwrap_or_default();
        addresses.extend(word.strip_prefix("http://localhost:").and_then(|port| port.parse::<u16>().ok()));
        said += &line;
        if addresses.len() == 2 {
            break;
        }
    }
    assert_eq!(addresses.len(), 2, "the playground did not start; is port {PORT} taken? {said}");
    let calls = addresses.into_iter().map(|port| visit_page(playground, engine, port)).sum();
    drop(lines);
    calls
}

fn visit_page(playground: &Playground, engine: &Installed, port: u16) -> usize {
    let mut page = Driven::open(engine, &format!("http://localhost:{port}/"));
    page.wait_for("document.body !== null && ['done', 'error'].includes(document.body.dataset.state)");
    let end = Instant::now() + PATIENCE;
    let report = loop {
        if let Some(report) = get(port, "/report") {
            break report;
        }
        assert!(Instant::now() < end, "no report after {PATIENCE:?}");
        thread::sleep(Duration::from_millis(100));
    };
    let Report { rows } = from_str(&report).expect("a report");
    let differing: Vec<_> = rows.iter().filter(|row| row.expected != row.observed).collect();
    let differing: Vec<_> =
        differing.iter().map(|row| format!("{}: {}, not {}", row.name, row.observed, row.expected)).collect();
    assert!(differing.is_empty(), "on port {port}:\n{}", differing.join("\n"));
    assert!(!rows.is_empty(), "the page makes calls");
    for Row { name, kind, reason, .. } in &rows {
        assert_eq!(reason.is_empty(), kind == "allowed", "on port {port}, {name}: {kind} because of {reason:?}");
    }
    send_a_request(&mut page, port);
    open_a_row(playground, &mut page);
    rows.len()
}

/// Goes to a row with the tabulator key, opens it with Enter, closes it with the space bar, and takes its call into the
/// box.
fn open_a_row(playground: &Playground, page: &mut Driven) {
    const OPENED: &str = "document.getElementById('a-plain-get-opened')";
    page.value("document.activeElement.blur()");
    tab_until(page, "document.activeElement.closest('tr')?.id === 'a-plain-get'");
    assert_eq!(page.value(&format!("{OPENED}.checkVisibility()")), false);
    page.press(Key::Enter);
    assert_eq!(page.value("document.activeElement.ariaExpanded"), "true");
    let shown = page.value(&format!("{OPENED}.checkVisibility() && {OPENED}.innerText"));
    let shown = shown.as_str().expect("the row opens");
    for line in ["> GET /users/7\n", "< 200 OK\n"].iter().chain(&playground.route) {
        assert!(shown.contains(line), "no {line:?} in {shown}");
    }
    page.press(Key::Space);
    assert_eq!(page.value(&format!("{OPENED}.checkVisibility()")), false);
    page.press(Key::Space);
    tab_until(page, "document.activeElement.textContent === 'Change it, and send it'");
    page.press(Key::Enter);
    let typed =
        page.value("['method', 'path', 'headers'].map((name) => document.activeElement.form[name].value).join()");
    assert_eq!(typed, "GET,/users/7,");
}

fn tab_until(page: &mut Driven, expression: &str) {
    for _ in 0..30 {
        if page.value(expression) == true {
            return;
        }
        page.press(Key::Tab);
    }
    panic!("30 times Tab, and not {expression}");
}

/// Sends the request that is in the box at first: a DELETE with a header.
fn send_a_request(page: &mut Driven, port: u16) {
    page.value("document.querySelector('[name=path]').focus()");
    page.press(Key::Enter);
    page.wait_for("document.getElementById('outcome').childElementCount > 0");
    let shown = page.value("document.getElementById('box').innerText");
    let shown = shown.as_str().expect("text");
    let lines = if port == PORT {
        ["Shared the page reads the answer (200)", "The page gets: item 7 is gone", "> DELETE /items/7\n", "✓"]
    } else {
        [
            "Stopped at preflight",
            "Why: the policy does not allow the origin",
            "> OPTIONS /items/7\n",
            "✗ the answer has no",
        ]
    };
    for line in lines {
        assert!(shown.contains(line), "on port {port}, no {line:?} in {shown}");
    }
}

/// The body of a 200.
fn get(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost:{port}\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.contains(" 200 ").then(|| body.to_owned())
}

/// Builds the program, which `cargo test` does not: this package does not depend on that one.
fn build(playground: &Playground) -> PathBuf {
    let Playground { package, program, .. } = playground;
    // This very program is in `target/<profile>/deps`.
    let own = env::current_exe().expect("has a path");
    let profile = own.ancestors().nth(2).expect("is below the target folder");
    let target = profile.parent().expect("is below the target folder");
    let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    command.args(["build", "--quiet", "--package", package, "--bin", program, "--target-dir"]).arg(target);
    if profile.ends_with("release") {
        command.arg("--release");
    }
    let status = command.current_dir(env!("CARGO_MANIFEST_DIR")).status();
    assert!(status.is_ok_and(|status| status.success()), "the playground is not built");
    profile.join(format!("{program}{}", env::consts::EXE_SUFFIX))
}
