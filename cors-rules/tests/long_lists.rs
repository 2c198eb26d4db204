//! Long lists, as configurations have them: the time to check one grows with its length and not with its square.

use std::time::{Duration, Instant};

use cors_rules::{Declared, Element, Scope, check};

/// The shortest time that it takes to check a list of so many entries, and how many findings there are.
fn fastest(entry: impl Fn(usize) -> String, length: usize) -> (Duration, usize) {
    (0..3).map(|_| time(&entry, length)).min().unwrap_or_default()
}

fn time(entry: impl Fn(usize) -> String, length: usize) -> (Duration, usize) {
    let texts: Vec<String> = (0..length).map(entry).collect();
    let declared = Declared {
        origins: Some(texts.iter().map(|text| Element::Text(text)).collect()),
        credentials: true,
        ..Declared::default()
    };
    let start = Instant::now();
    let findings = check(&declared, Scope::ConfiguredList).findings.len();
    (start.elapsed(), findings)
}

/// The text at a place of a list.
type Entry = fn(usize) -> String;

#[test]
fn a_list_takes_linear_time() {
    let lists: [(&str, Entry, bool); 9] = [
        ("origins", |i| format!("https://tenant-{i}.example.com"), false),
        ("apps", |i| format!("https+app://{i}"), true),
        ("domains", |i| format!("https://*.tenant-{i}.example.com"), false),
        ("nested", |i| format!("https://*.{}t{i}.example.com", "a.b.c.".repeat(8)), false),
        ("ports of one domain", |i| format!("https://*.example.com:{}", 20_000 + i), false),
        ("schemes", |i| format!("https+{i}://localhost:*"), true),
        ("covered", |i| if i == 0 { "https://*.a.com".into() } else { format!("https://x{i}.a.com") }, true),
        (
            "covered by the last",
            |i| if i == 9_999 { "https://*.a.com".into() } else { format!("https://*.x{i}.a.com") },
            true,
        ),
        ("wrong", |i| format!("https://tenant-{i}.example.com/"), true),
    ];
    for (name, entry, found) in lists {
        let (short, _) = fastest(entry, 1_000);
        let (long, findings) = fastest(entry, 10_000);
        println!("{name}: {short:?}, {long:?}, {findings} findings");
        assert_eq!(findings > 0, found, "{name}");
        // Ten times the length, and a hundred times the comparisons where each is compared with each.
        assert!(long < short * 40 + Duration::from_millis(50), "{name}: {short:?}, then {long:?}");
    }
}
