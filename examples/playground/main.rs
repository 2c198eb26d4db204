//! The playground: an API with `#[cross_origin]` policies, and a page that calls it from two origins.
//!
//! `cargo run -p examples` starts three servers on this machine and prints their addresses.
//!
//! | address | what it is | source |
//! |---|---|---|
//! | `http://localhost:8000` | the API: annotated handlers, and some without an annotation | `api.rs` |
//! | `http://localhost:8001` | the page, on the origin that the policies name | `page.rs`, `page/` |
//! | `http://localhost:8002` | the same page, on an origin that they do not name | the same |
//!
//! The page makes every kind of call, and any other that is typed into it. Beside what the policy says it shows what
//! the browser let it do, and what went over the wire. Start reading in `api.rs`; the rest is the playground's own:
//!
//! | file | what it does |
//! |---|---|
//! | `page.rs` | serves the page |
//! | `api.rs` | the API |
//! | `root.rs` | what the API says at its root |
//! | `wire.rs` | passes connections on to the API, and notes what goes over them |
//! | `journal.rs`, `calls.rs` | what the API saw of each call |
//! | `setup.rs` | what the page has to know, and what it reports |
//! | `addresses.rs`, `ports.rs` | where the servers are |
//!
//! `examples/axum` is the same on axum: what does not need Rocket is one file for both.

mod addresses;
mod api;
mod calls;
mod journal;
mod page;
mod ports;
mod root;
mod setup;
mod wire;

use std::env;
use std::net::{Ipv4Addr, TcpListener};
use std::panic;
use std::process::ExitCode;
use std::sync::Arc;

use rocket::config::{LogLevel, Shutdown};
use rocket::fairing::AdHoc;
use rocket::tokio::sync::Barrier;
use rocket::tokio::try_join;
use rocket::{Build, Config, Rocket};

use addresses::Addresses;
use ports::Ports;
use setup::Role;

/// The file of the handlers, for the messages.
const SOURCE: &str = "playground/api.rs";

#[rocket::main]
async fn main() -> ExitCode {
    // One handler panics on purpose, which is worth no more than its message.
    panic::set_hook(Box::new(|panic| eprintln!("{panic}")));

    // `cargo cors` asks the API, and ends it before it serves anybody: the pages, and the ports, do not matter then.
    if env::var_os("CORS_REPORT").is_some() {
        let Ports { api, named, stranger } = Ports::PREFERRED;
        return match api::rocket(&config(api), &Addresses::new(api, named, stranger)).launch().await {
            Ok(_) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("The API did not start: {}.", error.kind());
                ExitCode::FAILURE
            }
        };
    }
    let ports = match Ports::free(SOURCE) {
        Ok(ports) => ports,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };

    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, ports.api)) {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("Port {} cannot be listened on: {error}.", ports.api);
            return ExitCode::FAILURE;
        }
    };
    let addresses = Addresses::new(ports.api, ports.named, ports.stranger);
    // The API itself is behind the wire, on any port, and closes each connection as the wire needs it.
    let behind = Config { keep_alive: 0, ..config(0) };
    let api = api::rocket(&behind, &addresses).attach(wire::stage(listener));
    let page = |role, port| page::rocket(&config(port), role, &addresses);
    let all_up = Arc::new(Barrier::new(3));

    // Each of the three stops at Ctrl-C. If one of them cannot start, the others are dropped.
    let outcome = try_join!(
        run("The API", api, &all_up, &addresses),
        run("The page", page(Role::Named, ports.named), &all_up, &addresses),
        run("The page of another origin", page(Role::Stranger, ports.stranger), &all_up, &addresses),
    );
    match outcome {
        Ok(_) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one server until Ctrl-C. The last of the three that is up says where they are.
async fn run(name: &str, rocket: Rocket<Build>, all_up: &Arc<Barrier>, addresses: &Addresses) -> Result<(), String> {
    let (all_up, welcome) = (Arc::clone(all_up), addresses.welcome(SOURCE, "ROCKET_LOG_LEVEL=normal"));
    let announcement = AdHoc::on_liftoff("Announcement", |_| {
        Box::pin(async move {
            if all_up.wait().await.is_leader() {
                println!("{welcome}");
            }
        })
    });
    let outcome = rocket.attach(announcement).launch().await;
    outcome.map(drop).map_err(|error| {
        format!(
            "{name} did not start: {}.\nROCKET_LOG_LEVEL=normal shows what Rocket has to say about it.",
            error.kind()
        )
    })
}

/// A server on the loopback address. Three that log each request would bury the links, so they are silent
/// unless asked.
fn config(port: u16) -> Config {
    let asked = env::var("ROCKET_LOG_LEVEL").ok();
    Config {
        address: Ipv4Addr::LOCALHOST.into(),
        port,
        log_level: asked.and_then(|level| level.parse().ok()).unwrap_or(LogLevel::Off),
        shutdown: Shutdown { grace: 1, mercy: 1, ..Shutdown::default() },
        ..Config::debug_default()
    }
}
