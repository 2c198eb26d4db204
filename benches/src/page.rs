//! Writes what was measured into docs/performance.md, between two comments, and beside it.

use std::fs;
use std::num::NonZero;
use std::path::PathBuf;
use std::process::Command;
use std::thread::available_parallelism;

use crate::Result;

fn docs() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs"))
}

/// Replaces what stands between `<!-- benches: NAME -->` and the next `<!-- end -->` with the text, and with a line
/// about the machine.
pub(crate) fn write(name: &str, text: &str) -> Result<()> {
    let path = docs().join("performance.md");
    let page = fs::read_to_string(&path)?;
    let start = format!("<!-- benches: {name} -->\n");
    let (before, rest) = page.split_once(&start).ok_or_else(|| format!("docs/performance.md has no `{start}`"))?;
    let (_, after) = rest.split_once("<!-- end -->").ok_or("docs/performance.md has no `<!-- end -->`")?;
    fs::write(path, format!("{before}{start}\n{}\n\n{}\n\n<!-- end -->{after}", text.trim(), machine()?))?;
    Ok(())
}

/// What measured it.
fn machine() -> Result<String> {
    let rustc = String::from_utf8(Command::new("rustc").arg("--version").output()?.stdout)?;
    // rustc 1.95.0 (59807616e 2026-04-14)
    let rustc = rustc.split(" (").next().unwrap_or_default().trim().to_owned();
    let lock = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"))?;
    let rocket = lock.split_once("name = \"rocket\"\nversion = \"").and_then(|(_, rest)| rest.split('"').next());
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let processors = available_parallelism().map_or(1, NonZero::get);
    Ok(format!(
        "{rustc}, Rocket {}, release build, {processors} processors of {}.",
        rocket.unwrap_or("?"),
        processor.map_or("a kind that does not say its name", |(_, name)| name)
    ))
}

pub(crate) fn write_image(name: &str, image: &str) -> Result<()> {
    fs::write(docs().join("images").join(name), image)?;
    Ok(())
}
