//! One mistake, one error: a handler with a mistake gives no more errors with the attribute than without, and the same
//! one first, at the same place.
//!
//! Each mistake of `mistakes.txt` is two programs, with the attribute above the route attribute and without.
//! `CORS_MISTAKES=FILE` tries those of another file. `CORS_PRINT=1` prints what is said of each.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::{env, fs};

use crate::package::Package;

const MISTAKES: &str = include_str!("mistakes.txt");
const PRELUDE: &str = "#[allow(unused_imports)] use rocket::{delete, get, head, options, post, route, routes};";

/// A handler with a mistake.
struct Mistake<'a> {
    name: &'a str,
    /// How many errors more there are with the attribute, with a reason.
    more: Option<usize>,
    /// Another error is first with the attribute, with a reason.
    other: bool,
    text: &'a str,
}

impl<'a> Mistake<'a> {
    fn parse(section: &'a str) -> Self {
        let (name, text) = section.split_once('\n').expect("a name, and a program");
        let (exception, rest) = text.split_once('\n').expect("a program");
        let Some((exception, _reason)) = exception.split_once(" because ") else {
            return Mistake { name: name.trim(), more: None, other: false, text };
        };
        let more = exception.strip_prefix('+').map(|more| more.parse().expect("a number"));
        assert!(more.is_some() || exception == "another first", "{exception}");
        Mistake { name: name.trim(), more, other: more.is_none(), text: rest }
    }

    /// The program, with the same lines whatever is above the route attribute.
    fn program(&self, above: &str) -> String {
        let (inner, text): (Vec<_>, Vec<_>) = self.text.lines().partition(|line| line.starts_with("#!["));
        let mut program = inner.join("\n");
        if !text.contains(&"no prelude") {
            program += PRELUDE;
        }
        program += "\n";
        for line in text.iter().filter(|line| **line != "no prelude") {
            let _ = writeln!(program, "{}", if line.trim() == "@" { above } else { line });
        }
        if !self.text.contains("fn main()") {
            program += "fn main() {\n    drop(rocket::build().mount(\"/\", rocket::routes![f]));\n}\n";
        }
        program
    }
}

/// What the compiler says of a program, in its order.
#[derive(Default)]
struct Said {
    errors: Vec<String>,
    warnings: Vec<String>,
    printed: String,
}

fn said(package: &Package, names: &[String]) -> BTreeMap<String, Said> {
    let output = package.cargo(&["check", "--offline", "--keep-going", "--message-format=json", "--bins"]);
    let mut all: BTreeMap<String, Said> = names.iter().map(|name| (name.clone(), Said::default())).collect();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let (Some(bin), message) = (message["target"]["name"].as_str(), &message["message"]) else { continue };
        let (Some(said), Some(text)) = (all.get_mut(bin), message["message"].as_str()) else { continue };
        let spans = message["spans"].as_array().map(Vec::as_slice).unwrap_or_default();
        let Some(primary) = spans.iter().find(|span| span["is_primary"] == true) else { continue };
        let text = format!("{}:{} {text}", primary["line_start"], primary["column_start"]);
        said.printed += message["rendered"].as_str().unwrap_or_default();
        match message["level"].as_str() {
            Some("error") => said.errors.push(text),
            Some("warning") => said.warnings.push(text),
            _ => {}
        }
    }
    assert!(all.values().any(|said| !said.errors.is_empty()), "{}", String::from_utf8_lossy(&output.stderr));
    all
}

#[test]
fn one_mistake_is_one_error() {
    let file = env::var("CORS_MISTAKES").ok().map(|file| fs::read_to_string(file).expect("a file of mistakes"));
    let text = file.as_deref().unwrap_or(MISTAKES);
    let mistakes: Vec<_> = text.split("\n== ").skip(1).map(Mistake::parse).collect();
    let package = Package::new("mistakes");
    let mut names = Vec::new();
    for mistake in &mistakes {
        for (with, above) in [("plain", "//"), ("annotated", "#[cors_runtime::cross_origin(none)]")] {
            let name = format!("{}--{with}", mistake.name);
            package.write(&name, &mistake.program(above));
            names.push(name);
        }
    }
    package.only(&names);
    let said = said(&package, &names);

    let print = env::var_os("CORS_PRINT").is_some();
    let mut wrong = String::new();
    let mut same = 0;
    for Mistake { name, more, other, .. } in &mistakes {
        let [plain, annotated] = ["plain", "annotated"].map(|with| &said[&format!("{name}--{with}")]);
        let allowed = plain.errors.len() + more.unwrap_or_default();
        let as_many = match more {
            Some(_) => annotated.errors.len() == allowed,
            None => annotated.errors.len() <= allowed,
        };
        let right = as_many
            && (*other || plain.errors.is_empty() || plain.errors.first() == annotated.errors.first())
            // Rocket leaves out a function that it refuses, and the compiler then has nothing to warn of.
            && (plain.warnings == annotated.warnings || !plain.errors.is_empty());
        same += usize::from(plain.errors == annotated.errors && plain.warnings == annotated.warnings);
        if !right || print {
            let _ = writeln!(
                wrong,
                "## {name}: {} errors, {} with the attribute; {} warnings, {}\n{}\n-- with the attribute\n{}",
                plain.errors.len(),
                annotated.errors.len(),
                plain.warnings.len(),
                annotated.warnings.len(),
                plain.printed,
                annotated.printed
            );
        }
    }
    println!("{} mistakes, {same} with the same errors and warnings\n{wrong}", mistakes.len());
    assert!(print || wrong.is_empty(), "more or other errors than without the attribute:\n{wrong}");
    assert!(mistakes.len() >= 60 || file.is_some(), "{} mistakes", mistakes.len());
}
