//! The playground on axum: an API with `#[cross_origin]` policies, and a page that calls it from two origins.
//!
//! `cargo run -p axum-playground` starts three servers on this machine and prints their addresses.
//!
//! | address | what it is | source |
//! |---|---|---|
//! | `http://localhost:8000` | the API: handlers in layers, and some without a layer | `api.rs` |
//! | `http://localhost:8001` | the page, on the origin that the policies name | `page.rs`, `../playground/page/` |
//! | `http://localhost:8002` | the same page, on an origin that they do not name | the same |
//!
//! Page and calls are those of the playground on Rocket, `cargo run -p examples`. Start reading in `api.rs`; the rest is the
//! playground's own:
//!
//! | file | what it does |
//! |---|---|
//! | `page.rs` | serves the page |
//! | `api.rs` | the API |
//! | `root.rs` | what the API says at its root |
//! | `journal.rs` | what the API saw of each call |
//! | `../playground/calls.rs`, `setup.rs`, `addresses.rs`, `ports.rs` | what does not depend on the framework |

#[path = "../playground/addresses.rs"]
mod addresses;
mod api;
#[path = "../playground/calls.rs"]
mod calls;
mod journal;
mod page;
#[path = "../playground/ports.rs"]
mod ports;
mod root;
#[path = "../playground/setup.rs"]
mod setup;
#[cfg(test)]
mod tests;

use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::{env, io, panic};

use axum::Router;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;
use tokio::{select, signal, try_join};
use tower::Layer as _;
use tracing_subscriber::filter::LevelFilter;

use addresses::Addresses;
use calls::Journal;
use ports::Ports;
use setup::Role;

/// The file of the handlers, for the messages.
const SOURCE: &str = "axum/api.rs";

#[tokio::main]
async fn main() -> ExitCode {
    // One handler panics on purpose, which is worth no more than its message.
    panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
    // What is logged would bury the links, so it is silent unless asked.
    let level = env::var("RUST_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::OFF);
    tracing_subscriber::fmt().with_max_level(level).with_writer(io::stderr).init();

    let ports = match Ports::free(SOURCE) {
        Ok(ports) => ports,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    // Each of the three stops at Ctrl-C.
    let outcome = select! {
        outcome = serve(ports) => outcome,
        outcome = signal::ctrl_c() => outcome,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The playground ended: {error}.");
            ExitCode::FAILURE
        }
    }
}

/// Runs the three servers, and says where they are.
async fn serve(ports: Ports) -> io::Result<()> {
    let listen = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let (listener, named, stranger) = try_join!(listen(ports.api), listen(ports.named), listen(ports.stranger))?;
    let addresses = Addresses::new(ports.api, ports.named, ports.stranger);
    println!("{}", addresses.welcome(SOURCE, "RUST_LOG=info"));
    try_join!(
        axum::serve(listener, with_journal(&addresses)).into_future(),
        axum::serve(named, page::router(Role::Named, &addresses)).into_future(),
        axum::serve(stranger, page::router(Role::Stranger, &addresses)).into_future(),
    )?;
    Ok(())
}

/// The API with the journal around it: outside of the router, where axum has set all its headers.
fn with_journal(addresses: &Addresses) -> Router {
    let journal = Journal::default();
    let application = api::application(root::routes(addresses).merge(journal::routes(journal.clone())));
    Router::new().fallback_service(from_fn_with_state(journal, journal::note).layer(application))
}
