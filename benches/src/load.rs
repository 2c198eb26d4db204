//! Requests a second, and how long they take, over real HTTP: the load is made by `oha`.
//!
//! A server has one processor for itself, and the load has the others: what is measured is the server, and not how the two of
//! them share a processor, nor what the load does with the headers of a response.

use std::ffi::OsStr;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use serde_json::Value;

use crate::applications::{Application, Way};
use crate::requests::{Ask, BROWSER};
use crate::table::{Table, count, times};
use crate::{Result, page};

/// In a block each application is asked twice, in an order and then in the opposite one: if the machine becomes slower or faster
/// in between, that is the same for all of them. Ratios are those of a block. Each block has processes of its own: two of the same
/// program differ by 4 %, as their memory happens to lie.
struct Blocks {
    count: u8,
    /// Student's t for so many: the mean of all blocks is with 95 % at most so many standard errors from the true one.
    student: f64,
}

const ALL: Blocks = Blocks { count: 16, student: 2.131 };
/// To see that it works.
const SHORT: Blocks = Blocks { count: 2, student: 12.706 };
const SECONDS: u32 = 1;
const CONNECTIONS: u32 = 32;

/// What is compared.
const WAYS: [Way; 5] = [Way::Nothing, Way::ByHand, Way::RocketCors, Way::Library, Way::Public];

/// The processor of the servers. One is asked at a time.
const OF_SERVERS: &str = "0";

/// A server, which is ended with the value.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) port: u16,
}

impl Server {
    /// Runs this program again, with the command and a free port, and waits until it listens.
    pub(crate) fn start(command: &[&str]) -> Result<Self> {
        Self::start_by(Command::new(env::current_exe()?), command)
    }

    fn start_by(mut program: Command, command: &[&str]) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
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

impl Server {
    /// How long its process has had a processor, in all threads.
    fn processor_seconds(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // proc(5): after the name in parentheses, utime and stime are the 12th and 13th, in hundredths.
        let (_, fields) = stat.rsplit_once(')').ok_or("/proc/PID/stat has no name")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        Ok(ticks.sum::<std::result::Result<f64, _>>()? / 100.0)
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
    /// The time that the server's process had a processor, for each request, in microseconds. Other work of the machine moves
    /// it less than the rate: while that has the processor, this does not count.
    processor: f64,
    /// The 50th, 99th and 99.9th percentile, in milliseconds.
    latency: [f64; 3],
}

fn find_tools() -> Result<()> {
    if Command::new("oha").arg("--version").output().is_err() {
        return Err("there is no oha on this machine: `cargo install oha --locked` brings it".into());
    }
    if Command::new("taskset").arg("--version").output().is_err() {
        return Err("there is no taskset on this machine: the package util-linux has it".into());
    }
    if thread::available_parallelism()?.get() < 2 {
        return Err("the server and the load need a processor each".into());
    }
    Ok(())
}

/// A program on some processors only.
fn on(processors: &str, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", processors]).arg(program);
    command
}

pub(crate) fn short() -> Result<()> {
    find_tools()?;
    println!("{}", table(&blocks(SHORT.count, Ask::Allowed, None)?, &SHORT));
    Ok(())
}

pub(crate) fn load(write: bool) -> Result<()> {
    find_tools()?;
    let closed = blocks(ALL.count, Ask::Allowed, None)?;
    let preflights = blocks(ALL.count, Ask::Granted, None)?;
    let others = blocks(ALL.count, Ask::NoOrigin, None)?;
    // A rate that each of them can serve, so that the percentiles are those of requests and not of a queue.
    let slowest = closed.iter().map(|blocks| median(blocks, |round| round.a_second)).fold(f64::INFINITY, f64::min);
    let rate = (slowest / 2000.0).floor() * 1000.0;
    let open = blocks(ALL.count, Ask::Allowed, Some(rate.max(1000.0)))?;
    let text = [
        format!(
            "As many as there can be, on {CONNECTIONS} connections that stay open: allowed GET\n\n{}",
            table(&closed, &ALL)
        ),
        format!("The same: preflight, granted\n\n{}", table(&preflights, &ALL)),
        format!("The same: GET without `Origin`\n\n{}", table(&others, &ALL)),
        format!(
            "{} a second, whether or not earlier ones are answered: allowed GET\n\n{}",
            count(rate),
            table(&open, &ALL)
        ),
    ]
    .join("\n");
    println!("{text}");
    if write { page::write("load", &text) } else { Ok(()) }
}

/// The blocks of each application, after one that does not count: two rounds each.
fn blocks(count: u8, ask: Ask, rate: Option<f64>) -> Result<Vec<Vec<[Round; 2]>>> {
    let mut done = vec![Vec::new(); WAYS.len()];
    for number in 0..=usize::from(count) {
        let program = env::current_exe()?;
        let start = |way: &Way| Server::start_by(on(OF_SERVERS, &program), &["serve", way.name()]);
        let servers = WAYS.iter().map(start).collect::<Result<Vec<_>>>()?;
        // Each block begins with another server.
        let order: Vec<_> = (0..servers.len()).map(|at| (at + number) % servers.len()).collect();
        let mut rounds = Vec::new();
        for &at in order.iter().chain(order.iter().rev()) {
            rounds.push(ask_for_a_while(&servers[at], ask, rate)?);
        }
        for (place, &at) in order.iter().enumerate().filter(|_| number > 0) {
            done[at].push([rounds[place], rounds[rounds.len() - 1 - place]]);
        }
    }
    Ok(done)
}

fn ask_for_a_while(server: &Server, ask: Ask, rate: Option<f64>) -> Result<Round> {
    let others = format!("1-{}", thread::available_parallelism()?.get() - 1);
    let mut oha = on(&others, "oha");
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
    let before = server.processor_seconds()?;
    let output =
        oha.arg(format!("http://127.0.0.1:{}{}", server.port, Application::small(Way::Nothing).path())).output()?;
    let processor = server.processor_seconds()? - before;
    let said: Value =
        serde_json::from_slice(&output.stdout).map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())?;
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    if number(&said["summary"]["successRate"]) < 1.0 {
        return Err(format!("requests have failed: {}", said["errorDistribution"]).into());
    }
    let latency = ["p50", "p99", "p99.9"].map(|name| 1000.0 * number(&said["latencyPercentiles"][name]));
    let a_second = number(&said["summary"]["requestsPerSec"]);
    let requests = a_second * number(&said["summary"]["total"]);
    Ok(Round { a_second, processor: 1_000_000.0 * processor / requests, latency })
}

fn median(blocks: &[[Round; 2]], value: impl Fn(&Round) -> f64) -> f64 {
    let mut values: Vec<_> = blocks.iter().flatten().map(value).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The geometric mean of the ratios of each block, and the interval in which the true one is with 95 %.
fn ratio(done: &[[Round; 2]], plain: &[[Round; 2]], blocks: &Blocks, value: impl Fn(&Round) -> f64) -> [f64; 3] {
    let count = f64::from(blocks.count);
    let log = |block: &[Round; 2]| block.iter().map(|round| value(round).ln()).sum::<f64>() / 2.0;
    let logs: Vec<_> = done.iter().zip(plain).map(|(block, plain)| log(block) - log(plain)).collect();
    let mean = logs.iter().sum::<f64>() / count;
    let squares = logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>();
    let error = blocks.student * (squares / (count - 1.0) / count).sqrt();
    [mean, mean - error, mean + error].map(f64::exp)
}

fn table(done: &[Vec<[Round; 2]>], blocks: &Blocks) -> Table {
    let head = [
        "",
        "requests a second",
        "of those without CORS",
        "processor, µs a request",
        "of that without CORS",
        "p50, ms",
        "p99, ms",
        "p99.9, ms",
    ];
    let mut table = Table::new(head.map(str::to_owned).to_vec());
    let text = |[mean, from, to]: [f64; 3]| format!("{mean:.3} ({from:.2} to {to:.2})");
    for (way, rounds) in WAYS.into_iter().zip(done) {
        let ratio = |value: fn(&Round) -> f64| match way {
            Way::Nothing => "1".to_owned(),
            _ => text(ratio(rounds, &done[0], blocks, value)),
        };
        let mut row = vec![way.title().to_owned()];
        row.push(count(median(rounds, |round| round.a_second)));
        row.push(ratio(|round| round.a_second));
        row.push(format!("{:.1}", median(rounds, |round| round.processor)));
        row.push(ratio(|round| round.processor));
        row.extend([0, 1, 2].map(|at| times(median(rounds, |round| round.latency[at]))));
        table.row(row);
    }
    table
}
