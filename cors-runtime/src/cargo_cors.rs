//! What `cargo cors` asks an application by its environment, and how the answer is written.
//!
//! | variable | what it says |
//! |---|---|
//! | `CORS_REPORT` | the path of an existing file, which the report is written into, as JSON |
//! | `CORS_EXPLAIN` | with `CORS_REPORT`: a [`Question`](crate::Question), whose answers are written instead; or several, with an empty line between them, whose answers are written as a list |
//!
//! Without the feature `json` an application looks at neither, and a release build needs the feature `cargo-cors`.

use std::env;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{self, Write as _};

use serde_json::{Value, json};

use crate::question::{Answers, Question};
use crate::report::Report;

/// The name of the variable, for messages.
pub(crate) const REPORT: &str = "CORS_REPORT";
const EXPLAIN: &str = "CORS_EXPLAIN";

/// The file that the application is asked to write into.
pub(crate) struct Asked {
    pub(crate) path: OsString,
}

impl Asked {
    /// `None` if nothing is asked for.
    pub(crate) fn of_environment() -> Option<Self> {
        Some(Asked { path: env::var_os(REPORT).filter(|path| !path.is_empty())? })
    }

    /// Writes what is asked for.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn answer(
        &self,
        report: impl FnOnce() -> Report,
        explain: impl Fn(&Question) -> Result<Answers, String>,
    ) -> io::Result<()> {
        let text = match env::var_os(EXPLAIN) {
            None => json!(report()),
            Some(text) => answers(text, explain).unwrap_or_else(|error| json!({ "error": error })),
        }
        .to_string();
        // An existing file, so that a mistaken variable leaves no trace.
        OpenOptions::new().write(true).truncate(true).open(&self.path)?.write_all(text.as_bytes())
    }
}

fn answers(text: OsString, explain: impl Fn(&Question) -> Result<Answers, String>) -> Result<Value, String> {
    let text = text.into_string().map_err(|_| format!("{EXPLAIN} is not UTF-8"))?;
    let answer = |text: &str| {
        let question: Question = text.parse().map_err(|error| format!("the text of {EXPLAIN} is {error}"))?;
        explain(&question)
    };
    // A launch may take a while, so that whoever has many questions asks them all at once.
    let mut answers = text.split("\n\n").map(answer).collect::<Result<Vec<_>, _>>()?;
    Ok(if answers.len() == 1 { json!(answers.remove(0)) } else { json!(answers) })
}
