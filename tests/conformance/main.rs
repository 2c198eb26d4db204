//! Every row of `cases/requests.tsv` and `cases/unasked.tsv`, over real HTTP: on handlers of Rocket whose attribute says what
//! the row's policy says, and on routes of axum with a layer that says so.
//!
//! | file | what it is for |
//! |---|---|
//! | `policy` | the column `policy`, for the build script, which writes the handlers and the layers |
//! | `application` | the applications around them |
//! | `row` | the column `request` |
//! | `expect` | the columns `expect_headers` and `absent_headers` |
//! | `explained` | the same rows, asked of `cargo cors explain` |
//! | `paged` | the same rows, as calls of a page in a test of an application |
//! | `browser` | the Fetch standard: what a browser makes of an answer |
//! | `adapters` | both applications give the same answers, but for the rows that are listed there |
//! | `sides` | rows that other libraries answer differently, and why this one answers as it does |

mod adapters;
mod application;
mod browser;
mod expect;
mod explained;
mod paged;
mod row;
mod sides;

use std::io::ErrorKind;

use application::{Adapter, MOUNTED, Mounted, REFUSED};
use cors_tests::{Reply, Server};
use row::Row;
use sides::Side;

/// The rows that do not count, all of them: those that are answered the other way, on purpose.
const SKIPPED: [&str; 2] = ["r408", "r409"];

/// On axum also those that are about a part of Rocket: see `adapters`.
const SKIPPED_ON_AXUM: [&str; 12] =
    ["r305", "r408", "r409", "u033", "u034", "u035", "u036", "u038", "u043", "u044", "u045", "u047"];

/// Each application, how many rows pass, and the rows that do not count. Exact, so that no row drops out unseen. New rows of
/// the tables are counted here too.
const ADAPTERS: [(Adapter, usize, &[&str]); 2] =
    [(Adapter::Rocket, 257, &SKIPPED), (Adapter::Axum, 247, &SKIPPED_ON_AXUM)];

/// The policies of the table that the rules refuse, and the rules. A rule that becomes too strict adds one.
const REFUSED_BY_RULES: [(&str, &str); 0] = [];

enum Verdict {
    Passed,
    /// Not counted, and why.
    Skipped(String),
    Failed(Vec<String>),
}

#[test]
fn every_row() {
    for (adapter, rows, not_counted) in ADAPTERS {
        let server = adapter.launch().expect("the application launches");
        let (mut passed, mut skipped, mut failed) = (0, Vec::new(), Vec::new());
        for row in &row::tables() {
            let id = row.raw("id");
            let verdict = Row::read(row).map(|row| judge(row, adapter, &server));
            match verdict.unwrap_or_else(|error| Verdict::Failed(vec![error])) {
                Verdict::Passed => passed += 1,
                Verdict::Skipped(reason) => skipped.push(format!("{id}: {reason}")),
                Verdict::Failed(problems) => failed.push(format!("{id}: {}", problems.join("\n      "))),
            }
        }
        println!("{adapter:?}: {passed} rows passed, {} failed, {} skipped", failed.len(), skipped.len());
        for skipped in &skipped {
            println!("  skipped {skipped}");
        }
        assert!(failed.is_empty(), "{adapter:?}: {} rows failed:\n  {}", failed.len(), failed.join("\n  "));
        let skipped: Vec<_> = skipped.iter().filter_map(|skipped| skipped.split(':').next()).collect();
        assert_eq!(skipped, not_counted, "{adapter:?}: the rows that do not count");
        assert_eq!(passed, rows, "{adapter:?}: the number of rows that pass");
    }
    assert_eq!(REFUSED, REFUSED_BY_RULES, "the policies that the rules refuse");
}

fn judge(mut row: Row, adapter: Adapter, server: &Server) -> Verdict {
    if let Some((_, rules)) = REFUSED.iter().find(|(policy, _)| *policy == row.policy) {
        return Verdict::Skipped(format!("the policy does not compile: {rules}"));
    }
    let Some(mounted) = MOUNTED.iter().find(|mounted| mounted.policy == row.policy) else {
        return Verdict::Failed(vec!["the build script did not see this policy".to_owned()]);
    };
    let side = sides::side_of(&row);
    let difference = adapters::reason(&row.id).filter(|_| adapter == Adapter::Axum);
    // Other tests ask about the same rows at the same time.
    row.id = format!("{adapter:?}-{}", row.id);
    let reply = match row.call(mounted).try_send(server) {
        Ok(reply) => reply,
        Err(error) if error.kind() == ErrorKind::InvalidInput => {
            return Verdict::Skipped("HTTP cannot carry this request".to_owned());
        }
        Err(error) => return Verdict::Failed(vec![format!("no answer: {error}")]),
    };
    let ran = application::take_ran(&row.id);
    let mut problems = problems(&row, mounted, adapter, &reply, ran);
    if !problems.is_empty() {
        problems.push(format!("got {}; the handler {}", reply.head(), if ran { "ran" } else { "did not run" }));
    }
    match side {
        Some(Side::Other(reason)) => {
            let passes = row.browsers(&reply, mounted.credentials).iter().all(Result::is_ok);
            if reply.status < 500 && passes != row.allow {
                return Verdict::Skipped(format!("answered the other way: {reason}"));
            }
            Verdict::Failed(vec![format!("not answered as chosen, {reason}; got {}", reply.head())])
        }
        None if difference.is_some() && !problems.is_empty() => {
            Verdict::Skipped(difference.unwrap_or_default().to_owned())
        }
        None if row.either && !problems.is_empty() => Verdict::Skipped(format!("[either] {}", problems.join("; "))),
        _ if problems.is_empty() => Verdict::Passed,
        _ => Verdict::Failed(problems),
    }
}

/// What in the answer is not as the row says.
fn problems(row: &Row, mounted: &Mounted, adapter: Adapter, reply: &Reply, ran: bool) -> Vec<String> {
    let browsers = row.browsers(reply, mounted.credentials);
    // Fetch, CORS-preflight fetch, step 7.5: methods are compared byte by byte. Rocket's methods are a closed set, so a
    // request with the method `patch` or `PURGE` cannot reach any handler there, whatever the policy says about methods.
    // Where the table would let it through, it must not be granted. An OPTIONS handler may have run: what the library does
    // not serve is handed on to it.
    if row.allow && !adapter.serves(mounted, row.wanted_method()) {
        let granted = reply.status >= 500 || browsers.iter().any(Result::is_ok);
        return granted.then(|| "a method that no handler serves is granted".to_owned()).into_iter().collect();
    }
    let unmet = row.expectations.iter().filter(|expectation| !expectation.holds(reply, ran));
    let mut problems: Vec<_> = unmet.map(|expectation| format!("expected {expectation:?}")).collect();
    for passed in browsers {
        match passed {
            Err(reason) if row.allow => problems.push(format!("a browser refuses: {reason}")),
            Ok(()) if !row.allow && !row.is_same_origin() => problems.push("a browser shares the answer".to_owned()),
            _ => {}
        }
    }
    // No row says so, but the comment above the rows does.
    if row.allow && row.is_preflight() && reply.one("access-control-max-age") != mounted.max_age {
        problems.push(format!("expected Access-Control-Max-Age {:?}", mounted.max_age));
    }
    problems
}
