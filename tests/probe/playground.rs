//! The playground behind a real nginx with each of seven mistakes, and without one.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use cors_tests::Nginx;
use cors_tests::wrong::{RIGHT, WRONG, Wrong};

use crate::site::{json, names, probe};

/// The port of its page. Another copy of the workspace may run it too.
const PORT: u16 = 8001;

const PATIENCE: Duration = Duration::from_secs(120);

/// The playground, until it is dropped.
struct Playground {
    process: Child,
    /// The address of its API.
    address: SocketAddr,
}

impl Playground {
    fn launch() -> Self {
        let end = Instant::now() + PATIENCE;
        while TcpListener::bind((Ipv4Addr::LOCALHOST, PORT)).is_err() {
            assert!(Instant::now() < end, "port {PORT} is taken, and policies are constants that name it");
            thread::sleep(Duration::from_millis(200));
        }
        let mut command = Command::new(program());
        command.env_remove("ROCKET_LOG_LEVEL").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("the playground starts");
        let output = BufReader::new(process.stdout.take().expect("piped"));
        let mut lines = output.lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let port =
                line.strip_prefix("The API is at http://localhost:")?.split(|c: char| !c.is_ascii_digit()).next()?;
            port.parse().ok()
        });
        // A program whose words nobody takes panics over them.
        thread::spawn(move || lines.for_each(drop));
        Playground { process, address: SocketAddr::from((Ipv4Addr::LOCALHOST, port.expect("says where its API is"))) }
    }
}

impl Drop for Playground {
    fn drop(&mut self) {
        // It has ended already if these fail.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program, which `cargo cors probe` builds.
fn program() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_BIN_EXE_cargo-cors-tested"));
    let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    command.args(["build", "--quiet", "--package=examples", "--bin=playground"]);
    let status = command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).status();
    assert!(status.is_ok_and(|status| status.success()), "the playground is not built");
    own.with_file_name(format!("playground{}", env::consts::EXE_SUFFIX))
}

#[test]
fn the_seven_mistakes() {
    let Some(nginx) = Nginx::find("cargo-cors: the playground behind nginx") else { return };
    let playground = Playground::launch();
    let right = Wrong { name: "", lines: RIGHT, fix: "" };
    for Wrong { name, lines, fix } in WRONG.into_iter().chain([right]) {
        // Its own paths do not have the prefix, and so nothing is there without it.
        let lines = if name == "prefix" { format!("{lines} return 404;") } else { lines.to_owned() };
        let nginx = Nginx::start_server(&nginx, Nginx::free_port(), playground.address, "", &lines);
        let url = format!("http://{}", nginx.address());
        let output = probe(&[&url, "--json", "--package=examples", "--bin=playground"], &[]);
        let probe = json(&output);
        let expected: Vec<_> = Some(name).filter(|name| !name.is_empty()).into_iter().collect();
        assert_eq!(names(&probe), expected, "{lines}: {probe:#}");
        assert_eq!(output.status.code(), Some(i32::from(!expected.is_empty())), "{lines}");
        assert!(expected.is_empty() || probe["findings"][0]["fix"].to_string().contains(fix), "{lines}: {probe:#}");
    }
}
