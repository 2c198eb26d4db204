//! What an editor does with a handler, it does with an annotated one: rust-analyzer renames, finds and completes the same.
//!
//! The handlers of `handlers.txt` are two programs, on the same lines: with the attribute at each `@`, and without.

#[path = "../compile/package.rs"]
mod package;
mod server;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use package::Package;
use serde_json::{Value, json};
use server::Server;

const HANDLERS: &str = include_str!("handlers.txt");
const ABOVE: &str = "#[cors_runtime::cross_origin(origins = [\"https://app.example.com\"], credentials)]";
const ABOVE_JSON: &str =
    "#[cors_runtime::cross_origin(origins = [\"https://app.example.com\"], allow_headers = [\"content-type\"])]";
const PLAIN: &str = "src/bin/plain.rs";
const ANNOTATED: &str = "src/bin/annotated.rs";

/// The handlers without the attribute, and with it.
fn program(annotated: bool) -> String {
    let (json, above) = if annotated { (ABOVE_JSON, ABOVE) } else { ("//", "//") };
    HANDLERS.replace("@json", json).replace('@', above)
}

/// A text without what differs between the two.
fn without_attributes(text: &str) -> String {
    text.replace(ABOVE_JSON, "//").replace(ABOVE, "//")
}

/// The editor, with both programs open. `None` where there is none. It ends with this process, which it reads from.
fn editor() -> Option<MutexGuard<'static, Server>> {
    static EDITOR: OnceLock<Option<Mutex<Server>>> = OnceLock::new();
    let start = || {
        let editor = Server::find()?;
        let package = Package::new("editor");
        for (bin, annotated) in [("plain", false), ("annotated", true)] {
            package.write(bin, &program(annotated));
        }
        let checked = package.cargo(&["check", "--offline", "--bins"]);
        let printed = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success(), "{printed}");
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tests/trybuild");
        Some(Mutex::new(Server::start(&editor, &package.0, &target)))
    };
    let mut editor = EDITOR.get_or_init(start).as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
    for (file, annotated) in [(PLAIN, false), (ANNOTATED, true)] {
        editor.open(file, &program(annotated));
    }
    Some(editor)
}

/// Where the name of a function begins, after `r#`.
fn definition(text: &str, name: &str) -> usize {
    let (found, begin) = (format!("fn {name}("), format!("fn {name}<"));
    let at = text.find(&found).or_else(|| text.find(&begin)).expect(name);
    at + "fn ".len() + if name.starts_with("r#") { 2 } else { 0 }
}

/// The text after the edits.
fn edited(text: &str, edits: &[Value]) -> String {
    let lines: Vec<usize> = [0].into_iter().chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let offset = |position: &Value| {
        let number = |name: &str| usize::try_from(position[name].as_u64().expect("a number")).expect("small");
        lines[number("line")] + number("character")
    };
    let mut edits: Vec<_> = edits
        .iter()
        .map(|edit| {
            let (start, end) = (offset(&edit["range"]["start"]), offset(&edit["range"]["end"]));
            (start, end, edit["newText"].as_str().expect("a text"))
        })
        .collect();
    edits.sort_unstable();
    let mut output = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        output.replace_range(start..end, new);
    }
    output
}

const NAMES: [&str; 15] = [
    "plain",
    "user",
    "add",
    "put_item",
    "remove",
    "change",
    "documented",
    "r#match",
    "called",
    "shadowed",
    "tracked",
    "inside",
    "of_module",
    "second",
    "local",
];

#[test]
fn a_rename_edits_what_it_edits_without_the_attribute() {
    let Some(mut editor) = editor() else { return };
    for name in NAMES {
        let [plain, annotated] = [(PLAIN, false), (ANNOTATED, true)].map(|(file, annotated)| {
            let text = program(annotated);
            let at = definition(&text, name);
            let answer = editor.ask("textDocument/rename", file, at, json!({ "newName": "renamed" }));
            let files = answer["result"]["documentChanges"].as_array().unwrap_or_else(|| panic!("{name}: {answer}"));
            assert_eq!(files.len(), 1, "{name}: {answer}");
            let edits = files[0]["edits"].as_array().expect("edits");
            // The function, and `routes!`.
            assert!(edits.len() >= 2, "{name}: {answer}");
            without_attributes(&edited(&text, edits))
        });
        assert_eq!(plain, annotated, "{name}");
    }
}

/// The lines and columns that an answer names, as far as they are in the same file.
fn places(answer: &Value) -> Vec<(u64, u64)> {
    let found = answer["result"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let start = |place: &Value| {
        let range = if place["range"].is_null() { &place["targetSelectionRange"] } else { &place["range"] };
        let number = |name: &str| range["start"][name].as_u64().expect("a number");
        (number("line"), number("character"))
    };
    let mut places: Vec<_> = found.iter().map(start).collect();
    places.sort_unstable();
    places
}

#[test]
fn references_and_definitions_are_found() {
    let Some(mut editor) = editor() else { return };
    for name in NAMES {
        let [plain, annotated] = [(PLAIN, false), (ANNOTATED, true)].map(|(file, annotated)| {
            let text = program(annotated);
            let at = definition(&text, name);
            let declared = json!({ "context": { "includeDeclaration": true } });
            places(&editor.ask("textDocument/references", file, at, declared))
        });
        assert!(!plain.is_empty(), "{name}");
        assert_eq!(plain, annotated, "{name}");
    }
    // From a call to the function that the user wrote, and not to what stands beside it.
    let [plain, annotated] = [(PLAIN, false), (ANNOTATED, true)].map(|(file, annotated)| {
        let at = program(annotated).find("called() +").expect("a call");
        places(&editor.ask("textDocument/definition", file, at, json!({})))
    });
    assert_eq!(plain.len(), 1);
    assert_eq!(plain, annotated);
    // From `routes!` also to the function.
    let text = program(true);
    let in_routes = text.find("plain, user").expect("routes") + "plain, ".len();
    let line = u64::try_from(text[..definition(&text, "user")].matches('\n').count()).expect("few lines");
    let found = places(&editor.ask("textDocument/definition", ANNOTATED, in_routes, json!({})));
    assert!(found.iter().any(|(at, _)| *at == line), "{found:?}");
}

fn hover(editor: &mut Server, word: &str) -> String {
    let at = program(true).find(word).expect("the word");
    let answer = editor.ask("textDocument/hover", ANNOTATED, at, json!({}));
    answer["result"]["contents"]["value"].as_str().unwrap_or_else(|| panic!("{word}: {answer}")).to_owned()
}

#[test]
fn the_attribute_and_its_arguments_are_explained() {
    let Some(mut editor) = editor() else { return };
    let attribute = hover(&mut editor, "cross_origin(");
    // The page of the attribute, whole: the editor lays out lists and tables again, and leaves out what is hidden.
    let page = include_str!("../../cors-macros/attribute.md");
    let is_text =
        |line: &&str| line.len() > 1 && !line.starts_with(['#', '<', ' ', '|', '-', '`']) && !line.contains("](");
    for line in page.lines().filter(is_text) {
        assert!(attribute.contains(line), "{line}\n{attribute}");
    }
    assert!(hover(&mut editor, "origins = [").contains("The origins of the pages that may call the handler."));
    assert!(hover(&mut editor, "credentials)").contains("Cookies, HTTP authentication and client certificates"));
    assert!(hover(&mut editor, "allow_headers").contains("Request headers that pages may send"));
    assert!(hover(&mut editor, "user(id").contains("fn user(id: u64) -> String"));
}

#[test]
fn a_body_is_completed_while_an_argument_is_half_typed() {
    let Some(mut editor) = editor() else { return };
    let body = "    format!(\"{id}\")";
    let with_body = program(true).replacen(body, "    let typed_before = id;\n    typed_b", 1);
    for half in ["cred", "credentials,", "max_age =", "max_age = ", "allow_headers = [\"x-\"", "origins = [", ""] {
        // An argument that is not closed would take the rest of the file with it, as it does in every attribute.
        let close = if half.ends_with('[') { "]" } else { "" };
        let close = if half.ends_with("-\"") { "]" } else { close };
        let all = format!("#[cors_runtime::cross_origin(origins = [\"https://app.example.com\"], {half}{close})]");
        let text = with_body.replacen(&format!("{ABOVE}\n#[get(\"/users"), &format!("{all}\n#[get(\"/users"), 1);
        assert!(text.contains(&all), "{half}");
        editor.open(ANNOTATED, &text);
        let at = text.find("    typed_b\n").expect("the word") + "    typed_b".len();
        let answer = editor.ask_in(&text, "textDocument/completion", ANNOTATED, at, &mut json!({}));
        let items = answer["result"]["items"].as_array().or(answer["result"].as_array()).cloned().unwrap_or_default();
        assert!(items.iter().any(|item| item["label"] == "typed_before"), "{half}: {answer}");
    }
}
