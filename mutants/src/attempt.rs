//! Runs the tests that reach a mutant, until one of them fails.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use wait_timeout::ChildExt as _;

use crate::build::{Built, Program, Workspace};
use crate::{Fate, Mutant, Result};

/// Tests of one program that run in one process, and how long that takes.
#[derive(Clone, Debug)]
struct Group<'b> {
    program: &'b Program,
    tests: Vec<String>,
    time: Duration,
}

/// The package of the attribute, whose mutants do something when other packages are compiled.
const ATTRIBUTE: &str = "cors-macros";

/// How long a program may take that is compiled with a mutant, or compiles others with it.
const EXPANDED: Duration = Duration::from_secs(900);

/// Tests that take less than this are run together.
const QUICK: Duration = Duration::from_millis(150);

/// What becomes of each mutant.
pub(crate) fn all(workspace: &Workspace, mutants: &[Mutant], built: &Built) -> Result<Vec<Fate>> {
    let tests = tests(built)?;
    println!("{} tests", tests.len());
    let reached: Vec<_> =
        in_parallel(tests.len(), |number| reached(workspace, number, &tests[number].0, &tests[number].1));
    let mut reaching: BTreeMap<usize, Vec<(usize, Duration)>> = BTreeMap::new();
    for (number, reached) in reached.into_iter().enumerate() {
        match reached? {
            Some((time, ids)) => ids.into_iter().for_each(|id| reaching.entry(id).or_default().push((number, time))),
            None => println!("left out, since it fails without a mutant: {} {}", tests[number].0.name, tests[number].1),
        }
    }
    let done = AtomicUsize::new(0);
    let fates = in_parallel(mutants.len(), |id| {
        if built.unviable.contains(&id) {
            return Ok(Fate::Unviable);
        }
        if !built.placed.contains(&id) {
            return Ok(Fate::Unplaced);
        }
        let reaching = reaching.get(&id).map_or(&[][..], Vec::as_slice);
        let fate = attempt(id, groups(&tests, reaching))?;
        println!("{fate}: {}", mutants[id].name);
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(100) {
            println!("{done} of {}", built.placed.len());
        }
        Ok(fate)
    });
    fates.into_iter().collect()
}

/// Tries what survived in the attribute once more, on programs that are compiled with it.
pub(crate) fn expanded(workspace: &Workspace, mutants: &[Mutant], fates: &mut [Fate]) -> Result<()> {
    let mut reliable: Option<Vec<String>> = None;
    for (id, (mutant, fate)) in mutants.iter().zip(fates).enumerate() {
        let Fate::Survived(survived) = fate else { continue };
        if mutant.package != ATTRIBUTE {
            continue;
        }
        let reliable = match &mut reliable {
            Some(reliable) => reliable,
            none => none.insert(reliable_programs(workspace, mutants.len())?),
        };
        let Some(programs) = workspace.expand(id)? else {
            *fate = Fate::Caught("the compiler".to_owned());
            println!("{fate}: {}", mutant.name);
            continue;
        };
        for program in programs.iter().filter(|program| reliable.contains(&program.name)) {
            if fails(program, &[], EXPANDED, id)? {
                *fate = Fate::Caught(program.name.clone());
                println!("{fate}: {}", mutant.name);
                break;
            }
            *survived += 1;
        }
    }
    Ok(())
}

/// The names of the programs that pass without a mutant, since there is none of this number.
fn reliable_programs(workspace: &Workspace, none: usize) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for program in workspace.expand(none)?.ok_or("the programs do not compile without a mutant")? {
        if fails(&program, &[], EXPANDED, none)? {
            println!("left out, since it fails without a mutant: {}", program.name);
        } else {
            names.push(program.name);
        }
    }
    Ok(names)
}

/// Whether these tests fail with a mutant. The machine may have something else to do meanwhile, and a test may fail now and
/// then, so they are asked again before they count as failing.
fn fails(program: &Program, tests: &[String], limit: Duration, id: usize) -> Result<bool> {
    for attempt in 0..2 {
        if passes(program, tests, limit, |command| {
            command.env("CORS_MUTANT", id.to_string());
        })? {
            if attempt > 0 {
                println!("failed once, and then passed: {} {}", program.name, tests.join(" "));
            }
            return Ok(false);
        }
    }
    Ok(true)
}

/// All tests, each with its program.
fn tests(built: &Built) -> Result<Vec<(Program, String)>> {
    let mut tests = Vec::new();
    for program in &built.programs {
        let listed = |more: &[&str]| -> Result<Vec<String>> {
            let output = command(program).arg("--list").args(more).output()?;
            let text = String::from_utf8(output.stdout)?;
            Ok(text.lines().filter_map(|line| line.strip_suffix(": test")).map(ToOwned::to_owned).collect())
        };
        let ignored = listed(&["--ignored"])?;
        let names = listed(&[])?.into_iter().filter(|name| !ignored.contains(name));
        tests.extend(names.map(|name| (program.clone(), name)));
    }
    Ok(tests)
}

/// Runs one test without a mutant. Returns how long it took, and which mutants it reaches; nothing if it fails.
fn reached(
    workspace: &Workspace,
    number: usize,
    program: &Program,
    test: &str,
) -> Result<Option<(Duration, Vec<usize>)>> {
    let list = workspace.copy.with_file_name("reached").join(number.to_string());
    fs::create_dir_all(list.parent().ok_or("a folder")?)?;
    if list.exists() {
        fs::remove_file(&list)?;
    }
    let start = Instant::now();
    if !passes(program, &[test.to_owned()], Duration::from_secs(300), |command| {
        command.env("CORS_MUTANTS_REACHED", &list);
    })? {
        return Ok(None);
    }
    let time = start.elapsed();
    let ids = if list.exists() { fs::read_to_string(&list)? } else { String::new() };
    Ok(Some((time, ids.lines().map(str::parse).collect::<std::result::Result<_, _>>()?)))
}

/// The tests that reach a mutant, the quickest first.
fn groups<'b>(tests: &'b [(Program, String)], reaching: &[(usize, Duration)]) -> Vec<Group<'b>> {
    let mut quick: BTreeMap<&Path, Group<'b>> = BTreeMap::new();
    let mut groups = Vec::new();
    for (number, time) in reaching {
        let (program, test) = &tests[*number];
        if *time >= QUICK {
            groups.push(Group { program, tests: vec![test.clone()], time: *time });
            continue;
        }
        let empty = Group { program, tests: Vec::new(), time: Duration::ZERO };
        let group = quick.entry(&program.file).or_insert(empty);
        group.tests.push(test.clone());
        group.time += *time;
    }
    groups.extend(quick.into_values());
    groups.sort_by_key(|group| group.time);
    groups
}

fn attempt(id: usize, groups: Vec<Group<'_>>) -> Result<Fate> {
    let mut survived = 0;
    for Group { program, tests, time } in groups {
        // A mutant may make an end of nothing.
        let limit = time * 8 + Duration::from_secs(6);
        if fails(program, &tests, limit, id)? {
            return Ok(Fate::Caught(program.name.clone()));
        }
        survived += tests.len();
    }
    Ok(Fate::Survived(survived))
}

/// Whether these tests pass, within a time.
fn passes(program: &Program, tests: &[String], limit: Duration, set: impl Fn(&mut Command)) -> Result<bool> {
    let mut command = command(program);
    command.args(["--quiet", "--test-threads=1"]);
    if !tests.is_empty() {
        command.arg("--exact").args(tests);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    set(&mut command);
    let mut child = command.spawn()?;
    let status = child.wait_timeout(limit)?;
    // What it has started ends with it.
    let group = format!("-{}", child.id());
    Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status()?;
    child.wait()?;
    Ok(status.is_some_and(|status| status.success()))
}

fn command(program: &Program) -> Command {
    let mut command = Command::new(&program.file);
    command.current_dir(&program.folder).env("CARGO_MANIFEST_DIR", &program.folder).env("RUST_BACKTRACE", "0");
    // The tests of a procedural macro need the compiler's library.
    static LIBRARIES: LazyLock<Option<String>> = LazyLock::new(|| {
        let folder = Command::new("rustc").args(["--print", "target-libdir"]).output().ok()?;
        Some(String::from_utf8(folder.stdout).ok()?.trim().to_owned())
    });
    command.envs(LIBRARIES.as_ref().map(|folder| ("LD_LIBRARY_PATH", folder)));
    command
}

/// The results of a function for the numbers up to a count, by as many threads as there are processors.
fn in_parallel<T: Send>(count: usize, each: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(count));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return;
                    }
                    let result = each(number);
                    results.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((number, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
