//! Runs this program under valgrind, with everything fixed that would move the figures by chance.
//!
//! Each run launches an application and makes one request many times. Two runs of different length are compared, so
//! that the launch and the first request do not count.

use std::num::NonZero;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use tempfile::TempDir;

use crate::requests::Kind;
use crate::{Error, Result};

/// How many requests the shorter run makes, and the longer one.
const FEW: u32 = 100;
const MANY: u32 = 600;

pub(crate) struct Valgrind {
    program: PathBuf,
    /// Its files, and the libraries that are put in front of others.
    folder: TempDir,
    /// Whether addresses can be made the same in each run. A container may forbid it.
    fixed_addresses: bool,
    number: AtomicUsize,
}

impl Valgrind {
    /// `None` if there is no valgrind on this machine.
    pub(crate) fn find() -> Result<Option<Self>> {
        if Command::new("valgrind").arg("--version").output().is_err() {
            return Ok(None);
        }
        let folder = TempDir::new()?;
        for name in ["seed", "heap"] {
            let source = format!("{}/{name}.c", env!("CARGO_MANIFEST_DIR"));
            let library = folder.path().join(format!("{name}.so"));
            let flags = ["-O2", "-shared", "-fPIC", "-fno-builtin", "-ftls-model=initial-exec"];
            if !Command::new("cc").args(flags).arg(source).arg("-o").arg(library).status()?.success() {
                return Err(format!("{name}.c does not compile").into());
            }
        }
        let fixed_addresses = Command::new("setarch").args(["-R", "true"]).output().is_ok_and(|it| it.status.success());
        Ok(Some(Self { program: std::env::current_exe()?, folder, fixed_addresses, number: AtomicUsize::new(0) }))
    }

    /// What the tool says on its standard error, and the file that it writes.
    fn run(&self, tool: &str, kind: &[String], count: u32, seed: u32) -> Result<(String, PathBuf)> {
        let file = self.folder.path().join(self.number.fetch_add(1, Ordering::Relaxed).to_string());
        let mut command = Command::new(if self.fixed_addresses { "setarch" } else { "valgrind" });
        if self.fixed_addresses {
            command.args(["-R", "valgrind"]);
        }
        command.arg(format!("--tool={tool}")).arg(format!("--{tool}-out-file={}", file.display()));
        if tool == "callgrind" {
            command.arg("--dump-line=no");
        }
        command.arg(&self.program).arg("repeat").args(kind).arg(count.to_string());
        command.env_clear().env("SEED", seed.to_string());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        // DHAT counts what its own heap is asked for.
        let libraries: &[&str] = if tool == "callgrind" { &["seed.so", "heap.so"] } else { &["seed.so"] };
        let libraries: Vec<_> =
            libraries.iter().map(|name| self.folder.path().join(name).display().to_string()).collect();
        command.env("LD_PRELOAD", libraries.join(":"));
        let output = command.output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok((said, file)) } else { Err(format!("{kind:?}: {said}").into()) }
    }

    /// Instructions of the whole process.
    fn total(&self, kind: &[String], count: u32, seed: u32) -> Result<f64> {
        let (said, file) = self.run("callgrind", kind, count, seed)?;
        std::fs::remove_file(file)?;
        number_after(&said, "Collected : ").ok_or_else(|| format!("no count in: {said}").into())
    }

    /// Instructions of one request.
    pub(crate) fn instructions(&self, kind: Kind, seed: u32) -> Result<f64> {
        self.instructions_of(&kind.words(), seed)
    }

    /// The same of a request that these words of the command line name.
    pub(crate) fn instructions_of(&self, kind: &[String], seed: u32) -> Result<f64> {
        Ok((self.total(kind, MANY, seed)? - self.total(kind, FEW, seed)?) / f64::from(MANY - FEW))
    }

    /// Instructions of a launch, with the start of the process, which is small beside it.
    pub(crate) fn launch(&self, kind: Kind, seed: u32) -> Result<f64> {
        self.total(&kind.words(), 0, seed)
    }

    /// The shortest of some launches without valgrind, in milliseconds, with the start of the process.
    pub(crate) fn launch_time(&self, kind: Kind) -> Result<f64> {
        let mut shortest = f64::INFINITY;
        for _ in 0..5 {
            let started = Instant::now();
            let status = Command::new(&self.program).arg("repeat").args(kind.words()).arg("0").status()?;
            if !status.success() {
                return Err(format!("{kind:?} does not launch").into());
            }
            shortest = shortest.min(started.elapsed().as_secs_f64() * 1000.0);
        }
        Ok(shortest)
    }

    /// Allocations of one request, and their bytes.
    pub(crate) fn allocations(&self, kind: Kind) -> Result<[f64; 2]> {
        let total = |count| {
            let (said, file) = self.run("dhat", &kind.words(), count, 1)?;
            std::fs::remove_file(file)?;
            // Total:     123,456 bytes in 789 blocks
            let total = said.split_once("Total:").map(|(_, rest)| rest.trim_start());
            let blocks = total.and_then(|total| number_after(total, "bytes in "));
            let bytes = total.and_then(|total| number_after(total, ""));
            Ok::<_, Error>([blocks, bytes].map(Option::unwrap_or_default))
        };
        let (few, many) = (total(FEW)?, total(MANY)?);
        Ok([0, 1].map(|i| (many[i] - few[i]) / f64::from(MANY - FEW)))
    }

    /// How many instructions of a request each function takes: with those that it calls, or by itself alone.
    pub(crate) fn functions(&self, kind: Kind, inclusive: bool) -> Result<Vec<(String, f64)>> {
        let annotated = |count| {
            let (_, file) = self.run("callgrind", &kind.words(), count, 1)?;
            let inclusive = if inclusive { "--inclusive=yes" } else { "--inclusive=no" };
            let mut command = Command::new("callgrind_annotate");
            command.args(["--threshold=100", "--auto=no", "--tree=none", inclusive]).arg(&file);
            let output = String::from_utf8_lossy(&command.output()?.stdout).into_owned();
            Ok::<_, Error>(output)
        };
        let (few, many) = (annotated(FEW)?, annotated(MANY)?);
        let few: Vec<_> = by_function(&few, inclusive);
        let before = |name: &str| few.iter().find(|(known, _)| known == name).map_or(0.0, |&(_, count)| count);
        let many = by_function(&many, inclusive).into_iter();
        Ok(many
            .map(|(name, count)| {
                let each = (count - before(&name)) / f64::from(MANY - FEW);
                (name, each)
            })
            .collect())
    }
}

/// `12,345 ( 1.2%)  file.rs:function [object]`, one line for each file that the function has code of.
fn by_function(annotated: &str, inclusive: bool) -> Vec<(String, f64)> {
    let mut functions: Vec<(String, f64)> = Vec::new();
    for line in annotated.lines() {
        let Some((count, rest)) = line.trim_start().split_once(" (") else { continue };
        let (Ok(count), Some((_, place))) = (count.replace(',', "").parse::<f64>(), rest.split_once("%)  ")) else {
            continue;
        };
        let place = place.rsplit_once(" [").map_or(place, |(place, _)| place);
        let name = place.split_once(':').map_or(place, |(_, name)| name);
        match functions.iter_mut().find(|(known, _)| known == name) {
            // With its callees, a function has them in each of its files.
            Some((_, known)) if inclusive => *known = known.max(count),
            Some((_, known)) => *known += count,
            None => functions.push((name.to_owned(), count)),
        }
    }
    functions
}

/// The number after some words, with commas between its thousands.
fn number_after(text: &str, words: &str) -> Option<f64> {
    let (_, rest) = text.split_once(words)?;
    let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == ',').filter(|c| *c != ',').collect();
    digits.parse().ok()
}

/// Does the work for each item, on as many threads as there are processors. The results have the order of the items.
pub(crate) fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> Result<R> + Sync) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        while let Some((at, item)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, items.get(at)?)))
        {
            done.push((at, work(item)?));
        }
        Ok::<_, Error>(done)
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let mut done = Vec::new();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        for worker in workers {
            done.extend(worker.join().map_err(|_| "a thread has panicked")??);
        }
        Ok::<_, Error>(())
    })?;
    done.sort_by_key(|&(at, _)| at);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}
