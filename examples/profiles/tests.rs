//! Starts the example as a user does, and looks at what it does and logs.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

const APP: &str = "https://app.example.com";
const LOCAL: &str = "http://localhost:3000";
const PARTNER: &str = "https://partner.example.org";
const SHOP: &str = "https://a.shops.example.net";

/// The example, running until it is dropped.
struct Application {
    process: Child,
    log: Receiver<String>,
    address: String,
}

impl Application {
    /// Starts it in this environment. `Err` has the log of a launch that is refused.
    fn start(environment: &[(&str, &str)]) -> Result<Self, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_profiles"));
        command.env_clear().env("ROCKET_PORT", "0").env("ROCKET_LOG_LEVEL", "normal").env("ROCKET_CLI_COLORS", "false");
        command.envs(environment.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("starts");
        let output = process.stdout.take().expect("is read");
        let (sender, log) = mpsc::channel();
        // Reads on until the end, so that the application never waits for a reader.
        thread::spawn(move || BufReader::new(output).lines().map_while(Result::ok).try_for_each(|l| sender.send(l)));
        let mut application = Application { process, log, address: String::new() };
        let launched = "Rocket has launched from http://";
        let lines = application.read_until(launched)?;
        let (_, address) = lines.trim_end().rsplit_once(launched).expect("was found");
        application.address.push_str(address);
        Ok(application)
    }

    /// The log up to the next line with this text. `Err` if it ends before.
    fn read_until(&self, text: &str) -> Result<String, String> {
        let mut lines = String::new();
        while let Ok(line) = self.log.recv_timeout(Duration::from_secs(30)) {
            lines.push_str(&line);
            lines.push('\n');
            if line.contains(text) {
                return Ok(lines);
            }
        }
        Err(lines)
    }

    /// Sends SIGHUP, and returns the log up to the line with this text.
    fn hang_up(&self, text: &str) -> String {
        let kill = Command::new("kill").args(["-HUP", &self.process.id().to_string()]).status();
        assert!(kill.expect("there is a `kill`").success());
        self.read_until(text).expect("it says so")
    }

    /// Whether a page of this origin can read what is at this path.
    fn shares(&self, path: &str, origin: &str) -> bool {
        let mut stream = TcpStream::connect(&self.address).expect("listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n")
            .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        answer.contains(&format!("access-control-allow-origin: {origin}\r\n"))
    }
}

impl Drop for Application {
    fn drop(&mut self) {
        // If it has already ended, both fail, which is fine.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A configuration file that only one test has.
fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn each_profile_has_its_own_list() {
    for (profile, partners) in
        [("debug", [true, false, false]), ("release", [false, true, true]), ("another", [false, false, false])]
    {
        let application = Application::start(&[("ROCKET_PROFILE", profile)]).expect("launches");
        let found = [LOCAL, PARTNER, SHOP].map(|origin| application.shares("/orders", origin));
        assert_eq!(found, partners, "{profile}");
        assert!(application.shares("/orders", APP), "{profile}");
        assert!(application.shares("/status", "https://status.example.com"), "{profile}");
    }
}

#[test]
fn the_environment_goes_before_the_file() {
    let lists = ("ROCKET_CORS", r#"{partners=["https://partner.example.org"]}"#);
    let application = Application::start(&[lists]).expect("launches");
    assert!(application.shares("/orders", PARTNER) && !application.shares("/orders", LOCAL));
    assert!(application.shares("/status", "https://status.example.com"), "the other list is still the file's");
}

#[test]
fn a_list_that_breaks_a_rule_refuses_the_launch() {
    let lists = ("ROCKET_CORS", r#"{partners=["https://partner.example.org/"]}"#);
    let log = Application::start(&[lists]).map(drop).expect_err("refused");
    for words in ["`https://partner.example.org/` is a URL, not an origin", "trailing-slash", "GET /orders (orders)"] {
        assert!(log.contains(words), "{words} is not in\n{log}");
    }
}

#[test]
fn sighup_replaces_the_lists_as_a_whole() {
    let path = file("sighup.toml");
    let write = |partners: &str, monitors: &str| {
        let lists = format!("[global.cors]\npartners = {partners}\nmonitors = {monitors}\n");
        fs::write(&path, lists).expect("is written");
    };
    let partner = r#"["https://partner.example.org"]"#;
    write("[]", "[]");
    let application = Application::start(&[("ROCKET_CONFIG", path.to_str().expect("UTF-8"))]).expect("launches");
    assert!(!application.shares("/orders", PARTNER));

    write(partner, "[]");
    application.hang_up("have been reloaded");
    assert!(application.shares("/orders", PARTNER) && !application.shares("/status", PARTNER));

    // One list is valid and the other is not.
    write(r#"["http://partner.example.org"]"#, partner);
    application.hang_up("stay as they were");
    let log = application.read_until("insecure-origin-with-credentials").expect("names the rule");
    assert!(log.contains("sighup.toml"), "{log}");
    assert!(application.shares("/orders", PARTNER) && !application.shares("/status", PARTNER));

    fs::write(&path, "[global.cors").expect("is written");
    application.hang_up("stay as they were");
    assert!(application.shares("/orders", PARTNER));

    write("[]", partner);
    application.hang_up("have been reloaded");
    assert!(!application.shares("/orders", PARTNER) && application.shares("/status", PARTNER));
}
