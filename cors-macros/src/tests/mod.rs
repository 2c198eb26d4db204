//! Tests of the attribute as a function on tokens. What the compiler makes of the output is tested in `tests/`.

mod cases;
mod expansions;
mod grammar;
mod messages;
mod outputs;
mod signature;
mod tables;
mod tsv;
mod written;

use std::io::{self, Write as _};
use std::path::Path;

/// Whether the test can read files of the workspace. In the published package, which is without them, a line says that it
/// is left out.
fn in_workspace(test: &str) -> bool {
    // Cargo adds this file to each package, and the workspace never has it.
    let is_package = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml.orig")).exists();
    if is_package {
        // The harness withholds what is printed. Nobody is there to be told where this fails.
        let _ =
            io::stderr().write_all(format!("{test} was LEFT OUT: its files are in the repository only\n").as_bytes());
    }
    !is_package
}
