//! What must not compile, with the words of the errors, and what must: see `ui/`.
//!
//! | folder | what is in it |
//! |---|---|
//! | `pass` | programs that compile and run |
//! | `rules` | one mistake each, in what the policy says: `<rule>.rs`, and `<rule>--<another face of it>.rs` |
//! | `arguments` | one mistake each, in how an argument is written, named in the same way |
//! | `syntax` | one mistake each that no rule is about |
//! | `vocabulary` | one mistake each about modules, named policies, lists and checks |
//! | `several` | several mistakes at once, or one that the compiler adds its own error to |
//! | `fixed` | the programs of `rules` as they should be; the pages in `docs/lints` show and test them |
//!
//! `TRYBUILD=overwrite cargo test -p cors-tests --test ui` writes the `.stderr` files anew.

#[test]
fn pass() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
}

// Apart from those that pass, so that all cases are one run of the compiler.
#[test]
#[cfg_attr(not(pinned_compiler), ignore = "the .stderr files belong to the compiler of rust-toolchain.toml")]
fn fail() {
    let cases = trybuild::TestCases::new();
    for folder in ["rules", "arguments", "syntax", "vocabulary", "several"] {
        cases.compile_fail(format!("ui/{folder}/*.rs"));
    }
}
