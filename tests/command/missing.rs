//! What a report lacks is said.

use cors_runtime::Report;

use crate::{Saved, cors, has_status, saved_report, stdout};

/// Status 0 says that nothing was opened, which nobody knows about lists that are left out.
#[test]
fn lists_that_are_not_compared_are_named() {
    let mut with: Report = serde_json::from_str(&saved_report()).expect("a report");
    let without_names = Saved::new("no-names.json", &json(&with.clone().without_lists()));
    with.shared[0].policy.lists.push("partners".to_owned());
    let without = Saved::new("without-lists.json", &json(&with.clone().without_lists()));
    let with = Saved::new("with-lists.json", &json(&with));
    let again = format!("save {0} again by `cargo cors report --json > {0}`", without.path());
    let leave_out = "leave out `--without-lists`";
    for (old, new, more, help) in [
        (&with, &with, None, None),
        (&without, &with, None, Some(again.clone())),
        (&with, &without, None, Some(again.clone())),
        (&without, &without, None, Some(again.clone())),
        (&with, &with, Some("--without-lists"), Some(leave_out.to_owned())),
        (&without, &with, Some("--without-lists"), Some(format!("{leave_out}, and {again}"))),
        (&without_names, &without_names, Some("--without-lists"), None),
    ] {
        let arguments: Vec<_> = ["diff", old.path(), new.path()].into_iter().chain(more).collect();
        let output = cors(&arguments);
        has_status(&output, 0);
        let note = help.map(|help| format!("note: what is in config(\"partners\") was not compared: {help}\n"));
        assert_eq!(String::from_utf8_lossy(&output.stderr), note.unwrap_or_default(), "{arguments:?}");
        assert_eq!(stdout(&output), "nothing was opened, and nothing was closed\n");
    }
}

/// A debug build does not know what a release build shares with in the place of `debug_origins = any`.
#[test]
fn origins_that_debug_builds_do_not_have_are_named() {
    let mut report: Report = serde_json::from_str(&saved_report()).expect("a report");
    let plain = Saved::new("without-any.json", &json(&report));
    let route = &mut report.shared[0];
    route.policy.origins = vec!["any".to_owned()];
    route.policy.debug_origins = vec!["any".to_owned()];
    let name = format!("{} {}", route.method, route.path);
    let debug = Saved::new("debug-any.json", &json(&report));
    let note = format!(
        "note: `origins` of {name} was not compared, since `debug_origins = any` stands in its place: compare release builds too, \
         with `--release --features cors-runtime/cargo-cors`\n"
    );
    for (old, new, note) in [(&debug, &debug, &*note), (&debug, &plain, &note), (&plain, &plain, "")] {
        let output = cors(&["diff", old.path(), new.path()]);
        assert_eq!(String::from_utf8_lossy(&output.stderr), note);
    }
}

fn json(report: &Report) -> String {
    serde_json::to_string(report).expect("JSON")
}

/// A program in place of cargo, which starts an application with such a report.
#[cfg(unix)]
#[test]
fn an_application_without_routes_is_told_from_an_empty_output() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    let mut report = Report::default();
    report.version = Report::VERSION;
    let report = json(&report);
    let script = format!("#!/bin/sh\ntest $1 = build || printf '%s' '{report}' > $CORS_REPORT\n");
    let script = Saved::new("cargo-without-routes", &script);
    set_permissions(script.path(), Permissions::from_mode(0o700)).expect("the mode is set");
    let told = |more: &[&str]| {
        let output =
            crate::command(&[&["report"], more].concat()).env("CARGO", script.path()).output().expect("starts");
        has_status(&output, 0);
        stdout(&output)
    };
    assert_eq!(told(&[]), "no routes are mounted, and no layers are named\n");
    assert_eq!(told(&["--all"]), told(&[]));
    let read: Report = serde_json::from_str(&told(&["--json"])).expect("a report");
    assert_eq!(json(&read), report);
}
