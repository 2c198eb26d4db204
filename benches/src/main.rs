//! Counts and measures what the library costs, beside the alternatives: see README.md in this folder.

mod applications;
mod builds;
mod by_hand;
mod chart;
mod count;
mod limits;
mod load;
mod map;
mod memory;
mod page;
mod requests;
mod table;
mod tower;
mod valgrind;

use std::process::ExitCode;

use requests::Kind;

type Error = Box<dyn std::error::Error + Send + Sync>;
type Result<T> = std::result::Result<T, Error>;

const USAGE: &str = "cargo run --release -p benches --features measure -- COMMAND

all --write       everything below, into docs/performance.md. Takes an hour on a slow machine
count [--write]   instructions and allocations of requests, and the limits. --write: into docs/performance.md
count --short     the part of it that takes a minute, for every change
load [--write]    requests a second and their times, over HTTP. Needs `oha`
load --short      a part of it that takes 30 seconds, to see that it works
memory N          resident memory over N million requests. Also with --write
builds [--write]  time of builds, and sizes of binaries. Takes 10 to 25 minutes, and 1 GB of temporary files
tower [--write]   instructions of requests to axum, beside tower-http
map               where the instructions of requests go
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["count"] => count::full(false),
        ["count", "--write"] => count::full(true),
        ["count", "--short"] => count::short(),
        ["load"] => load::load(false),
        ["load", "--short"] => load::short(),
        ["load", "--write"] => load::load(true),
        ["memory", millions] => memory::memory(millions, false),
        ["memory", millions, "--write"] => memory::memory(millions, true),
        // The processes that these start.
        ["serve", way, port] => load::serve(way, port),
        ["serve-reloading", port] => memory::serve(port),
        ["builds"] => builds::build(false),
        ["builds", "--write"] => builds::build(true),
        ["all", "--write"] => all(),
        ["map"] => map::print(),
        ["tower"] => tower::count(false),
        ["tower", "--write"] => tower::count(true),
        ["repeat", "tower", .., count] => tower::repeat(&words[2..words.len() - 1], count),
        ["repeat", .., count] => repeat(&words[1..words.len() - 1], count),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Does each, also if an earlier one found something.
fn all() -> Result<()> {
    let done =
        [count::full(true), tower::count(true), load::load(true), memory::memory("10", true), builds::build(true)];
    let errors: Vec<_> = done.into_iter().filter_map(Result::err).map(|error| error.to_string()).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("\n").into()) }
}

/// The process that is counted: on one thread, so that nothing but the requests is.
fn repeat(kind: &[String], count: &str) -> Result<()> {
    let kind = Kind::parse(kind).ok_or(USAGE)?;
    let runtime = rocket::tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(requests::repeat(kind, count.parse()?));
    Ok(())
}
