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
//! | `journal.rs` | what the API saw of each call |
//! | `addresses.rs` | where the servers are |

mod addresses;
mod api;
mod journal;
mod page;
mod root;
mod wire;

use std::env;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};
use std::panic;
use std::process::ExitCode;
use std::sync::Arc;

use rocket::config::{LogLevel, Shutdown};
use rocket::fairing::AdHoc;
use rocket::tokio::sync::Barrier;
use rocket::tokio::try_join;
use rocket::{Build, Config, Rocket};

use addresses::Addresses;
use page::Role;

/// The port of the API, or another if it is taken.
const API_PORT: u16 = 8000;

/// The port of the page that the policies name. It cannot be another: a policy is a constant, and each one in
/// `api.rs` says `http://localhost:8001`.
const NAMED_PORT: u16 = 8001;

/// The port of the page that no policy names, or another if it is taken.
const STRANGER_PORT: u16 = 8002;

#[rocket::main]
async fn main() -> ExitCode {
    // One handler panics on purpose, which is worth no more than its message.
    panic::set_hook(Box::new(|panic| eprintln!("{panic}")));

    // `cargo cors` asks the API, and ends it before it serves anybody: the pages, and the ports, do not matter then.
    if env::var_os("CORS_REPORT").is_some() {
        let addresses = Addresses::new(API_PORT, NAMED_PORT, STRANGER_PORT);
        return match api::rocket(&config(API_PORT), &addresses).launch().await {
            Ok(_) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("The API did not start: {}.", error.kind());
                ExitCode::FAILURE
            }
        };
    }
    if !is_free(NAMED_PORT) {
        eprintln!("Port {NAMED_PORT} is taken, but the page has to be there: the policies name its origin.");
        eprintln!("Stop what listens on port {NAMED_PORT} and start the playground again, or put another port");
        eprintln!("into the policies in playground/api.rs and into NAMED_PORT in playground/main.rs.");
        return ExitCode::FAILURE;
    }
    let (Some(api_port), Some(stranger_port)) = (free_port(API_PORT), free_port(STRANGER_PORT)) else {
        eprintln!("No port is free on {}.", Ipv4Addr::LOCALHOST);
        return ExitCode::FAILURE;
    };

    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, api_port)) {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("Port {api_port} cannot be listened on: {error}.");
            return ExitCode::FAILURE;
        }
    };
    let addresses = Addresses::new(api_port, NAMED_PORT, stranger_port);
    // The API itself is behind the wire, on any port, and closes each connection as the wire needs it.
    let behind = Config { keep_alive: 0, ..config(0) };
    let api = api::rocket(&behind, &addresses).attach(wire::stage(listener));
    let page = |role, port| page::rocket(&config(port), role, &addresses);
    let all_up = Arc::new(Barrier::new(3));

    // Each of the three stops at Ctrl-C. If one of them cannot start, the others are dropped.
    let outcome = try_join!(
        run("The API", api, &all_up, &addresses),
        run("The page", page(Role::Named, NAMED_PORT), &all_up, &addresses),
        run("The page of another origin", page(Role::Stranger, stranger_port), &all_up, &addresses),
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
    let (all_up, welcome) = (Arc::clone(all_up), welcome(addresses));
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

fn welcome(addresses: &Addresses) -> String {
    let Addresses { api, named, stranger } = addresses;
    format!(
        "
The playground is up. Open both pages in a browser:

  {named:<22}   the policies name this origin
  {stranger:<22}   they do not name this one

The API is at {api}, its handlers and their policies are in playground/api.rs.
ROCKET_LOG_LEVEL=normal shows what it logs. Ctrl-C stops everything.
"
    )
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

/// This port, or another that is free.
fn free_port(preferred: u16) -> Option<u16> {
    if is_free(preferred) {
        return Some(preferred);
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
    let port = listener.local_addr().ok()?.port();
    println!("Port {preferred} is taken, so port {port} stands in for it.");
    Some(port)
}

/// Whether nothing listens on this port. Browsers may try `::1` first for `localhost`, so another program there would
/// be taken for one of the three servers.
fn is_free(port: u16) -> bool {
    let addresses: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    addresses.iter().all(|address| match TcpListener::bind((*address, port)) {
        Ok(_) => true,
        // Other errors say that this machine has no such address.
        Err(error) => error.kind() != ErrorKind::AddrInUse,
    })
}

#[cfg(test)]
mod tests {
    use super::NAMED_PORT;
    use crate::addresses::localhost;

    #[test]
    fn the_policies_name_the_page() {
        let origin = localhost(NAMED_PORT);
        assert!(include_str!("api.rs").contains(&format!("origins = [\"{origin}\"]")), "api.rs does not name {origin}");
    }
}
