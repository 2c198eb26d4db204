//! What must not compile, with the words of the errors, and what must.
//!
//! | folder | what is in it |
//! |---|---|
//! | `pass` | programs that compile and run: each is a test of its own |
//! | `fail/rules` | one mistake each, in what the policy says: `<rule>.rs`, and `<rule>--<another face of it>.rs` |
//! | `fail/arguments` | one mistake each, in how an argument is written, named in the same way |
//! | `fail/grammar` | one mistake each that no rule is about |
//! | `fail/modules` | one mistake each about modules, named policies, lists and checks |
//! | `fail/several` | several mistakes at once, or one that the compiler adds its own error to |
//! | `fixed` | the programs of `fail/rules` as they should be; the pages in `docs/lints` show and test them |
//!
//! `routes` compiles a few thousand routes with and without the attribute, and compares. `mistakes` does it with handlers
//! that have one mistake each.
//!
//! `TRYBUILD=overwrite cargo test -p cors-tests --test compile` writes the `.stderr` files again.

mod mistakes;
mod package;
mod route_attributes;
mod routes;

#[test]
#[cfg_attr(not(pinned_compiler), ignore = "the .stderr files belong to the compiler of rust-toolchain.toml")]
fn fail() {
    let cases = trybuild::TestCases::new();
    for folder in ["rules", "arguments", "grammar", "modules", "several"] {
        cases.compile_fail(format!("compile/fail/{folder}/*.rs"));
    }
}
