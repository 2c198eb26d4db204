//! `docs/browsers.md`: the table as people read it.
//!
//! A run in which the three engines agree with the table writes the page, with their versions, where `UPDATE_DOCS` is
//! set. Everywhere else the page has to say what the table says. The versions are the one line that may differ, since
//! every machine has its own engines; so the page can be compared where there is no engine at all.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::{env, fs};

use crate::cases;
use crate::engines::{ENGINES, Installed};
use crate::mistakes::{self, Mistake};
use crate::table::{Case, Outcome, Topic};
use crate::wpt;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/browsers.md");

/// How the line with the versions starts.
const VERSIONS: &str = "Written by a run with ";

/// Says that an engine agrees with the table. The last of the three writes the page, if that is asked for.
pub fn agrees(installed: &Installed) {
    static AGREE: Mutex<BTreeMap<&str, String>> = Mutex::new(BTreeMap::new());
    if env::var_os("UPDATE_DOCS").is_none() {
        return;
    }
    let mut agree = AGREE.lock().unwrap_or_else(PoisonError::into_inner);
    agree.insert(installed.engine.key(), installed.version());
    if agree.len() == ENGINES.len() {
        let versions: Vec<_> = agree.values().map(String::as_str).collect();
        fs::write(PATH, page(&format!("{VERSIONS}{}.", versions.join(", ")))).expect(PATH);
    }
}

#[test]
fn the_page_shows_this_table() {
    if env::var_os("UPDATE_DOCS").is_some() {
        return;
    }
    let written = fs::read_to_string(PATH).expect(PATH);
    let versions = written.lines().find(|line| line.starts_with(VERSIONS)).expect("a line with the versions");
    let expected = page(versions);
    let differing = written.lines().zip(expected.lines()).find(|(written, expected)| written != expected);
    assert!(
        written == expected,
        "docs/browsers.md is not what the table says: {differing:?}; with all three engines, \
         `UPDATE_DOCS=1 cargo test -p cors-tests --test browsers` writes it again"
    );
}

fn page(versions: &str) -> String {
    let topics = cases::topics();
    let total: usize = topics.iter().map(|topic| topic.cases.len()).sum();
    let mut page = format!(
        "<!-- Written by `UPDATE_DOCS=1 cargo test -p cors-tests --test browsers`. -->\n\n\
         # The policies in browsers\n\n\
         This page is evidence, for those who maintain the library. To use it, read the [guide](guide.md).\n\n\
         {total} cases in each of three engines: Chromium, Firefox and WebKit load one page, which calls an application \
         with `#[cross_origin]` from other origins. A case passes if the browser lets the script do what \
         the tables say, if the server sees exactly these requests, and if the script can read exactly these response \
         headers.\n\n\
         {versions}\n\n"
    );
    page += HOW;
    summary(&mut page, &topics);
    for topic in &topics {
        table(&mut page, topic);
    }
    exceptions(&mut page, &topics);
    made_on_purpose(&mut page);
    web_platform_tests(&mut page);
    page
}

const HOW: &str = "\
`cargo test -p cors-tests --test browsers` runs the engines that are installed, and says which are missing.
`CORS_BROWSERS=all` makes a missing one a failure, as in CI; `CORS_BROWSERS=firefox,webkit` selects these two.
On Debian: `apt-get install --no-install-recommends chromium firefox-esr webkit2gtk-driver xvfb`.

## How to read the tables

| column | meaning |
|---|---|
| from | where the script runs: `page` is `http://localhost:8701`, which most policies name; `stranger` is a port of `localhost` that no policy names except by pattern; `friend` is one that `config(\"friends\")` names; `own` is the API's own origin; `app`, `below`, `far_below`, `look_alike`, `suffixed` and `numeric` are `app.localhost`, `a.app.localhost`, `a.b.app.localhost`, `evilapp.localhost`, `app.localhost.evil.localhost` and `127.0.0.1`; `sandboxed` and `data` are frames whose origin is `null`; the rest are workers and frames of the page |
| script | what the script does: `call` is `fetch`, the functions are in [`agent.js`](../tests/browsers/page/agent.js) |
| verdict | `read` and the status if the script may read the answer, `refused` if it may not |
| the server sees | the requests: a preflight as `OPTIONS`, the method and the header names that it asks for; `null` and `no-origin` describe the `Origin`, `cookie` means that a cookie was sent, and `ran` means that the handler ran |
| reads | the response headers that the script can read in addition to the safelisted ones |

";

fn summary(page: &mut String, topics: &[Topic]) {
    line(page, "| topic | cases | policies and cases |");
    line(page, "|---|---|---|");
    for Topic { title, file, cases, .. } in topics {
        line(page, &format!("| {title} | {} | [`{file}`](../tests/browsers/cases/{file}) |", cases.len()));
    }
}

fn table(page: &mut String, topic: &Topic) {
    line(page, &format!("\n## {}\n", topic.title));
    line(page, "| case | from | script | verdict | the server sees | reads |");
    line(page, "|---|---|---|---|---|---|");
    for case in &topic.cases {
        let Case { id, place, script, expected, .. } = case;
        let Outcome { verdict, sees, reads } = expected;
        let mark = if case.unlike.is_empty() { "" } else { " [*](#where-the-engines-differ)" };
        let (place, script) = (place.name(), code(script));
        line(page, &format!("| {id}{mark} | {place} | {script} | {verdict} | {} | {reads} |", or_nothing(sees)));
    }
}

fn exceptions(page: &mut String, topics: &[Topic]) {
    line(page, "\n## Where the engines differ\n");
    line(page, "The answers of the server are the same; the engines treat them differently.\n");
    line(page, "| case | engine | verdict | the server sees | why: the engine |");
    line(page, "|---|---|---|---|---|");
    for case in topics.iter().flat_map(|topic| &topic.cases) {
        for unlike in &case.unlike {
            let (id, engine, why) = (case.id, unlike.engine, unlike.why);
            let verdict = unlike.outcomes.first().map_or("", |outcome| &outcome.verdict);
            let sees: Vec<_> = unlike.outcomes.iter().map(|outcome| or_nothing(&outcome.sees)).collect();
            line(page, &format!("| {id} | {engine} | {verdict} | {} | {why} |", sees.join("; or ")));
        }
    }
}

fn made_on_purpose(page: &mut String) {
    line(page, "\n## Mistakes made on purpose\n");
    line(page, "Each mistake was put into the adapter, one at a time, to see whether the table detects it.\n");
    line(page, "| mistake | failed in Chromium, Firefox, WebKit | by |");
    line(page, "|---|---|---|");
    for Mistake { what, failed: [chromium, firefox, webkit], cases, .. } in mistakes::MISTAKES {
        line(page, &format!("| {what} | {chromium}, {firefox}, {webkit} | {} |", cases.join(", ")));
    }
}

fn web_platform_tests(page: &mut String) {
    line(page, "\n## The Web Platform Tests\n");
    line(
        page,
        "The handlers of the [Web Platform Tests](https://github.com/web-platform-tests/wpt) take their answers from \
         the query of a URL, and policies are constants. So their pages are not run here. The checks in them that \
         a policy can be tested with are cases of the tables above. They are covered by kind: not every value in a file \
         has its own case.\n",
    );
    line(page, "| file | covered by | not covered |");
    line(page, "|---|---|---|");
    for wpt::File { name, cases, rest } in wpt::FILES {
        line(page, &format!("| `{name}` | {} | {rest} |", cases.join(", ")));
    }
}

fn line(page: &mut String, text: &str) {
    // Writing to a string never fails.
    let _ = writeln!(page, "{text}");
}

/// Code in a cell of a table, which may have backticks itself.
fn code(script: &str) -> String {
    if script.contains('`') { format!("`` {script} ``") } else { format!("`{script}`") }
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "nothing" } else { text }
}
