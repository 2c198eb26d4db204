//! Both adapters give the same answer to each row, but for those in which the frameworks differ.

use cors_tests::{Reply, Server};

use crate::application::{self, Adapter, MOUNTED, Mounted};
use crate::row::{self, Row};

const FORMAT: &str = "routes of axum have no format, so the handler runs, or the policy answers before it";

/// The rows whose answers differ, all of them, and why.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "r305",
        "Rocket has no handlers for `patch`; with axum's `any` one has, and takes the preflight too, which is granted",
    ),
    ("r375", "Rocket drops a header that is not UTF-8, so that this is not a preflight; none is granted by either"),
    ("r386", "nothing serves POST there: Rocket knows before, and the layer turns the page away"),
    ("u033", FORMAT),
    ("u034", FORMAT),
    ("u035", FORMAT),
    ("u036", FORMAT),
    ("u038", FORMAT),
    ("u043", FORMAT),
    ("u044", FORMAT),
    ("u045", FORMAT),
    ("u047", FORMAT),
];

/// Why the answer of axum to this row is not that of Rocket.
pub(crate) fn reason(id: &str) -> Option<&'static str> {
    DIFFERENT.iter().find(|(known, _)| *known == id).map(|(_, reason)| *reason)
}

/// What is compared. Frameworks answer what nothing serves with different statuses.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    /// For each request that the row may stand for, whether a browser shares the answer, or goes on.
    passes: Vec<bool>,
    ran: bool,
    is_turned_away: bool,
    /// The headers of the CORS protocol, and the names in `Vary`.
    headers: Vec<(String, Vec<u8>)>,
    vary: Vec<String>,
}

#[test]
fn both_give_the_same_answers() {
    let servers = [Adapter::Rocket, Adapter::Axum].map(|adapter| adapter.launch().expect("the application launches"));
    let (mut different, mut rows) = (Vec::new(), 0);
    let tables = row::tables();
    for raw in &tables {
        let mut row = Row::read(raw).expect("a row");
        // The other test asks about the same rows at the same time.
        row.id = format!("compared-{}", row.id);
        let mounted = MOUNTED.iter().find(|mounted| mounted.policy == row.policy).expect("a policy");
        let [rocket, axum] = servers.each_ref().map(|server| seen(&row, mounted, server));
        rows += 1;
        if rocket != axum {
            different.push((raw.raw("id"), format!("{rocket:?}\n    {axum:?}")));
        }
    }
    let ids: Vec<_> = different.iter().map(|(id, _)| *id).collect();
    let listed: Vec<_> = DIFFERENT.iter().map(|(id, _)| *id).collect();
    let shown: Vec<_> = different.iter().map(|(id, seen)| format!("{id}\n    {seen}")).collect();
    assert_eq!(ids, listed, "the rows that differ:\n{}", shown.join("\n"));
    assert!(rows > 250);
}

fn seen(row: &Row, mounted: &Mounted, server: &Server) -> Seen {
    let reply: Reply = row.call(mounted).try_send(server).expect("an answer");
    let mut vary: Vec<_> = reply.list("vary").iter().map(|name| name.to_ascii_lowercase()).collect();
    vary.sort();
    let is_cors = |(name, _): &&(String, Vec<u8>)| name.starts_with("access-control-");
    let mut headers: Vec<_> = reply.headers.iter().filter(is_cors).cloned().collect();
    headers.sort();
    Seen {
        passes: row.browsers(&reply, mounted.credentials).iter().map(Result::is_ok).collect(),
        ran: application::take_ran(&row.id),
        is_turned_away: reply.status == 403,
        headers,
        vary,
    }
}
