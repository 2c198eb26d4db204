//! What the library adds to builds and binaries: applications are written into a folder, built, and compared.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use tempfile::TempDir;

use crate::table::{Table, times};
use crate::{Result, page};

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const HANDLERS: usize = 600;
/// Checks of each application, in turn. The shortest counts: what else the machine does can only make it longer.
const CHECKS: usize = 7;

/// The three hello-worlds: without the library, with it, and with a list of the configuration.
const HELLO: [(&str, &str, &str); 3] = [
    ("plain", "", "rocket::build()"),
    (
        "library",
        "#[cors_runtime::cross_origin(origins = [\"https://app.example.com\"])]\n",
        "rocket::build().attach(cors_runtime::rocket::CrossOrigin::fairing())",
    ),
    (
        "configured",
        "#[cors_runtime::cross_origin(origins = [config(\"partners\")])]\n",
        "rocket::build().attach(cors_runtime::rocket::CrossOrigin::fairing())",
    ),
];

pub(crate) fn build(write: bool) -> Result<()> {
    let folder = TempDir::new()?;
    let text = format!("{}\n{}", hello(folder.path())?, handlers(folder.path())?);
    println!("{text}");
    if write { page::write("builds", &text) } else { Ok(()) }
}

/// Clean builds of hello-world, and its stripped binary.
fn hello(folder: &Path) -> Result<Table> {
    let head = ["hello-world", "without", "with", "difference", "with a configured list", "difference"];
    let mut table = Table::new(head.map(str::to_owned).to_vec());
    let mut sizes = Vec::new();
    let mut debug = Vec::new();
    let mut release = Vec::new();
    for (name, attribute, build) in HELLO {
        let source = format!(
            "{attribute}#[rocket::get(\"/\")]\nfn hello() -> &'static str {{\n    \"hello\"\n}}\n\n\
             #[rocket::launch]\nfn rocket() -> _ {{\n    {build}.mount(\"/\", rocket::routes![hello])\n}}\n"
        );
        let package = package(folder, name, &source)?;
        debug.push(cargo(&package, "build", &[])?);
        release.push(cargo(&package, "build", &["--release"])?);
        #[expect(clippy::cast_precision_loss, reason = "some megabytes")]
        sizes.push(fs::metadata(package.join("target/release").join(name))?.len() as f64 / 1_000_000.0);
        fs::remove_dir_all(package.join("target"))?;
    }
    let clock = |took: &[Took]| took.iter().map(|took| took.clock).collect::<Vec<_>>();
    let processor = |took: &[Took]| took.iter().map(|took| took.processor).collect::<Vec<_>>();
    for (what, values, unit) in [
        ("clean debug build, clock", clock(&debug), "s"),
        ("the same, processors", processor(&debug), "s"),
        ("clean release build, clock", clock(&release), "s"),
        ("the same, processors", processor(&release), "s"),
        ("stripped release binary", sizes, "MB"),
    ] {
        let places = if unit == "s" { 0 } else { 2 };
        let text = |value: f64| format!("{value:.places$} {unit}");
        let (plain, with, configured) = (values[0], values[1], values[2]);
        let row = [text(plain), text(with), text(with - plain), text(configured), text(configured - plain)];
        table.row([what.to_owned()].into_iter().chain(row).collect());
    }
    Ok(table)
}

/// `cargo check` of an application with many handlers, after a change to it.
fn handlers(folder: &Path) -> Result<Table> {
    let packages = [("handlers-plain", false), ("handlers-library", true)]
        .map(|(name, annotated)| package(folder, name, &many_handlers(annotated)));
    let packages: Vec<PathBuf> = packages.into_iter().collect::<Result<_>>()?;
    let mut best = [f64::INFINITY; 2];
    for round in 0..=CHECKS {
        for (package, best) in packages.iter().zip(&mut best) {
            let main = package.join("src/main.rs");
            let source = fs::read_to_string(&main)?;
            fs::write(&main, format!("{source}\n// {round}\n"))?;
            let seconds = cargo(package, "check", &[])?.clock;
            // The first one checks Rocket too.
            if round > 0 {
                *best = best.min(seconds);
            }
        }
    }
    let [plain, library] = best;
    let what = format!("`cargo check`, {HANDLERS} handlers");
    let mut table = Table::new([what.as_str(), "without", "with", "with / without"].map(str::to_owned).to_vec());
    table.row(vec![
        "after a change".to_owned(),
        format!("{plain:.2} s"),
        format!("{library:.2} s"),
        times(library / plain),
    ]);
    Ok(table)
}

fn many_handlers(annotated: bool) -> String {
    let attribute = if annotated {
        "#[cors_runtime::cross_origin(origins = [\"https://app.example.com\"], credentials)]\n"
    } else {
        ""
    };
    let mut source = String::new();
    let mut names = Vec::new();
    for number in 0..HANDLERS {
        let _ = write!(
            source,
            "{attribute}#[rocket::get(\"/h{number}/<id>?<page>\")]\n\
             fn h{number}(id: u64, page: Option<u32>) -> String {{\n    format!(\"{{id}} {{page:?}}\")\n}}\n\n"
        );
        names.push(format!("h{number}"));
    }
    let build = if annotated { HELLO[1].2 } else { HELLO[0].2 };
    let mut mounts = String::new();
    for names in names.chunks(50) {
        let _ = write!(mounts, ".mount(\"/\", rocket::routes![{}])", names.join(", "));
    }
    let _ = write!(source, "#[rocket::launch]\nfn rocket() -> _ {{\n    {build}{mounts}\n}}\n");
    source
}

/// A separate package, with the dependencies in the versions of this workspace.
fn package(folder: &Path, name: &str, source: &str) -> Result<PathBuf> {
    let package = folder.join(name);
    fs::create_dir_all(package.join("src"))?;
    let library = if source.contains("cors_runtime") {
        let path = fs::canonicalize(WORKSPACE)?.join("cors-runtime");
        format!("cors-runtime = {{ path = {:?} }}\n", path.display().to_string())
    } else {
        String::new()
    };
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nrocket = {{ version = \"0.5.1\", default-features = false }}\n{library}\n\
         [profile.release]\nstrip = true\n"
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::write(package.join("src/main.rs"), source)?;
    fs::copy(Path::new(WORKSPACE).join("Cargo.lock"), package.join("Cargo.lock"))?;
    let toolchain = "rust-toolchain.toml";
    fs::copy(Path::new(WORKSPACE).join(toolchain), package.join(toolchain))?;
    Ok(package)
}

/// How many seconds a command takes.
struct Took {
    clock: f64,
    /// Of all its processes: what else the machine does moves this little.
    processor: f64,
}

/// Runs cargo. What the environment says about builds is left out.
fn cargo(package: &Path, command: &str, arguments: &[&str]) -> Result<Took> {
    let mut cargo = Command::new("cargo");
    cargo.arg(command).arg("-q").args(arguments).current_dir(package).env("CARGO_TARGET_DIR", package.join("target"));
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "RUSTC_WRAPPER", "CARGO_INCREMENTAL"]
    {
        cargo.env_remove(name);
    }
    let (started, before) = (Instant::now(), processor_seconds()?);
    let output = cargo.output()?;
    let took = Took { clock: started.elapsed().as_secs_f64(), processor: processor_seconds()? - before };
    if output.status.success() { Ok(took) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned().into()) }
}

/// Of all children of this process that have ended, and of theirs.
fn processor_seconds() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // proc(5): after the name in parentheses, cutime and cstime are the 14th and 15th, in hundredths.
    let (_, fields) = stat.rsplit_once(')').ok_or("/proc/self/stat has no name")?;
    let ticks = fields.split_whitespace().skip(13).take(2).map(str::parse::<f64>);
    Ok(ticks.sum::<std::result::Result<f64, _>>()? / 100.0)
}
