//! `cargo cors explain` agrees with the launched application: on every row that it can express, the answer that it gives
//! without a request is the one that the application gives to the request, and a browser comes to the same verdict.

use cors_runtime::browser;
use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Answer, Answers, Question};
use cors_tests::Reply;
use rocket::local::blocking::Client;

use crate::application::{self, Adapter, MOUNTED, Mounted};
use crate::row::{self, Row};

/// How many rows agree, how many are not a question about a page in a browser, and how many HTTP cannot carry. Exact, so that no row drops out unseen. New rows of the table are counted here too.
const ROWS: (usize, usize, usize) = (209, 50, 0);

const HEADERS: [&str; 6] = [
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-expose-headers",
    "access-control-max-age",
];

#[test]
fn explain_agrees_with_the_application() {
    let server = Adapter::Rocket.launch().expect("the application launches");
    let figment = rocket::Config::figment().merge(("log_level", "off"));
    let explained = Client::untracked(application::rocket().configure(figment)).expect("launches");
    let (mut agreed, mut not_asked, mut not_carried, mut failed) = (0, 0, 0, Vec::new());
    for row in &row::tables() {
        let mut row = Row::read(row).expect("a row");
        // The other test asks about the same rows at the same time.
        row.id = format!("explained-{}", row.id);
        // Those whose policy the rules refuse are counted by the other test.
        let Some(mounted) = MOUNTED.iter().find(|mounted| mounted.policy == row.policy) else { continue };
        let Some(question) = row.question(mounted) else {
            not_asked += 1;
            continue;
        };
        let Ok(reply) = row.call(mounted).try_send(&server) else {
            not_carried += 1;
            continue;
        };
        let ran = application::take_ran(&row.id);
        let answers = CrossOrigin::explain(explained.rocket(), &question).expect("answers");
        let problems = disagreements(&row, mounted, &question, &answers, &reply, ran);
        if problems.is_empty() {
            agreed += 1;
        } else {
            failed.push(format!("{}: {}; got {}", row.id, problems.join("; "), reply.head()));
        }
    }
    println!("{agreed} rows agree, {} do not", failed.len());
    assert!(failed.is_empty(), "{} rows do not agree:\n  {}", failed.len(), failed.join("\n  "));
    assert_eq!((agreed, not_asked, not_carried), ROWS, "the numbers of rows");
}

fn disagreements(
    row: &Row,
    mounted: &Mounted,
    question: &Question,
    answers: &Answers,
    reply: &Reply,
    ran: bool,
) -> Vec<String> {
    let include = mounted.credentials;
    let answer = if row.is_preflight() { &answers.preflight } else { &answers.request };
    let mut problems = Vec::new();
    for name in HEADERS {
        let explained: Vec<_> = lines(answer, name);
        if explained != reply.all(name) {
            problems.push(format!("{name} is explained as {explained:?}"));
        }
    }
    if answer.status.is_some_and(|status| status != reply.status) {
        problems.push(format!("the status is explained as {:?}", answer.status));
    }
    let passes = if row.is_preflight() {
        browser::preflight(answer, question, include)
    } else {
        if answer.status.is_none() != ran {
            problems.push(format!("the handler {}", if ran { "ran" } else { "did not run" }));
        }
        browser::cors_check(answer, &question.origin, include)
    };
    // Another reader of the same standard, over the answer that came through HTTP.
    let judged = row.browsers(reply, include).first().is_some_and(Result::is_ok);
    if passes.is_ok() != judged {
        problems.push(format!("explained as {passes:?}"));
    }
    problems
}

fn lines<'a>(answer: &'a Answer, name: &str) -> Vec<&'a [u8]> {
    let named = answer.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    named.map(|(_, value)| value.as_bytes()).collect()
}
