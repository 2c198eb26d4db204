//! Builds the application, asks it, and reads what it wrote.
//!
//! The application is told by its environment what is asked: see `asked.rs` in `cors-runtime`. It writes into a file,
//! since its standard output is its own.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs, process};

use cors_runtime::Question;

/// How the application is built and started.
pub(crate) struct Application {
    /// The options of cargo.
    selection: Vec<OsString>,
    /// The application's own arguments.
    arguments: Vec<OsString>,
    /// How long it may take, once it is built.
    pub(crate) patience: Duration,
}

impl Application {
    pub(crate) fn new(arguments: Vec<OsString>) -> Self {
        Application { selection: Vec::new(), arguments, patience: Duration::from_secs(60) }
    }

    /// Adds an option of cargo.
    pub(crate) fn select(&mut self, name: &str, value: Option<OsString>) {
        let mut option = OsString::from(format!("--{name}"));
        if let Some(value) = value {
            option.push("=");
            option.push(value);
        }
        self.selection.push(option);
    }

    /// What the application writes when it is asked for its report, or for its answers.
    pub(crate) fn ask(&self, question: Option<&Question>) -> Result<String, String> {
        self.build()?;
        let file = Scratch::new().map_err(|error| format!("no temporary file: {error}"))?;
        let mut command = cargo("run");
        command.arg("--quiet").args(&self.selection).arg("--").args(&self.arguments);
        command.env("CORS_REPORT", &file.0).env_remove("CORS_EXPLAIN");
        if let Some(question) = question {
            command.env("CORS_EXPLAIN", question.to_string());
        }
        let ended = run(&mut command, self.patience).map_err(|error| format!("`cargo run` did not start: {error}"))?;
        let text = fs::read_to_string(&file.0).map_err(|error| format!("the report cannot be read: {error}"))?;
        match ended.status {
            Some(status) if status.success() && !text.is_empty() => Ok(text),
            Some(status) => {
                ended.show();
                Err(format!(
                    "the application wrote no report and ended with {status}: its launch was refused, or it did not come so far"
                ))
            }
            None => {
                ended.show();
                Err(format!(
                    "the application wrote no report in {} s, and was ended. Is `CrossOrigin::fairing()` attached, is \
                     `cors-runtime` 0.1 or later, and does a release build have its feature `cargo-cors`?",
                    self.patience.as_secs()
                ))
            }
        }
    }

    /// A step of its own, so that the time it takes does not count, and its progress is seen.
    fn build(&self) -> Result<(), String> {
        let mut command = cargo("build");
        command.args(&self.selection).stdin(Stdio::null()).stdout(Stdio::null());
        let status = command.status().map_err(|error| format!("`cargo build` did not start: {error}"))?;
        if status.success() { Ok(()) } else { Err("the application does not build".to_owned()) }
    }
}

/// The cargo that started this command, or the one on the path.
fn cargo(subcommand: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.arg(subcommand);
    command
}

/// What became of a program.
struct Ended {
    /// `None` if it took too long, and was ended.
    status: Option<ExitStatus>,
    output: [Receiver<Vec<u8>>; 2],
}

impl Ended {
    /// Passes on what the program printed. Where all is well, nobody is interested.
    fn show(&self) {
        for output in &self.output {
            // A process that it left behind may keep the pipe open.
            let text = output.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
            let _ = io::stderr().write_all(&text);
        }
    }
}

fn run(command: &mut Command, patience: Duration) -> io::Result<Ended> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let output = [collect(child.stdout.take()), collect(child.stderr.take())];
    let status = wait(&mut child, patience)?;
    Ok(Ended { status, output })
}

/// Reads all there is, on a thread of its own: a full pipe would stop the program.
fn collect(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(mut pipe) = pipe {
            // What has been read before an error is there.
            let _ = pipe.read_to_end(&mut text);
        }
        let _ = sender.send(text);
    });
    receiver
}

fn wait(child: &mut Child, patience: Duration) -> io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    while started.elapsed() < patience {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(20));
    }
    // On Unix `cargo run` has become the application; elsewhere it takes the application along.
    child.kill()?;
    child.wait()?;
    Ok(None)
}

/// A file that is removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> io::Result<Self> {
        let mut number = 0;
        loop {
            let path = env::temp_dir().join(format!("cargo-cors-{}-{number}.json", process::id()));
            match create(&path) {
                Ok(()) => return Ok(Scratch(path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 1000 => number += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

/// Creates the file anew: one that is there may be somebody else's, or lead elsewhere.
fn create(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path).map(drop)
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It is in the folder for what may be lost.
        let _ = fs::remove_file(&self.0);
    }
}
