//! rust-analyzer, spoken to over its protocol: <https://microsoft.github.io/language-server-protocol/>.

use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use std::{env, fs, thread};

use serde_json::{Value, json};

/// How long an answer may take. The first comes when all proc macros have been built and loaded.
const PATIENCE: Duration = Duration::from_secs(600);

/// A running rust-analyzer with one package open. Its process ends when it is dropped.
pub(crate) struct Server {
    process: Child,
    messages: Receiver<Value>,
    requests: u64,
    folder: PathBuf,
}

impl Server {
    /// The program that runs as `rust-analyzer`. If it is missing, a line says that the tests are left out.
    pub(crate) fn find() -> Option<PathBuf> {
        let required = env::var_os("CORS_EDITOR");
        // A misspelt word would ask for nothing, and be green.
        assert!(required.as_ref().is_none_or(|word| word == "required"), "CORS_EDITOR is `required`, or not set");

        let path = env::var_os("PATH").unwrap_or_default();
        let files = env::split_paths(&path).map(|folder| folder.join("rust-analyzer")).filter(|file| file.is_file());
        // rustup has a program of this name also where its component is missing.
        let runs = |file: &PathBuf| {
            let version = Command::new(file).arg("--version").output();
            version.is_ok_and(|version| version.status.success())
        };
        let found = files.into_iter().find(runs);
        if found.is_none() {
            let missing = "rust-analyzer is not there; `rustup component add rust-analyzer` brings it";
            assert!(required.is_none(), "{missing}");
            // The harness withholds what is printed.
            let _ = io::stderr().write_all(format!("the tests of editors were LEFT OUT: {missing}\n").as_bytes());
        }
        found
    }

    /// Starts it on a package, and waits until it knows all of it. `target` is where Cargo builds.
    pub(crate) fn start(program: &Path, folder: &Path, target: &Path) -> Self {
        let mut command = Command::new(program);
        command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("rust-analyzer starts");
        let mut output = BufReader::new(process.stdout.take().expect("a pipe"));
        let (sender, messages) = channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut output)
                && sender.send(message).is_ok()
            {}
        });
        let mut server = Server { process, messages, requests: 0, folder: folder.to_owned() };
        server.request(
            "initialize",
            &json!({
                "processId": std::process::id(),
                "rootUri": server.uri(""),
                "capabilities": {
                    "experimental": { "serverStatusNotification": true },
                    "workspace": { "workspaceEdit": { "documentChanges": true } },
                    "textDocument": { "hover": { "contentFormat": ["markdown"] } },
                },
                "initializationOptions": {
                    "checkOnSave": false,
                    "cachePriming": { "enable": false },
                    "cargo": { "targetDir": target, "extraArgs": ["--offline"] },
                },
            }),
        );
        server.send(&json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
        while !is_quiet(&server.next()) {}
        server
    }

    fn uri(&self, file: &str) -> String {
        format!("file://{}", self.folder.join(file).display())
    }

    /// Opens a file of the package, or replaces what it holds in the editor.
    pub(crate) fn open(&mut self, file: &str, text: &str) {
        let document = json!({ "uri": self.uri(file), "languageId": "rust", "version": 1, "text": text });
        let (method, params) = ("textDocument/didOpen", json!({ "textDocument": document }));
        self.send(&json!({ "jsonrpc": "2.0", "method": "textDocument/didClose", "params": params }));
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Asks about an offset in a file, with further parameters.
    pub(crate) fn ask(&mut self, method: &str, file: &str, offset: usize, mut further: Value) -> Value {
        let text = fs::read_to_string(self.folder.join(file)).expect("the file");
        self.ask_in(&text, method, file, offset, &mut further)
    }

    /// The same, where the editor has another text than the file.
    pub(crate) fn ask_in(&mut self, text: &str, method: &str, file: &str, at: usize, further: &mut Value) -> Value {
        let before = &text[..at];
        let column = at - before.rfind('\n').map_or(0, |end| end + 1);
        further["textDocument"] = json!({ "uri": self.uri(file) });
        further["position"] = json!({ "line": before.matches('\n').count(), "character": column });
        self.request(method, further)
    }

    fn request(&mut self, method: &str, params: &Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.next();
            if message["id"] == id && message["method"].is_null() {
                return message;
            }
            if !message["id"].is_null() {
                self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }));
            }
        }
    }

    fn next(&mut self) -> Value {
        self.messages.recv_timeout(PATIENCE).expect("rust-analyzer says something")
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        let input = self.process.stdin.as_mut().expect("a pipe");
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("sent");
        input.flush().expect("sent");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether everything has been loaded.
fn is_quiet(message: &Value) -> bool {
    message["method"] == "experimental/serverStatus" && message["params"]["quiescent"] == true
}

/// The next message, or `None` at the end.
fn read(output: &mut impl io::BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut text = vec![0; length];
    output.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}
