//! The application behind nginx, and the command that asks.

use std::env;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use cors_tests::{Call, Nginx, Server};
use rocket::fairing::AdHoc;
use serde_json::Value;

use crate::application;

/// The application behind nginx, and what arrives at it.
pub(crate) struct Site {
    nginx: Nginx,
    _application: Server,
    arrived: Arc<Mutex<Vec<String>>>,
    own_origins: &'static [&'static str],
}

impl Site {
    /// `None` if nginx is missing. `lines` stand beside `proxy_pass`.
    pub(crate) fn launch(lines: &str, own_origins: &'static [&'static str]) -> Option<Self> {
        Self::launch_server("", lines, own_origins)
    }

    /// The same, with lines of the block `server`.
    pub(crate) fn launch_server(server: &str, lines: &str, own_origins: &'static [&'static str]) -> Option<Self> {
        let program = Nginx::find("cargo-cors: tests with nginx")?;
        let arrived = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&arrived);
        let journal = AdHoc::on_request("Journal", move |request, _| {
            seen.lock().expect("no panic").push(format!("{} {}", request.method(), request.uri().path()));
            Box::pin(async {})
        });
        let mut rocket = application::rocket();
        if !own_origins.is_empty() {
            let figment = rocket.figment().clone().merge(("cors.own_origins", own_origins));
            rocket = rocket.configure(figment);
        }
        let application = Server::launch(rocket.attach(journal)).expect("launches");
        let nginx = Nginx::start_server(&program, Nginx::free_port(), application.address(), server, lines);
        Some(Site { nginx, _application: application, arrived, own_origins })
    }

    pub(crate) fn probe(&self, arguments: &[&str]) -> Output {
        self.probe_at(&self.url(), arguments)
    }

    /// The same at another address.
    pub(crate) fn probe_at(&self, url: &str, arguments: &[&str]) -> Output {
        self.command_at(url, arguments).output().expect("cargo-cors starts")
    }

    pub(crate) fn command_at(&self, url: &str, arguments: &[&str]) -> Command {
        command(&[&[url], arguments].concat(), self.own_origins)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.nginx.address())
    }

    /// The status of a request without `Origin`.
    pub(crate) fn get(&self, path: &str) -> u16 {
        Call::new("GET", path).send_to(self.nginx.address()).status
    }

    /// The method and the path of each request that has arrived.
    pub(crate) fn arrived(&self) -> Vec<String> {
        self.arrived.lock().expect("no panic").clone()
    }

    /// Whether no request has arrived that writes.
    pub(crate) fn has_only_safe_requests(&self) -> bool {
        self.arrived().iter().all(|line| ["GET ", "HEAD ", "OPTIONS "].iter().any(|method| line.starts_with(method)))
    }
}

pub(crate) fn probe(arguments: &[&str], own_origins: &[&str]) -> Output {
    command(arguments, own_origins).output().expect("cargo-cors starts")
}

pub(crate) fn command(arguments: &[&str], own_origins: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-cors-tested"));
    command.args(["cors", "probe", "--timeout=300"]).args(arguments);
    if !arguments.iter().any(|argument| argument.starts_with("--package")) {
        command.args(["--package=cors-tests", "--example=probed"]);
    }
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    // What cargo has set for the test is not for the application: build scripts would run again for it.
    for (name, _) in env::vars_os() {
        let is_of_package =
            |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "OUT_DIR";
        if name.to_str().is_some_and(is_of_package) {
            command.env_remove(name);
        }
    }
    // The machine's own proxy has no place between the two.
    command.env("NO_PROXY", "*");
    if !own_origins.is_empty() {
        command.env("ROCKET_CORS", format!("{{own_origins={own_origins:?}}}"));
    }
    command
}

#[track_caller]
pub(crate) fn json(output: &Output) -> Value {
    let errors = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {errors}"))
}

pub(crate) fn names(probe: &Value) -> Vec<&str> {
    let findings = probe["findings"].as_array().expect("a list");
    findings.iter().map(|finding| finding["name"].as_str().expect("a name")).collect()
}
