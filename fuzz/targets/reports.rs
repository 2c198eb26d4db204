//! A report in JSON: what is read is written again as it was, and two reports can be compared.
#![no_main]

use cors_runtime::Report;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(report) = serde_json::from_slice::<Report>(input) else { return };
    let written = serde_json::to_string(&report).expect("a report can be written");
    let read: Report = serde_json::from_str(&written).expect("what was written can be read");
    assert_eq!(read, report);
    let shown = report.to_string();
    let acts = |sign: char| sign.is_control() || ('\u{202a}'..='\u{202e}').contains(&sign);
    assert!(!shown.lines().any(|line| line.contains(acts)), "{shown:?}");
    // A line for each of them: no text adds one.
    let lines = report.shared.len() + report.fallbacks.len() + report.lists.iter().flatten().count();
    assert!((lines..=lines + 5).contains(&shown.lines().count()), "{shown:?}");
    assert!(report.diff(&read).is_empty());
    let _ = report.without_lines().without_lists().to_string();
});
