//! Writes the applications of the conformance test: for each policy in the tables a module with handlers and a struct, as a
//! user would write them.
//!
//! ```text
//! pub(crate) mod p03 {
//!     use crate::application::prelude::*;
//!
//!     #[cross_origin(origins = ["https://app.example.com"], credentials, max_age = 600)]
//!     #[get("/")]
//!     fn get(case: Case) -> Answer { answer(case) }
//!     …
//!     pub(crate) fn routes() -> Vec<Route> { routes![get, put] }
//!
//!     #[cross_origin(origins = ["https://app.example.com"], credentials, max_age = 600)]
//!     struct Shared;
//!     pub(crate) fn layer() -> CrossOriginLayer { Shared.layer() }
//! }
//! ```
//!
//! Nothing is known here about any one policy, so the table can be replaced by another.

mod policy;
#[path = "../../cors-macros/src/tests/tsv.rs"]
mod tsv;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use policy::{METHODS, Policy};

fn main() {
    pinned_compiler();
    if let Err(error) = run() {
        panic!("the handlers of the conformance test cannot be written: {error}");
    }
}

/// Sets the `cfg` `pinned_compiler` where this is the compiler of `rust-toolchain.toml`, whose words the `.stderr` files
/// of `compile/` have.
fn pinned_compiler() {
    println!("cargo::rustc-check-cfg=cfg(pinned_compiler)");
    println!("cargo::rerun-if-changed=../rust-toolchain.toml");
    let toolchain = fs::read_to_string("../rust-toolchain.toml").unwrap_or_default();
    let channel = toolchain.lines().find_map(|line| line.strip_prefix("channel = \"")?.strip_suffix('"'));
    let asked = Command::new(env::var_os("RUSTC").unwrap_or("rustc".into())).arg("--version").output();
    let version = asked.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    if version.split_whitespace().nth(1).is_some_and(|version| Some(version) == channel) {
        println!("cargo::rustc-cfg=pinned_compiler");
    }
}

fn run() -> Result<(), String> {
    let variable = |name: &str| env::var(name).map_err(|error| format!("{name}: {error}"));
    let folder = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("cases");
    let mut rows = Vec::new();
    for name in ["requests.tsv", "unasked.tsv"] {
        let table = folder.join(name);
        let table = table.to_str().ok_or("the path is not UTF-8")?;
        println!("cargo::rerun-if-changed={table}");
        rows.extend(tsv::read(table));
    }
    println!("cargo::rerun-if-changed=conformance/policy.rs");
    println!("cargo::rerun-if-changed=../cors-macros/src/tests/tsv.rs");

    let policies: BTreeSet<&str> = rows.iter().map(|row| row.raw("policy")).collect();
    let (mut modules, mut mounted, mut refused) = (String::new(), String::new(), String::new());
    for (index, cell) in policies.into_iter().enumerate() {
        let name = format!("p{index:02}");
        let policy = Policy::parse(cell)?;
        match module(&name, cell, &policy) {
            Ok(module) => {
                modules += &module;
                let Policy { credentials, ref methods, .. } = policy;
                let max_age = policy.max_age.as_deref();
                let mount = format!("/{name}");
                append(
                    &mut mounted,
                    format_args!(
                        "Mounted {{ policy: {cell:?}, mount: {mount:?}, credentials: {credentials}, \
                         max_age: {max_age:?}, methods: &{methods:?}, routes: {name}::routes, layer: {name}::layer }},\n"
                    ),
                );
            }
            Err(rules) => append(&mut refused, format_args!("({cell:?}, {rules:?}),\n")),
        }
    }
    let source = format!(
        "/// The policies of the table, and where their handlers are mounted.\n\
         pub(crate) const MOUNTED: &[Mounted] = &[\n{mounted}];\n\n\
         /// Policies that do not compile, and the rules that they break.\n\
         pub(crate) const REFUSED: &[(&str, &str)] = &[\n{refused}];\n\n\
         /// The methods that a handler can be written for.\n\
         pub(crate) const METHODS: &[&str] = &{METHODS:?};\n{modules}"
    );
    let target = Path::new(&variable("OUT_DIR")?).join("policies.rs");
    fs::write(target, source).map_err(|error| error.to_string())
}

/// The module of one policy, or the rules that it breaks.
fn module(name: &str, cell: &str, policy: &Policy) -> Result<String, String> {
    let mut handlers = String::new();
    let mut names = Vec::new();
    let format = policy.format.as_ref().map(|format| format!(", format = {format:?}")).unwrap_or_default();
    for method in policy.handlers() {
        let function = method.to_ascii_lowercase();
        append(
            &mut handlers,
            format_args!(
                "\n    #[cross_origin({})]\n    #[{function}(\"/\"{format})]\n    \
                 fn {function}(case: Case) -> Answer {{\n        answer(case)\n    }}\n",
                policy.arguments(Some(method))?
            ),
        );
        names.push(function);
    }
    let (routes, arguments) = (names.join(", "), policy.arguments(None)?);
    Ok(format!(
        "\n/// `{cell}`\npub(crate) mod {name} {{\n    use crate::application::prelude::*;\n{handlers}\n    \
         pub(crate) fn routes() -> Vec<Route> {{\n        routes![{routes}]\n    }}\n\n    #[cross_origin({arguments})]\n    struct Shared;\n\n    \
         pub(crate) fn layer() -> CrossOriginLayer {{\n        Shared.layer()\n    }}\n}}\n"
    ))
}

fn append(text: &mut String, more: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = text.write_fmt(more);
}
