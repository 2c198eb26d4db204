//! The order of the fairings, as far as Rocket shows it.
//!
//! Rocket 0.5 hands out no list of them. Its `Debug` output has one for each kind, in the order in which they run. If
//! they are not found, this module claims nothing.

use rocket::fairing::Info;
use rocket::{Build, Ignite, Rocket};

/// Whether the fairings that were attached in this round of the ignition are going to be ignited in the next one.
pub(super) fn attaches_at_ignition(rocket: &Rocket<Build>) -> bool {
    fairings(&format!("{rocket:?}"), "launch").is_some_and(|fairings| !fairings.is_empty())
}

/// The names of the fairings that see a response after this one, or a request if this one sees requests.
pub(super) fn behind(rocket: &Rocket<Ignite>, own: Info) -> Vec<String> {
    let text = format!("{rocket:?}");
    let own = format!("{own:?}");
    let mut names = Vec::new();
    for kind in ["request", "response"] {
        let fairings = fairings(&text, kind).unwrap_or_default();
        let behind = fairings.iter().rposition(|fairing| fairing.info == own).map_or(fairings.len(), |index| index + 1);
        names.extend(fairings[behind..].iter().map(|fairing| fairing.name.to_owned()));
    }
    names.dedup();
    names
}

/// A fairing in the text.
struct Written<'t> {
    /// All that is said of it.
    info: &'t str,
    /// Its name, in quotes.
    name: &'t str,
}

/// The fairings of this kind in the text, in their order.
fn fairings<'t>(text: &'t str, kind: &str) -> Option<Vec<Written<'t>>> {
    // A name may hold any of these words, so only what can be read to its end is the place that is looked for.
    text.match_indices("fairings: Fairings { ").find_map(|(start, words)| {
        let mut rest = &text[start + words.len()..];
        let mut found = None;
        for known in ["launch", "liftoff", "request", "response", "shutdown"] {
            let (fairings, after) = list(rest.strip_prefix(known)?.strip_prefix(": [")?)?;
            rest = after.strip_prefix(", ").unwrap_or(after);
            if known == kind {
                found = Some(fairings);
            }
        }
        found.filter(|_| rest.starts_with(" }"))
    })
}

/// The fairings up to the end of a list, and what follows it.
fn list(mut text: &str) -> Option<(Vec<Written<'_>>, &str)> {
    let mut fairings = Vec::new();
    loop {
        if let Some(after) = text.strip_prefix(']') {
            return Some((fairings, after));
        }
        let name = quoted(text.strip_prefix("Info { name: ")?)?;
        // The name is the one part of it that is free text.
        let before = "Info { name: ".len() + name.len();
        let end = before + text[before..].find(" }")? + " }".len();
        fairings.push(Written { info: &text[..end], name });
        text = text[end..].strip_prefix(", ").unwrap_or(&text[end..]);
    }
}

/// The string in quotes at the start of the text, with them.
fn quoted(text: &str) -> Option<&str> {
    let mut escaped = false;
    let end = text.strip_prefix('"')?.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })?;
    Some(&text[..end + 2])
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_name_may_have_quotes() {
        for (text, name) in [
            (r#""a" }"#, Some(r#""a""#)),
            (r#""" }"#, Some(r#""""#)),
            (r#""a\"b" }"#, Some(r#""a\"b""#)),
            (r#""a\\" }"#, Some(r#""a\\""#)),
            (r#""a\\\" " }"#, Some(r#""a\\\" ""#)),
            (r#""a"#, None),
            ("a", None),
        ] {
            assert_eq!(quoted(text), name, "{text}");
        }
    }
}
