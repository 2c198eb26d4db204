//! Presses keys in a page, and asks it for values: by the protocol that each engine brings along.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::engines::{Browser, Engine, Installed};
use crate::stage::PATIENCE;

/// A page in a browser that takes orders.
pub struct Driven {
    line: Line,
    browser: Browser,
}

/// How orders get to a browser.
enum Line {
    /// Chromium's own protocol: messages that end with a zero byte.
    Pipe { to: File, from: BufReader<File>, session: Option<String> },
    /// Firefox's own line for `WebDriver`: messages with their length.
    Marionette(TcpStream),
    /// `WebDriver`, spoken by a program that starts `WebKit`.
    Http { port: u16, session: String },
}

#[derive(Clone, Copy, Debug)]
pub enum Key {
    Tab,
    Enter,
    Space,
}

impl Key {
    /// As `WebDriver` writes it ([keyboard actions](https://www.w3.org/TR/webdriver2/#keyboard-actions)).
    fn code_point(self) -> &'static str {
        match self {
            Key::Tab => "\u{e004}",
            Key::Enter => "\u{e007}",
            Key::Space => " ",
        }
    }
}

impl Driven {
    /// Opens a page with a profile that nobody has used before.
    pub fn open(installed: &Installed, url: &str) -> Self {
        let mut driven = match installed.engine {
            Engine::Chromium => Self::chromium(installed),
            Engine::Firefox => Self::firefox(installed),
            Engine::WebKit => Self::webkit(installed),
        };
        match &mut driven.line {
            Line::Pipe { .. } => driven.order("Page.navigate", &json!({ "url": url })),
            Line::Marionette(_) => driven.order("WebDriver:Navigate", &json!({ "url": url })),
            Line::Http { .. } => driven.order("url", &json!({ "url": url })),
        };
        driven
    }

    /// The value of an expression in the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let script = json!({ "script": format!("return {expression}"), "args": [] });
        match self.line {
            Line::Pipe { .. } => {
                let asked = json!({ "expression": expression, "returnByValue": true });
                self.order("Runtime.evaluate", &asked)["result"]["value"].take()
            }
            Line::Marionette(_) => self.order("WebDriver:ExecuteScript", &script)["value"].take(),
            Line::Http { .. } => self.order("execute/sync", &script),
        }
    }

    /// Waits until an expression in the page is true.
    pub fn wait_for(&mut self, expression: &str) {
        let end = Instant::now() + PATIENCE;
        while self.value(expression) != true {
            assert!(!self.browser.is_gone(), "the browser ended while `{expression}` was waited for");
            assert!(Instant::now() < end, "`{expression}` is not true after {PATIENCE:?}");
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Presses a key, and lets it go.
    pub fn press(&mut self, key: Key) {
        if let Line::Pipe { .. } = self.line {
            let (name, number, text) = match key {
                Key::Tab => ("Tab", 9, ""),
                Key::Enter => ("Enter", 13, "\r"),
                Key::Space => (" ", 32, " "),
            };
            let down = json!({ "type": "keyDown", "key": name, "windowsVirtualKeyCode": number, "text": text });
            self.order("Input.dispatchKeyEvent", &down);
            let up = json!({ "type": "keyUp", "key": name, "windowsVirtualKeyCode": number });
            self.order("Input.dispatchKeyEvent", &up);
            return;
        }
        let action = |kind| json!({ "type": kind, "value": key.code_point() });
        let pressed = json!({ "type": "key", "id": "keyboard", "actions": [action("keyDown"), action("keyUp")] });
        let name = if let Line::Http { .. } = self.line { "actions" } else { "WebDriver:PerformActions" };
        self.order(name, &json!({ "actions": [pressed] }));
    }

    /// Gives an order, and returns its result.
    fn order(&mut self, name: &str, parameters: &Value) -> Value {
        match &mut self.line {
            Line::Pipe { to, from, session } => {
                let mut message = json!({ "id": 1, "method": name, "params": parameters });
                if let Some(session) = session {
                    message["sessionId"] = json!(session);
                }
                write!(to, "{message}\0").expect("Chromium takes orders");
                loop {
                    let mut read = Vec::new();
                    from.read_until(0, &mut read).expect("Chromium answers");
                    let mut answer: Value =
                        serde_json::from_slice(read.strip_suffix(&[0]).unwrap_or(&read)).expect(name);
                    // Others are events.
                    if answer["id"] == 1 {
                        assert!(answer["error"].is_null(), "{name}: {answer}");
                        return answer["result"].take();
                    }
                }
            }
            Line::Marionette(stream) => {
                let message = json!([0, 1, name, parameters]).to_string();
                write!(stream, "{}:{message}", message.len()).expect("Firefox takes orders");
                let mut answer = marionette(stream);
                assert!(answer[2].is_null(), "{name}: {answer}");
                answer[3].take()
            }
            Line::Http { port, session } => http(*port, &format!("/session/{session}/{name}"), parameters),
        }
    }

    /// Chromium reads orders at its descriptor 3, and answers at 4.
    fn chromium(installed: &Installed) -> Self {
        let mut prepared = installed.prepare(None);
        let [to, from] = ["orders", "answers"].map(|name| prepared.home().join(name));
        let made = Command::new("mkfifo").args([&to, &from]).status();
        assert!(made.is_ok_and(|status| status.success()), "no pipes");
        let words = prepared.replace("sh");
        prepared.command.args(["-c", "orders=$1 answers=$2; shift 2; exec \"$@\" 3<\"$orders\" 4>\"$answers\"", "sh"]);
        prepared.command.args([&to, &from]).args(words).args(["--remote-debugging-pipe", "about:blank"]);
        let browser = prepared.start();
        // In the order in which the shell opens them: each waits for the other end.
        let to = File::options().write(true).open(to).expect("the pipe of the orders");
        let from = BufReader::new(File::open(from).expect("the pipe of the answers"));
        let mut driven = Driven { line: Line::Pipe { to, from, session: None }, browser };
        let page = until("Chromium has a page", || {
            let found = driven.order("Target.getTargets", &json!({}));
            let page = found["targetInfos"].as_array()?.iter().find(|target| target["type"] == "page")?;
            Some(page["targetId"].clone())
        });
        let attached = driven.order("Target.attachToTarget", &json!({ "targetId": page, "flatten": true }));
        if let Line::Pipe { session, .. } = &mut driven.line {
            *session = attached["sessionId"].as_str().map(str::to_owned);
        }
        driven
    }

    /// Firefox chooses a port, and writes it into its profile.
    fn firefox(installed: &Installed) -> Self {
        let mut prepared = installed.prepare(None);
        let mut preferences = File::options().append(true).open(prepared.home().join("user.js")).expect("the profile");
        writeln!(preferences, "user_pref(\"marionette.port\", 0);").expect("a writable profile");
        let port = prepared.home().join("MarionetteActivePort");
        prepared.command.arg("--marionette");
        let browser = prepared.start();
        let mut stream = until("Firefox listens", || connect(read_port(&port)?));
        marionette(&mut stream);
        let mut driven = Driven { line: Line::Marionette(stream), browser };
        driven.order("WebDriver:NewSession", &json!({}));
        driven
    }

    /// A program beside `WebKit` takes orders, and starts the browser.
    fn webkit(installed: &Installed) -> Self {
        let mut prepared = installed.prepare(None);
        let words = prepared.replace("WebKitWebDriver");
        let port =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port").local_addr().expect("a port").port();
        prepared.command.arg(format!("--port={port}"));
        let browser = prepared.start();
        until("WebKitWebDriver listens", || connect(port));
        let program = words[0].to_str().expect("a path that is text");
        let options = json!({ "binary": program, "args": ["--automation"] });
        let asked = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let session = http(port, "/session", &asked)["sessionId"].as_str().expect("a session").to_owned();
        Driven { line: Line::Http { port, session }, browser }
    }
}

/// Tries until there is something.
fn until<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = attempt() {
            return found;
        }
        assert!(Instant::now() < end, "not after {PATIENCE:?}: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

fn read_port(file: &Path) -> Option<u16> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}

fn connect(port: u16) -> Option<TcpStream> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    Some(stream)
}

/// One message of Firefox: its length, a colon, and JSON.
fn marionette(stream: &mut TcpStream) -> Value {
    let mut byte = [0];
    let mut length = 0;
    loop {
        stream.read_exact(&mut byte).expect("Firefox answers");
        match byte[0] {
            b':' => break,
            digit => length = 10 * length + usize::from(digit - b'0'),
        }
    }
    let mut text = vec![0; length];
    stream.read_exact(&mut text).expect("Firefox answers");
    serde_json::from_slice(&text).expect("JSON")
}

fn http(port: u16, path: &str, parameters: &Value) -> Value {
    let mut stream = connect(port).expect("WebKitWebDriver listens");
    let body = parameters.to_string();
    let length = body.len();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .expect("WebKitWebDriver takes orders");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("WebKitWebDriver answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    serde_json::from_str::<Value>(body).expect("JSON")["value"].take()
}
