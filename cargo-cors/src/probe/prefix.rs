//! Looks for the prefix under which an application answers, if it does not answer where it is asked.

use std::collections::BTreeSet;

use super::comparison::{ALLOW_ORIGIN, Outcome};
use super::plan::Kind;
use super::server::{Address, Client};

/// Prefixes that are tried besides those of the application's own paths.
const COMMON: [&str; 5] = ["/api", "/v1", "/api/v1", "/app", "/backend"];

/// Where the application answers.
pub(super) struct Found {
    /// What that means.
    pub(super) what: String,
    /// Where the application was asked for in vain.
    pub(super) asked: String,
    /// Where it answers the same question.
    pub(super) answers: String,
}

/// Whether nothing that arrived is the answer of a route: everything is 404, or does not even depend on `Origin`.
pub(super) fn is_silent(outcomes: &[Outcome]) -> bool {
    let mut compared = outcomes.iter().filter(|outcome| outcome.uncompared.is_none()).peekable();
    let is_silent = |outcome: &Outcome| match outcome.arrived.status {
        _ if outcome.is_granted() => false,
        404 => outcome.arrived.all(ALLOW_ORIGIN).is_empty(),
        // A redirection, or a gateway, is seen without a search.
        301..=308 | 502..=504 => false,
        _ => !outcome.arrived.varies_by("origin") && !outcome.is_status_expected(),
    };
    // What is public varies by nothing: the answer to nobody may be that of anything.
    let is_bare = |outcome: &Outcome| outcome.expected.headers.is_empty();
    // Nothing else was asked about than a route that others share, whose answer arrives.
    let are_unshared = outcomes.iter().all(|outcome| outcome.is(Kind::Preflight) || outcome.is_unshared());
    if are_unshared && outcomes.iter().any(Outcome::is_shared_by_others) {
        return false;
    }
    let is_any_different = outcomes.iter().any(|outcome| !outcome.differences.is_empty());
    is_any_different && compared.peek().is_some() && compared.all(|outcome| is_silent(outcome) || is_bare(outcome))
}

/// Asks the same below other prefixes. Only what is safe is asked.
pub(super) fn find(client: &Client, address: &Address, outcomes: &[Outcome]) -> Option<Found> {
    // One of each kind: what stands between may answer one of them itself.
    let sample = |kind: Kind| {
        let granting = |outcome: &&Outcome| outcome.asked.is_safe() && outcome.expected_allow_origin().is_some();
        outcomes.iter().filter(|outcome| outcome.is(kind)).find(granting)
    };
    let samples = [Kind::Preflight, Kind::Request].into_iter().filter_map(sample);
    let candidates = |sample: &Outcome| candidates(address, &sample.asked.sent.path, outcomes);
    let mut all = samples.flat_map(|sample| candidates(sample).into_iter().map(move |candidate| (sample, candidate)));
    all.find_map(|(sample, Candidate { what, address: there, path })| {
        let mut asked = sample.asked.clone();
        asked.sent.path.clone_from(&path);
        let arrived = client.ask(&there, &asked.sent).ok()?;
        let outcome = Outcome::new(asked, sample.origin.clone(), sample.expected.clone(), arrived);
        let url = |address: &Address, path: &str| address.url(path.split('?').next().unwrap_or(path));
        let (asked, answers) = (url(address, &sample.asked.sent.path), url(&there, &path));
        outcome.is_granted().then_some(Found { what, asked, answers })
    })
}

/// Where the application might answer, and what it would mean.
struct Candidate {
    what: String,
    address: Address,
    path: String,
}

fn candidates(address: &Address, path: &str, outcomes: &[Outcome]) -> Vec<Candidate> {
    let own: BTreeSet<_> = outcomes.iter().flat_map(|outcome| prefixes(&outcome.asked.sent.path)).collect();
    let here = |what: String, path: String| Candidate { what, address: address.clone(), path };
    let mut candidates = Vec::new();
    if !address.prefix.is_empty() {
        let what = format!("nothing takes `{}` away from paths: it does not belong to the URL", address.prefix);
        candidates.push(Candidate { what, address: address.below(""), path: path.to_owned() });
    }
    for prefix in &own {
        if let Some(rest) = path.strip_prefix(&**prefix).filter(|rest| rest.starts_with('/')) {
            candidates.push(here(format!("something adds `{prefix}` to paths"), rest.to_owned()));
        }
    }
    let common = COMMON.iter().map(|prefix| (*prefix).to_owned());
    for prefix in own.iter().cloned().chain(common) {
        let below = format!("{prefix}{path}");
        candidates.push(here(format!("something takes `{prefix}` away from paths"), below));
    }
    candidates
}

/// The first segment of a path, and the first two.
fn prefixes(path: &str) -> Vec<String> {
    let path = path.split('?').next().unwrap_or_default();
    let ends: Vec<_> = path.match_indices('/').map(|(index, _)| index).skip(1).take(2).collect();
    ends.into_iter().map(|end| path[..end].to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::prefixes;

    #[test]
    fn prefixes_of_a_path() {
        assert_eq!(prefixes("/api/v1/items/7?a=/b"), ["/api", "/api/v1"]);
        assert_eq!(prefixes("/items?x"), [""; 0]);
    }
}
