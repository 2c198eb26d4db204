//! All mutants of a package in one build: `cargo run --manifest-path mutants/Cargo.toml -- cors-rules`.
//!
//! `cargo mutants` builds the package again for each mutant, which takes days here. This takes its list of mutants, and its
//! settings, and writes all of them into a copy of the sources at once, each behind a condition that an environment variable
//! switches. It finds out which tests reach which mutant, and runs those, until one fails.
//!
//! - `place`: where a mutant stands in the source;
//! - `build`: the copy, and which mutants the compiler takes;
//! - `attempt`: the tests;
//! - `survivors`: what survives for a reason.

mod attempt;
mod build;
mod place;
mod survivors;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// A mutant as `cargo mutants --list --json` tells it.
#[derive(Clone, Debug, Deserialize)]
struct Mutant {
    name: String,
    package: String,
    file: PathBuf,
    genre: String,
    replacement: String,
    span: Span,
}

/// Where the replaced text begins, and where the text behind it.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Span {
    start: Place,
    end: Place,
}

/// Both count from one, and columns are characters.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Place {
    line: usize,
    column: usize,
}

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    /// In a constant, or in a form that cannot stand behind a condition.
    Unplaced,
    /// The compiler refuses it.
    Unviable,
    /// By the first of these tests that failed.
    Caught(String),
    /// It is reached by so many tests, none of which fails.
    Survived(usize),
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fate::Unplaced => f.write_str("unplaced"),
            Fate::Unviable => f.write_str("unviable"),
            Fate::Caught(by) => write!(f, "caught by {by}"),
            Fate::Survived(tests) => write!(f, "survived {tests} tests"),
        }
    }
}

fn main() -> Result<()> {
    let packages: Vec<String> = std::env::args().skip(1).collect();
    if packages.is_empty() || packages.iter().any(|package| package.starts_with('-')) {
        return Err("name packages: `cargo run --release --manifest-path mutants/Cargo.toml -- cors-rules`".into());
    }
    let workspace = build::Workspace::copy()?;
    let mutants = workspace.list(&packages)?;
    println!("{} mutants", mutants.len());
    let built = workspace.build(&mutants)?;
    let mut fates = attempt::all(&workspace, &mutants, &built)?;
    attempt::expanded(&workspace, &mutants, &mut fates)?;
    print(&mutants, &fates);
    print!("\n{}", survivors::differences(&mutants, &fates)?);
    Ok(())
}

/// A table of the packages.
fn print(mutants: &[Mutant], fates: &[Fate]) {
    let mut rows: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for (mutant, fate) in mutants.iter().zip(fates) {
        let row = rows.entry(&mutant.package).or_default();
        let column = match fate {
            Fate::Unplaced => 0,
            Fate::Unviable => 1,
            Fate::Caught(_) => 2,
            Fate::Survived(_) => 3,
        };
        row[column] += 1;
    }
    println!("\n| package | mutants | unplaced | unviable | caught | survived | caught of those tried |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for (package, [unplaced, unviable, caught, survived]) in rows {
        let tried = caught + survived;
        let share = 100.0 * caught as f64 / tried.max(1) as f64;
        let all = tried + unplaced + unviable;
        println!("| `{package}` | {all} | {unplaced} | {unviable} | {caught} | {survived} | {share:.1} % |");
    }
}
