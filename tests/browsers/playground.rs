//! The playground of `cargo run -p examples`: its page has to be all green, on both of its origins.

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

use crate::engines::{Group, Installed};
use crate::stage::{PATIENCE, wait_for};

/// The port of the page that the policies of the playground name.
const PORT: u16 = 8001;

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
}

/// Opens both pages, one after the other, and returns how many calls were as the policies say.
///
/// # Panics
/// One was not.
pub fn visit(engine: &Installed) -> usize {
    let mut command = Command::new(program());
    wait_for(PORT);
    command.env_remove("ROCKET_LOG_LEVEL").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut playground = Group::spawn(&mut command);
    let output = playground.0.stdout.take().expect("piped");
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
    let calls = addresses.into_iter().map(|port| visit_page(engine, port)).sum();
    drop(lines);
    calls
}

fn visit_page(engine: &Installed, port: u16) -> usize {
    let mut browser = engine.open(&format!("http://localhost:{port}/"));
    let end = Instant::now() + PATIENCE;
    let report = loop {
        thread::sleep(Duration::from_millis(100));
        if let Some(report) = get(port, "/report") {
            break report;
        }
        assert!(!browser.is_gone(), "the browser ended before the page had reported");
        assert!(Instant::now() < end, "no report after {PATIENCE:?}");
    };
    let Report { rows } = from_str(&report).expect("a report");
    let differing: Vec<_> = rows.iter().filter(|row| row.expected != row.observed).collect();
    let differing: Vec<_> =
        differing.iter().map(|row| format!("{}: {}, not {}", row.name, row.observed, row.expected)).collect();
    assert!(differing.is_empty(), "on port {port}:\n{}", differing.join("\n"));
    assert!(!rows.is_empty(), "the page makes calls");
    rows.len()
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

/// The program, which `cargo test` does not build: this package does not depend on that one.
fn program() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(build).clone()
}

fn build() -> PathBuf {
    // This very program is in `target/<profile>/deps`.
    let own = env::current_exe().expect("has a path");
    let profile = own.ancestors().nth(2).expect("is below the target folder");
    let target = profile.parent().expect("is below the target folder");
    let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    command.args(["build", "--quiet", "--package", "examples", "--bin", "playground", "--target-dir"]).arg(target);
    if profile.ends_with("release") {
        command.arg("--release");
    }
    let status = command.current_dir(env!("CARGO_MANIFEST_DIR")).status();
    assert!(status.is_ok_and(|status| status.success()), "the playground is not built");
    profile.join(format!("playground{}", env::consts::EXE_SUFFIX))
}
