//! A route that Rocket takes is a route: the attribute above a route attribute changes neither what compiles, nor what is
//! said where it does not, nor what is mounted.
//!
//! Each route is written twice, on the same lines of two programs: with the attribute, and without. The routes are those of
//! Rocket's own guide, tests and examples (`tests/cases/route_attributes.txt`), and generated ones: `CORS_ROUTES=5000` says
//! how many.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt::Write as _;

use cors_tests::Random;

use crate::package::Package;
use crate::route_attributes::{Handler, generate, handler};

const FROM_ROCKET: &str = include_str!("../cases/route_attributes.txt");

/// How many routes are generated, unless `CORS_ROUTES` says it.
const GENERATED: usize = 2_000;
/// How many of the routes that compile are built, mounted and compared. With `CORS_ROUTES`, all of them.
const MOUNTED: usize = 400;

/// Type of all parameters: whatever Rocket takes one for, this is right.
const PRELUDE: &str = r"
#![allow(unused, unused_variables)]
#[macro_use] extern crate rocket;
use rocket::{data::{self, Data, FromData}, form::{self, FromForm, Options, ValueField, DataField}};
use rocket::http::uri::{self, Segments, fmt::{Path, Query}};
use rocket::request::{FromParam, FromRequest, FromSegments, Outcome, Request};
pub struct P;
impl<'r> FromParam<'r> for P { type Error = (); fn from_param(_: &'r str) -> Result<P, ()> { Ok(P) } }
impl<'r> FromSegments<'r> for P { type Error = (); fn from_segments(_: Segments<'r, Path>) -> Result<P, ()> { Ok(P) } }
#[rocket::async_trait] impl<'r> FromRequest<'r> for P { type Error = (); async fn from_request(_: &'r Request<'_>) -> Outcome<P, ()> { Outcome::Success(P) } }
#[rocket::async_trait] impl<'r> FromData<'r> for P { type Error = (); async fn from_data(_: &'r Request<'_>, _: Data<'r>) -> data::Outcome<'r, P> { data::Outcome::Success(P) } }
#[rocket::async_trait] impl<'r> FromForm<'r> for P { type Context = (); fn init(_: Options) {} fn push_value(_: &mut (), _: ValueField<'r>) {} async fn push_data(_: &mut (), _: DataField<'r, '_>) {} fn finalize(_: ()) -> form::Result<'r, P> { Ok(P) } }
";

/// The handlers with these indices, each in a module, at lines that are the same with and without the attribute.
fn modules(handlers: &[Handler], which: impl Iterator<Item = usize>, prefix: char, above: &str) -> String {
    let mut text = String::new();
    for index in which {
        let Handler { attribute, signature } = &handlers[index];
        let _ = writeln!(text, "pub mod {prefix}{index} {{ use crate::P;\n{above}\n#[{attribute}]\n{signature}\n}}");
    }
    text
}

const ABOVE: &str = "#[cors_runtime::cross_origin(none)]";

/// The errors of a program, by the line that they are at.
fn errors(package: &Package, bin: &str) -> BTreeMap<u64, BTreeSet<String>> {
    let output = package.cargo(&["check", "--offline", "--message-format=json", "--bin", bin]);
    let mut errors: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let message = &message["message"];
        if message["level"] != "error" || message["spans"].as_array().is_none_or(Vec::is_empty) {
            continue;
        }
        let text = message["message"].as_str().unwrap_or_default();
        let children = message["children"].as_array().into_iter().flatten();
        let children: Vec<_> = children.filter_map(|child| child["message"].as_str()).collect();
        for span in message["spans"].as_array().into_iter().flatten().filter(|span| span["is_primary"] == true) {
            let columns = format!("{}..{}", span["column_start"], span["column_end"]);
            let line = span["line_start"].as_u64().unwrap_or_default();
            // Of what the macro names and Rocket did not make, nothing must be said.
            errors.entry(line).or_default().insert(format!("{columns} {text} {children:?}"));
        }
    }
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() || !errors.is_empty(), "{bin}: {printed}");
    errors
}

/// A module that compares what `uri!` calls. The macro of each handler calls a macro of the crate `rocket`, as that name is
/// known where it is called: here it is one that shows what it is given.
fn uris(taken: &[usize]) -> String {
    let mut text = "mod uris {\nmod rocket {\nmacro_rules! shown { ($($given:tt)*) => { stringify!($($given)*) } }\n\
        pub(super) use shown as rocket_internal_uri;\n}\npub fn compare() {\nfor (plain, annotated) in [\n"
        .to_owned();
    for index in taken {
        let [plain, annotated] =
            ['p', 'a'].map(|prefix| format!("crate::{prefix}{index}::rocket_uri_macro_handler!()"));
        let _ = writeln!(text, "({plain}, {annotated}),");
    }
    text + "] { assert!(plain == annotated && plain.starts_with('\"'), \"{plain}\\n{annotated}\"); }\n}\n}\n"
}

#[test]
fn what_rocket_takes_is_a_route() {
    let asked: Option<usize> = env::var("CORS_ROUTES").ok().map(|count| count.parse().expect("a number"));
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut attributes: Vec<String> = FROM_ROCKET.lines().map(str::to_owned).collect();
    attributes.extend((0..asked.unwrap_or(GENERATED)).map(|_| generate(&mut random)));
    let handlers: Vec<_> = attributes.into_iter().map(|attribute| handler(&mut random, attribute)).collect();

    // The routes that compile, and the errors for the rest.
    let package = Package::new("routes");
    let program =
        |above: &str| format!("{PRELUDE}\n{}\nfn main() {{}}\n", modules(&handlers, 0..handlers.len(), 'r', above));
    package.write("plain", &program("//"));
    package.write("annotated", &program(ABOVE));
    package.write("mounted", "fn main() {}");
    let (plain, annotated) = (errors(&package, "plain"), errors(&package, "annotated"));
    let lines: BTreeSet<_> = plain.keys().chain(annotated.keys()).copied().collect();
    let first = u64::try_from(PRELUDE.lines().count()).expect("few lines") + 2;
    let handler_of = |line: u64| usize::try_from((line - first) / 5).expect("few handlers");
    let mut wrong = String::new();
    for line in lines.iter().filter(|line| plain.get(line) != annotated.get(line)) {
        let Handler { attribute, signature } = &handlers[handler_of(*line)];
        let (plain, annotated) = (plain.get(line), annotated.get(line));
        let _ = writeln!(wrong, "#[{attribute}] {signature}\n  plain: {plain:?}\n  annotated: {annotated:?}");
    }
    assert!(wrong.is_empty(), "{wrong}");

    // What is mounted.
    let refused: BTreeSet<_> = lines.into_iter().map(handler_of).collect();
    let taken = (0..handlers.len()).filter(|index| !refused.contains(index));
    let taken: Vec<_> = taken.take(if asked.is_some() { usize::MAX } else { MOUNTED }).collect();
    assert!(taken.len() >= 100 && refused.len() >= 100, "{} taken, {} refused", taken.len(), refused.len());
    let mut program = PRELUDE.to_owned();
    program += &modules(&handlers, taken.iter().copied(), 'p', "");
    program += &modules(&handlers, taken.iter().copied(), 'a', ABOVE);
    program += "type Routes = Vec<rocket::Route>;\nfn main() {\nlet routes: Vec<fn() -> (Routes, Routes)> = vec![\n";
    for index in &taken {
        let _ = writeln!(program, "|| (routes![p{index}::handler], routes![a{index}::handler]),");
    }
    program += "];\nlet mut compared = 0;\nfor pair in routes {\nlet (plain, annotated) = pair();\n\
        for (plain, annotated) in plain.iter().zip(&annotated) {\n\
        assert_eq!((plain.method, plain.uri.to_string(), plain.rank, &plain.format, &plain.name, format!(\"{plain:?}\").len() > 0),\n\
        (annotated.method, annotated.uri.to_string(), annotated.rank, &annotated.format, &annotated.name, true));\n\
        compared += 1;\n}\n}\nuris::compare();\nprintln!(\"{compared}\");\n}\n";
    program += &uris(&taken);
    package.write("mounted", &program);
    let output = package.cargo(&["run", "--offline", "--quiet", "--bin", "mounted"]);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(printed.trim(), taken.len().to_string());
}
