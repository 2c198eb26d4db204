//! What README.md and docs/ say is what the code does, and the code is laid out as it should be.
//!
//! | file | what is compared |
//! |---|---|
//! | `readme` | README.md and docs/*.md: quotations, links, tables of arguments |
//! | `features` | docs/features.md: every feature names a test, and the test exists |
//! | `lints` | docs/lints, which is written here, and the cases in `compile/` that it shows |
//! | `circles`, `arrows` | the crates: files do not import each other in a circle, and the core does not name Rocket |
//!
//! `lint_pages.rs` and `migration_pages.rs` belong to the library in `support/`: they make the examples doc tests.

mod arrows;
mod circles;
mod features;
mod lints;
mod readme;
