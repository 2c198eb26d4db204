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
    assert!(!shown.chars().any(|sign| sign.is_control() && sign != '\n'), "{shown:?}");
    assert!(report.diff(&read).is_empty());
    let _ = report.without_lines().without_lists().to_string();
});
