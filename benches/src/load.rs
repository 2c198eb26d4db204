//! Requests a second, and how long they take, over real HTTP: the load is made by `oha`.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use serde_json::Value;

use crate::applications::{Application, Way};
use crate::requests::{Ask, BROWSER};
use crate::table::{Table, count, times};
use crate::{Result, page};

/// Each round asks each application once, in turn, so that other work of the machine slows all of them.
const ROUNDS: usize = 15;
const SECONDS: u32 = 2;
const CONNECTIONS: u32 = 32;

/// A server, which is ended with the value.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) port: u16,
}

impl Server {
    /// Runs this program again, with the command and a free port, and waits until it listens.
    pub(crate) fn start(command: &[&str]) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut program = Command::new(env::current_exe()?);
        let child = program.args(command).arg(port.to_string()).stdout(Stdio::null()).spawn()?;
        let server = Self { child, port };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if started.elapsed() > Duration::from_secs(20) {
                return Err(format!("{command:?} does not listen").into());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The process of a server.
pub(crate) fn serve(way: &str, port: &str) -> Result<()> {
    let application = Application::small(Way::parse(way).ok_or("not a way")?);
    let rocket = application.build_with(application.figment(port.parse()?));
    rocket::execute(rocket.launch())?;
    Ok(())
}

/// What a round of one application was.
#[derive(Clone, Copy)]
struct Round {
    a_second: f64,
    /// The 50th, 99th and 99.9th percentile, in milliseconds.
    latency: [f64; 3],
}

pub(crate) fn load(write: bool) -> Result<()> {
    if Command::new("oha").arg("--version").output().is_err() {
        return Err("there is no oha on this machine: `cargo install oha --locked` brings it".into());
    }
    let servers: Vec<_> = Way::ALL.iter().map(|way| Server::start(&["serve", way.name()])).collect::<Result<_>>()?;
    let closed = rounds(&servers, Ask::Allowed, None)?;
    let preflights = rounds(&servers, Ask::Granted, None)?;
    // A rate that each of them can serve, so that the percentiles are those of requests and not of a queue.
    let slowest = closed.iter().map(|rounds| median(rounds, |round| round.a_second)).fold(f64::INFINITY, f64::min);
    let rate = (slowest / 2000.0).floor() * 1000.0;
    let open = rounds(&servers, Ask::Allowed, Some(rate.max(1000.0)))?;
    let text = [
        format!(
            "As many as there can be, on {CONNECTIONS} connections that stay open: allowed GET\n\n{}",
            table(&closed)
        ),
        format!("The same: preflight, granted\n\n{}", table(&preflights)),
        format!("{} a second, whether or not earlier ones are answered: allowed GET\n\n{}", count(rate), table(&open)),
    ]
    .join("\n");
    println!("{text}");
    if write { page::write("load", &text) } else { Ok(()) }
}

/// The rounds of each server, after one that does not count.
fn rounds(servers: &[Server], ask: Ask, rate: Option<f64>) -> Result<Vec<Vec<Round>>> {
    let mut done = vec![Vec::new(); servers.len()];
    for number in 0..=ROUNDS {
        for at in 0..servers.len() {
            // Each round begins with another server.
            let at = (at + number) % servers.len();
            let round = ask_for_a_while(&servers[at], ask, rate)?;
            if number > 0 {
                done[at].push(round);
            }
        }
    }
    Ok(done)
}

fn ask_for_a_while(server: &Server, ask: Ask, rate: Option<f64>) -> Result<Round> {
    let mut oha = Command::new("oha");
    oha.args(["--no-tui", "--output-format", "json", "--redirect", "0", "-z", &format!("{SECONDS}s")]);
    oha.args(["-c", &CONNECTIONS.to_string(), "-m", if ask.is_preflight() { "OPTIONS" } else { "GET" }]);
    if let Some(rate) = rate {
        oha.args(["--latency-correction", "-q", &rate.to_string()]);
    }
    for (name, value) in
        BROWSER.into_iter().chain(ask.headers()).filter(|(name, _)| !["Host", "Connection"].contains(name))
    {
        oha.args(["-H", &format!("{name}: {value}")]);
    }
    let output =
        oha.arg(format!("http://127.0.0.1:{}{}", server.port, Application::small(Way::Nothing).path())).output()?;
    let said: Value =
        serde_json::from_slice(&output.stdout).map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())?;
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    if number(&said["summary"]["successRate"]) < 1.0 {
        return Err(format!("requests have failed: {}", said["errorDistribution"]).into());
    }
    let latency = ["p50", "p99", "p99.9"].map(|name| 1000.0 * number(&said["latencyPercentiles"][name]));
    Ok(Round { a_second: number(&said["summary"]["requestsPerSec"]), latency })
}

fn median(rounds: &[Round], value: impl Fn(&Round) -> f64) -> f64 {
    let mut values: Vec<_> = rounds.iter().map(value).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn table(done: &[Vec<Round>]) -> Table {
    let head = ["", "requests a second", "of those without CORS", "p50, ms", "p99, ms", "p99.9, ms"];
    let mut table = Table::new(head.map(str::to_owned).to_vec());
    for (way, rounds) in Way::ALL.into_iter().zip(done) {
        // Of the same round: the machine was then about as busy.
        let of_plain: Vec<_> = rounds
            .iter()
            .zip(&done[0])
            .map(|(round, plain)| Round { a_second: round.a_second / plain.a_second, ..*round })
            .collect();
        let mut row = vec![way.title().to_owned(), count(median(rounds, |round| round.a_second))];
        row.push(times(median(&of_plain, |round| round.a_second)));
        row.extend([0, 1, 2].map(|at| times(median(rounds, |round| round.latency[at]))));
        table.row(row);
    }
    table
}
