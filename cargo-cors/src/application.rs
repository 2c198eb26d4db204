//! Builds the application, asks it, and reads what it wrote.
//!
//! Environment variables tell the application what to write. It writes to a file, because its standard output may have
//! other text.

use std::ffi::OsString;
use std::io::{self, Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs};

use cors_runtime::Question;
use tempfile::NamedTempFile;

/// How many questions the application is asked at once. Windows limits a variable to 32 kB.
const AT_ONCE: usize = 100;

/// What a program has to be, to be asked.
const EXPECTED: &str = "expected is a program that launches a Rocket (`#[launch]`, `#[rocket::main]`) with \
                        `CrossOrigin::fairing()` attached, or that calls `ApplicationLayer::answer_cargo_cors` with its \
                        layers; as a debug build or with the feature `cargo-cors` of `cors-runtime`. Options such as `--bin` select the program, and `-- ARGS` its arguments";

/// How the application is built and started.
pub(crate) struct Application {
    /// The options for cargo.
    selection: Vec<OsString>,
    /// The application's own arguments.
    arguments: Vec<OsString>,
    /// How long the application may take after it is built.
    pub(crate) patience: Duration,
}

impl Application {
    pub(crate) fn new(arguments: Vec<OsString>) -> Self {
        Application { selection: Vec::new(), arguments, patience: Duration::from_secs(60) }
    }

    /// Adds an option for cargo.
    pub(crate) fn select(&mut self, name: &str, value: Option<OsString>) {
        let mut option = OsString::from(format!("--{name}"));
        if let Some(value) = value {
            option.push("=");
            option.push(value);
        }
        self.selection.push(option);
    }

    /// Builds and runs the application, and returns its report, or its answers to the question.
    pub(crate) fn ask(&self, question: Option<&Question>) -> Result<String, String> {
        self.build()?;
        self.launch(question.map(ToString::to_string).as_deref())
    }

    /// Runs the application, which is built, for its answers to many questions. Each text is a list of answers, or, of one
    /// answer, that alone.
    pub(crate) fn ask_all(&self, questions: &[Question]) -> Result<Vec<String>, String> {
        let texts: Vec<_> =
            questions.chunks(AT_ONCE).map(|some| some.iter().map(ToString::to_string).collect()).collect();
        texts.iter().map(|some: &Vec<String>| self.launch(Some(&some.join("\n")))).collect()
    }

    fn launch(&self, question: Option<&str>) -> Result<String, String> {
        // Closed, since the application opens it itself, and removed at the end.
        let file =
            NamedTempFile::new().map_err(|error| format!("cannot create a temporary file: {error}"))?.into_temp_path();
        let mut command = cargo("run");
        command.arg("--quiet").args(&self.selection).arg("--").args(&self.arguments);
        command.env("CORS_REPORT", &file).env_remove("CORS_EXPLAIN");
        if let Some(question) = question {
            command.env("CORS_EXPLAIN", question);
        }
        let ended = run(&mut command, self.patience).map_err(|error| format!("`cargo run` did not start: {error}"))?;
        let text = fs::read_to_string(&file).map_err(|error| format!("cannot read the report: {error}"))?;
        match ended.status {
            Some(status) if status.success() && !text.is_empty() => Ok(text),
            Some(status) if status.success() => {
                ended.show();
                Err(format!(
                    "the program ended without a report, as if it launched no Rocket and had no layers: {EXPECTED}"
                ))
            }
            Some(status) => {
                ended.show();
                Err(format!(
                    "the application wrote no report and ended with {status}: its launch was refused, or it ended before \
                     its launch. {EXPECTED}"
                ))
            }
            None => {
                ended.show();
                Err(format!(
                    "the application wrote no report within {} s and was stopped: {EXPECTED}",
                    self.patience.as_secs()
                ))
            }
        }
    }

    /// A separate step, so that its time does not count as the application's, and cargo shows its progress.
    fn build(&self) -> Result<(), String> {
        let mut command = cargo("build");
        command.args(&self.selection).stdin(Stdio::null()).stdout(Stdio::null());
        let status = command.status().map_err(|error| format!("`cargo build` did not start: {error}"))?;
        if status.success() { Ok(()) } else { Err("the application does not build".to_owned()) }
    }
}

/// The cargo that started this command, or the cargo on the path.
fn cargo(subcommand: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.arg(subcommand);
    command
}

/// How a program ended.
struct Ended {
    /// `None` if it took too long and was stopped.
    status: Option<ExitStatus>,
    output: [Receiver<Vec<u8>>; 2],
}

impl Ended {
    /// Prints what the program printed. This is of interest only if something went wrong.
    fn show(&self) {
        for output in &self.output {
            // A process that the program left behind may keep the pipe open.
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

/// Reads everything on a separate thread, because a full pipe would stop the program.
fn collect(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(mut pipe) = pipe {
            // After an error, the text contains what was read before it.
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
    // On Unix `cargo run` has become the application; elsewhere the application ends with it.
    child.kill()?;
    child.wait()?;
    Ok(None)
}
