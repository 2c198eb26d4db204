//! `cargo cors`: see the README.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cargo_cors::run(std::env::args_os().skip(1).collect()))
}
