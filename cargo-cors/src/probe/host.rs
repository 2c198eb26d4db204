//! Whether `Host` reaches the application as the browser sends it.
//!
//! A client sees that only where an answer of the application depends on `Host`. There are two such answers to safe
//! requests. An application with origins of its own refuses other names. Any application takes a page for its own whose
//! origin is that of `Host`, and then does not turn its request away, where `enforce` turns away reads of others.

use cors_runtime::{Answers, Question};

use super::comparison::Outcome;
use super::plan::{Kind, Route};
use super::server::{Address, Arrived, Client, Sent};

/// A name that leads nowhere, and that is not one of an application.
const OTHER: &str = "probe.invalid";

/// What is seen.
pub(super) enum Seen {
    /// It arrives as it was sent.
    Same,
    /// The application sees another. The exchange that shows it, and what is known of the value.
    Rewritten(Sent, Arrived, String),
    /// It cannot be seen, and why.
    Unseen(String),
}

/// Asks for the application by a name that is not its own. Such a request is refused if the name arrives.
pub(super) fn by_other_name(client: &Client, address: &Address, outcomes: &[Outcome]) -> Result<Seen, String> {
    // A cache keeps no preflight. It may have an answer for every name.
    let granted = |kind: Kind| outcomes.iter().find(move |outcome| outcome.is(kind) && outcome.is_granted());
    let Some(known) = granted(Kind::Preflight).or_else(|| granted(Kind::Request)) else {
        return Ok(Seen::Unseen("no answer is the application's, so that there is nothing to compare with".to_owned()));
    };
    let mut sent = known.asked.sent.clone();
    sent.headers.push(("host".to_owned(), OTHER.to_owned()));
    let arrived = client.ask(address, &sent)?;
    if arrived.status == known.arrived.status && known.is_also(&arrived) {
        let what = format!("the application refuses the name `{OTHER}`, and has answered a request for it");
        return Ok(Seen::Rewritten(sent, arrived, what));
    }
    let by_application = arrived.status == 403 && arrived.varies_by("sec-fetch-site");
    Ok(if by_application {
        Seen::Same
    } else {
        Seen::Unseen(format!(
            "something in front of the application refuses the name `{OTHER}` itself, with {}: that protects as well",
            arrived.status
        ))
    })
}

/// The question about a route that an origin other than the application's own would be turned away from.
pub(super) fn question(route: &Route, address: &Address) -> Question {
    route.question(&address.origin)
}

/// Whether a page of this address would be turned away if it were not the application's own.
pub(super) fn turns_away(answers: &Answers) -> bool {
    answers.request.status == Some(403)
}

/// Asks as a page of the application itself. Such a request is not turned away if `Host` arrives.
pub(super) fn by_own_page(client: &Client, address: &Address, route: &Route) -> Result<Seen, String> {
    let sent = route.request(&address.origin);
    let arrived = client.ask(address, &sent)?;
    if arrived.status != 403 || !arrived.varies_by("sec-fetch-site") {
        return Ok(Seen::Same);
    }
    let reason = arrived.reason().map(|reason| format!("; the application says: {reason}")).unwrap_or_default();
    let what = format!("a page of the application itself is turned away{reason}");
    Ok(Seen::Rewritten(sent, arrived, what))
}

/// Whether requests reach the application with the `Origin` that they were sent with.
pub(super) fn can_be_asked(outcomes: &[Outcome]) -> bool {
    let is_named =
        |outcome: &Outcome| outcome.expected_allow_origin() == Some(&outcome.origin) && outcome.has_own_origin();
    outcomes.iter().any(|outcome| outcome.is(Kind::Request) && is_named(outcome))
}
