//! The port of an origin.

use super::instead::{self, At};
use super::{Fault, Pieces, join};
use crate::fetch;
use crate::pattern::{Port, canonical_port};
use crate::quote::{LONGEST_LIST, code};
use crate::rules;

/// The faults of a port. The one about `*` comes after those of the host's wildcards, in [`check`].
pub(super) fn before_wildcards(pieces: &Pieces<'_>, host: &str, port: Option<&str>) -> Result<(), Fault> {
    let Some(text) = port else { return Ok(()) };
    let quoted = code(pieces.text);
    if let Some(number) = canonical_port(text.as_bytes()) {
        let scheme = pieces.scheme;
        if fetch::default_port(scheme) == Some(number) {
            let message = format!("{quoted} spells out the default port");
            return Err(Fault::new(&rules::DEFAULT_PORT, message, format!("remove `:{number}`"))
                .fix("write ", join(scheme, host, None))
                .sent());
        }
        return match fetch::bad_port(number) {
            Some(service) if matches!(scheme, "http" | "https") => Err(blocked(&quoted, number, service)),
            _ => Ok(()),
        };
    }
    if text.is_empty() {
        let message = format!("{quoted} ends in a colon");
        return Err(Fault::new(&rules::EMPTY_PORT, message, "remove the colon".to_owned())
            .fix("remove the colon: ", join(pieces.scheme, host, None)));
    }
    if text.contains('*') {
        return Ok(());
    }
    Err(if is_list(text) { port_list(pieces, host, text) } else { invalid(pieces, host, text) })
}

/// The port, once the host is known to be right.
pub(super) fn check(pieces: &Pieces<'_>, port: Option<&str>) -> Result<Port, Fault> {
    match port {
        None => Ok(Port::Default),
        Some("*") => Ok(Port::Any),
        Some(text) => canonical_port(text.as_bytes()).map(Port::Number).ok_or_else(|| {
            Fault::new(
                &rules::MISPLACED_WILDCARD,
                format!("`*` is not allowed inside a port: {}", code(pieces.text)),
                "write a number from 1 to 65535 without leading zeros".to_owned(),
            )
            .in_policy(instead::port)
        }),
    }
}

fn blocked(quoted: &str, number: u16, service: &str) -> Fault {
    let service = if service.is_empty() { String::new() } else { format!(" ({service})") };
    Fault::new(
        &rules::BLOCKED_PORT,
        format!("browsers block port {number}{service}, so no page can have the origin {quoted}"),
        "serve the page from another port, and write that port here".to_owned(),
    )
}

/// Whether the text is several ports, or one in brackets: digits, and signs that lists and ranges are made of.
fn is_list(text: &str) -> bool {
    let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).count();
    let signs = text.chars().all(|c| c.is_ascii_digit() || ",;|-[](){}./".contains(c));
    signs && (runs > 1 || (runs == 1 && text.starts_with(['[', '{', '('])))
}

fn port_list(pieces: &Pieces<'_>, host: &str, text: &str) -> Fault {
    let message = format!("{} lists several ports; an origin has one", code(pieces.text));
    let range = text.contains(['-', '.']);
    let ports = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    let origins: Vec<_> = ports.map(|port| join(pieces.scheme, host, Some(port))).collect();
    let all_good = origins.len() <= LONGEST_LIST && origins.iter().all(|origin| super::parse(origin).is_ok());
    let fault = Fault::new(&rules::UNSUPPORTED_PORT_LIST, message, "write one element per port".to_owned());
    let fault = fault.in_policy(instead::ports);
    if all_good && !range { fault.several("write one element per port: ", origins, At::or_any_port) } else { fault }
}

fn invalid(pieces: &Pieces<'_>, host: &str, text: &str) -> Fault {
    let message = format!("{} is not a valid port: {}", code(text), code(pieces.text));
    let help = "write a number from 1 to 65535 without leading zeros".to_owned();
    let fault = Fault::new(&rules::INVALID_PORT, message, help).in_policy(instead::port);
    // `https://https:example.com`: pasted behind a scheme that was there.
    if matches!(host, "http" | "https") && text.contains(|c: char| c.is_ascii_alphabetic()) {
        return fault.fix("did you mean ", join(host, text, None));
    }
    // A sign, leading zeros and full-width digits leave no doubt about the number.
    let digits: Option<String> =
        text.trim_start_matches('+').trim_start_matches('0').chars().map(ascii_digit).collect();
    match digits {
        Some(digits) if !digits.is_empty() => fault.fix("write ", join(pieces.scheme, host, Some(&digits))),
        _ => fault,
    }
}

fn ascii_digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32),
        _ => None,
    }
}
