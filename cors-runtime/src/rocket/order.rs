//! The order of the fairings, as far as Rocket shows it.
//!
//! Rocket 0.5 hands out no list of them. Its `Debug` output has one for each kind, in the order in which they run. If
//! they are not found, this module claims nothing.

use rocket::fairing::Info;
use rocket::{Build, Ignite, Rocket};

/// Whether the fairings that were attached in this round of the ignition are going to be ignited in the next one.
pub(super) fn attaches_at_ignition(rocket: &Rocket<Build>) -> bool {
    list(&format!("{rocket:?}"), "launch").is_some_and(|list| !list.is_empty())
}

/// The names of the fairings that see a response after the one with this name.
pub(super) fn behind(rocket: &Rocket<Ignite>, own: Info) -> Vec<String> {
    let text = format!("{rocket:?}");
    let Some((_, behind)) = list(&text, "response").and_then(|list| list.rsplit_once(&format!("{own:?}"))) else {
        return Vec::new();
    };
    let names = behind.split("Info { name: ").skip(1);
    names.map(|info| info.split(", kind: ").next().unwrap_or_default().to_owned()).collect()
}

/// The list of this kind of fairing in the text.
fn list<'t>(text: &'t str, kind: &str) -> Option<&'t str> {
    let (_, fairings) = text.rsplit_once("fairings: Fairings { ")?;
    let (_, list) = fairings.split_once(&format!("{kind}: ["))?;
    // The names in it are quoted, and a kind is in parentheses.
    Some(list.split_once(']')?.0)
}
