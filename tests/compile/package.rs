//! A package outside of the workspace, for programs that are compiled with and without the attribute.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// A package that depends on the runtime crate as an application does.
pub(super) struct Package(PathBuf);

impl Package {
    pub(super) fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(folder.join("src/bin")).expect("a folder");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
             cors-runtime = {{ path = '{}', features = [\"tracing\"] }}\n\
             rocket = {{ version = \"0.5.1\", default-features = false, features = [\"json\"] }}\n",
            root.join("cors-runtime").display()
        );
        fs::write(folder.join("Cargo.toml"), manifest).expect("written");
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("copied");
        Package(folder)
    }

    pub(super) fn write(&self, bin: &str, text: &str) {
        fs::write(self.0.join(format!("src/bin/{bin}.rs")), text).expect("written");
    }

    pub(super) fn cargo(&self, arguments: &[&str]) -> std::process::Output {
        // The folder in which trybuild has built the same dependencies.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tests/trybuild");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(&self.0).args(arguments).env("CARGO_TARGET_DIR", target).env_remove("RUSTFLAGS");
        cargo.output().expect("cargo runs")
    }

    /// Removes the programs of earlier runs.
    pub(super) fn only(&self, bins: &[String]) {
        for entry in fs::read_dir(self.0.join("src/bin")).expect("a folder").flatten() {
            let path = entry.path();
            let kept = path.file_stem().is_some_and(|stem| bins.iter().any(|bin| stem == bin.as_str()));
            if !kept {
                fs::remove_file(path).expect("removed");
            }
        }
    }
}
