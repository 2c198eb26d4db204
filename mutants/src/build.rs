//! The copy of the workspace, and which mutants the compiler takes.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use serde::Deserialize;
use serde_json::Value;

use crate::{Mutant, Result, place};

/// The settings of cargo-mutants, as far as they are about tests.
#[derive(Deserialize)]
pub(crate) struct Settings {
    test_package: Vec<String>,
    additional_cargo_args: Vec<String>,
    additional_cargo_test_args: Vec<String>,
}

/// The programs of tests that are full of the attribute: folders of `tests`. The last one compiles others itself.
const EXPANDED: [&str; 4] = ["attribute", "tower", "says", "compile"];

/// The root of each package, which has the switch.
const ROOT: &str = "src/lib.rs";

/// How far an error about a `match` reaches, and one about an expression, in bytes.
const LONGEST_MATCH: usize = 3000;
const LONGEST_EXPRESSION: usize = 400;

/// A copy of the workspace, which the mutants are written into.
pub(crate) struct Workspace {
    original: PathBuf,
    pub(crate) copy: PathBuf,
    target: PathBuf,
    settings: Settings,
}

/// A program of tests, and the folder of its package.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) file: PathBuf,
    pub(crate) folder: PathBuf,
}

pub(crate) struct Built {
    /// The mutants that are in the programs.
    pub(crate) placed: HashSet<usize>,
    /// Those that the compiler refuses.
    pub(crate) unviable: HashSet<usize>,
    pub(crate) programs: Vec<Program>,
}

impl Workspace {
    /// Copies what git knows of the workspace around this package.
    pub(crate) fn copy() -> Result<Self> {
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("a workspace")?.to_owned();
        let copy = original.join("target/mutants/source");
        if copy.exists() {
            fs::remove_dir_all(&copy)?;
        }
        let listed = succeed(Command::new("git").args(["ls-files", "-z"]).current_dir(&original))?;
        for file in String::from_utf8(listed.stdout)?.split_terminator('\0').map(Path::new) {
            let to = copy.join(file);
            fs::create_dir_all(to.parent().ok_or("a folder")?)?;
            fs::copy(original.join(file), to)?;
        }
        let settings = toml::from_str(&fs::read_to_string(original.join(".cargo/mutants.toml"))?)?;
        Ok(Workspace { target: original.join("target/mutants/target"), original, copy, settings })
    }

    /// The mutants of these packages, as cargo-mutants makes them.
    pub(crate) fn list(&self, packages: &[String]) -> Result<Vec<Mutant>> {
        let mut mutants = Vec::new();
        for package in packages {
            let mut command = Command::new("cargo");
            command.args(["mutants", "--list", "--json", "--package", package]).current_dir(&self.copy);
            mutants.extend(serde_json::from_slice::<Vec<Mutant>>(&succeed(&mut command)?.stdout)?);
        }
        Ok(mutants)
    }

    /// Builds the tests with all mutants in them that the compiler takes. One that it refuses is left out, and the build
    /// begins again.
    pub(crate) fn build(&self, mutants: &[Mutant]) -> Result<Built> {
        let mut unviable = HashSet::new();
        loop {
            let placed = self.write(mutants, &unviable)?;
            let (refused, programs) = self.compile(mutants)?;
            if let Some(programs) = programs {
                return Ok(Built { placed, unviable, programs });
            }
            let before = unviable.len();
            unviable.extend(refused);
            if unviable.len() == before {
                return Err("the compiler refuses something else".into());
            }
            println!("{} unviable", unviable.len());
        }
    }

    fn write(&self, mutants: &[Mutant], without: &HashSet<usize>) -> Result<HashSet<usize>> {
        let mut files: BTreeMap<PathBuf, Vec<(usize, &Mutant)>> = BTreeMap::new();
        for (id, mutant) in mutants.iter().enumerate() {
            files.entry(Path::new(&mutant.package).join(ROOT)).or_default();
            let of_file = files.entry(mutant.file.clone()).or_default();
            if !without.contains(&id) {
                of_file.push((id, mutant));
            }
        }
        let mut placed = HashSet::new();
        for (file, mutants) in files {
            let (mut source, written) = place::place(&fs::read_to_string(self.original.join(&file))?, &mutants)?;
            if file.ends_with(ROOT) {
                source += place::SWITCH;
            }
            // What has not changed is not built again.
            if fs::read_to_string(self.copy.join(&file))? != source {
                fs::write(self.copy.join(file), source)?;
            }
            placed.extend(written);
        }
        Ok(placed)
    }

    fn cargo(&self, verb: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command.args(verb).args(["--message-format=json", "--quiet"]).current_dir(&self.copy);
        command.env("CARGO_TARGET_DIR", &self.target).env("CARGO_PROFILE_DEV_DEBUG", "0");
        command.env("RUSTFLAGS", "--cap-lints allow");
        command.args(self.settings.test_package.iter().flat_map(|package| ["--package", package]));
        command.args(&self.settings.additional_cargo_args);
        command
    }

    /// Compiles the programs of tests that use the attribute anew, with one mutant of it. `None` if they do not compile.
    pub(crate) fn expand(&self, id: usize) -> Result<Option<Vec<Program>>> {
        let mut command = self.cargo(&["test", "--no-run"]);
        command.env("CORS_MUTANT", id.to_string());
        for name in EXPANDED {
            touch(&self.copy.join("tests").join(name))?;
            command.args(["--test", name]);
        }
        let output = command.output()?;
        let messages = output.stdout.split(|byte| *byte == b'\n');
        let programs = messages.filter_map(|line| program(&serde_json::from_slice(line).ok()?)).collect();
        Ok(output.status.success().then_some(programs))
    }

    /// The mutants that the compiler refuses; or the programs, if there are none.
    fn compile(&self, mutants: &[Mutant]) -> Result<(HashSet<usize>, Option<Vec<Program>>)> {
        // The libraries first: an error in one of them hides those in the tests.
        let mut refused = HashSet::new();
        for verb in [&["check"][..], &["test", "--no-run"]] {
            let mut command = self.cargo(verb);
            if verb[0] == "test" {
                command.args(&self.settings.additional_cargo_test_args);
            }
            let output = command.output()?;
            let messages = output.stdout.split(|byte| *byte == b'\n');
            let messages: Vec<Value> = messages.filter_map(|line| serde_json::from_slice(line).ok()).collect();
            for message in &messages {
                refused.extend(self.refused(message, mutants)?);
            }
            if !output.status.success() {
                if refused.is_empty() {
                    eprintln!("{}", String::from_utf8_lossy(&output.stderr));
                }
                return Ok((refused, None));
            }
            if verb[0] == "test" {
                return Ok((refused, Some(messages.iter().filter_map(program).collect())));
            }
        }
        Ok((refused, None))
    }

    /// The mutants that an error is about: those in the text that it underlines, or the last one before it.
    fn refused(&self, message: &Value, mutants: &[Mutant]) -> Result<Vec<usize>> {
        let message = &message["message"];
        let mut refused = Vec::new();
        if message["level"] != "error" {
            return Ok(refused);
        }
        for span in message["spans"].as_array().into_iter().flatten().filter(|span| span["is_primary"] == true) {
            let Some(name) = span["file_name"].as_str() else { continue };
            let Ok(source) = fs::read_to_string(self.copy.join(name)) else { continue };
            let byte = |key: &str| span[key].as_u64().and_then(|byte| usize::try_from(byte).ok()).unwrap_or_default();
            let (start, end) = (byte("byte_start"), byte("byte_end"));
            let of = |text: &str| text.split(')').next().and_then(|id| id.parse::<usize>().ok());
            let written =
                source.match_indices("__mutant(").filter_map(|(at, mark)| Some((at, of(&source[at + mark.len()..])?)));
            let (before, after): (Vec<_>, Vec<_>) = written.partition(|(at, _)| *at < start);
            let within = |end: usize| after.iter().take_while(move |(at, _)| *at < end).map(|(_, id)| *id);
            if message["code"]["code"] == "E0004" {
                // The arms of a `match` that do not cover all values under their conditions: the error is about its head.
                refused.extend(within(start + LONGEST_MATCH).filter(|id| mutants[*id].genre == "MatchArm"));
            } else if end - start < LONGEST_EXPRESSION && within(end).next().is_some() {
                refused.extend(within(end));
            } else {
                refused.extend(before.last().map(|(_, id)| *id));
            }
        }
        Ok(refused)
    }
}

/// Makes cargo compile the sources in a folder again: it does not know of the mutant that they are expanded with, and would
/// take what it has made of them with another one.
fn touch(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            touch(&path)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            fs::File::open(path)?.set_modified(SystemTime::now())?;
        }
    }
    Ok(())
}

/// The program of tests that cargo has built, if this message says so.
fn program(message: &Value) -> Option<Program> {
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?.to_owned();
    let package = folder.file_name()?.to_string_lossy().into_owned();
    let is_test = message["profile"]["test"] == true;
    let file = PathBuf::from(message["executable"].as_str().filter(|_| is_test)?);
    Some(Program { name: format!("{package}/{}", message["target"]["name"].as_str()?), file, folder })
}

fn succeed(command: &mut Command) -> Result<Output> {
    let output = command.output()?;
    if output.status.success() {
        Ok(output)
    } else {
        Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}
