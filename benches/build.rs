//! Writes policies with thousands of literal origins, which nobody would want to read in a source.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

/// The origin number `n`: all have the same length, so that finding one takes as many comparisons as it can take.
fn origin(n: u32) -> String {
    let letter = |n: u32| char::from_digit(10 + n % 26, 36).unwrap_or('?');
    format!("https://{}{}{}.example.com", letter(n / 676), letter(n / 26), letter(n))
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_MEASURE").is_none() {
        return;
    }
    let mut source = String::new();
    for (name, count) in [("Three", 3), ("Thousand", 1_000), ("TenThousand", 10_000)] {
        // The one that the requests come from, which is one of those that the numbers make.
        let mut origins = vec!["https://app.example.com".to_owned()];
        origins.extend((0..).map(origin).filter(|origin| origin != "https://app.example.com").take(count - 1));
        let _ = writeln!(
            source,
            "/// {count} origins.\n#[cross_origin(origins = {origins:?}, credentials, \
             allow_headers = [\"content-type\", \"x-request-id\", \"x-token\"], max_age = 600)]\npub(crate) struct {name};\n\
             pub(crate) const {}: &[&str] = &{origins:?};\n",
            name.to_uppercase()
        );
    }
    let directory = env::var_os("OUT_DIR").expect("cargo names a directory");
    fs::write(Path::new(&directory).join("lists.rs"), source).expect("the directory can be written");
}
