//! What README.md and docs/ say is what the code does, and the code is laid out as it should be.
//!
//! | file | what is compared |
//! |---|---|
//! | `readme` | README.md and docs/: quotations, tables of arguments |
//! | `links` | every page in the repository: its links, and the anchors that they name |
//! | `shipped` | `cors-runtime/src/guide`, which is written here: the pages for people who have only the crate |
//! | `book` | docs/SUMMARY.md, whose list of rules is written here, and the HTML of the book and of rustdoc |
//! | `features` | docs/features.md: every feature names a test, and the test exists |
//! | `lints` | docs/lints, which is written here, and the cases in `compile/` that it shows |
//! | `circles`, `arrows` | the crates: files do not import each other in a circle, and the core does not name Rocket |
//!
//! `lint_pages.rs` and `migration_pages.rs` belong to the library in `support/`: they make the examples doc tests.

mod arrows;
mod book;
mod circles;
mod features;
mod links;
mod lints;
mod markdown;
mod readme;
mod shipped;
