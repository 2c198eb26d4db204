//! Writes what was measured into docs/performance.md, between two comments, and beside it.

use std::fs;
use std::path::PathBuf;

use crate::Result;

fn docs() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs"))
}

/// Replaces what stands between `<!-- benches: NAME -->` and the next `<!-- end -->`.
pub(crate) fn write(name: &str, text: &str) -> Result<()> {
    let path = docs().join("performance.md");
    let page = fs::read_to_string(&path)?;
    let start = format!("<!-- benches: {name} -->\n");
    let (before, rest) = page.split_once(&start).ok_or_else(|| format!("docs/performance.md has no `{start}`"))?;
    let (_, after) = rest.split_once("<!-- end -->").ok_or("docs/performance.md has no `<!-- end -->`")?;
    fs::write(path, format!("{before}{start}\n{}\n\n<!-- end -->{after}", text.trim()))?;
    Ok(())
}

pub(crate) fn write_image(name: &str, image: &str) -> Result<()> {
    fs::write(docs().join("images").join(name), image)?;
    Ok(())
}
