//! The host of an origin, as the URL standard and the DNS have it.

use super::{Configured, FILE, Fault, Pieces, instead, join, punycode, scheme};
use crate::fetch::{self, LONGEST_HOST, LONGEST_LABEL};
use crate::ip::{self, Host};
use crate::quote::{code, shown};
use crate::rules;

/// The bytes that a pattern needs for the shortest label below its domain, and the dot.
const SHORTEST_SUBDOMAIN: usize = 2;

/// Splits the port off. IPv6 addresses are the only hosts with colons, and stand in brackets.
pub(super) fn split<'a>(pieces: &Pieces<'a>) -> Result<(&'a str, Option<&'a str>), Fault> {
    let authority = pieces.authority;
    let bare = authority.strip_prefix("*.").unwrap_or(authority);
    if bare.starts_with('[') {
        let Some(end) = authority.find(']') else {
            return Err(invalid_v6(pieces, authority));
        };
        let (host, rest) = authority.split_at(end + 1);
        return match rest.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if rest.is_empty() => Ok((host, None)),
            None => Err(invalid_v6(pieces, authority)),
        };
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    // An address without its brackets: colons after nothing but hexadecimal digits.
    let doubled = authority
        .split_once("::")
        .is_some_and(|(before, _)| before.bytes().all(|b| b.is_ascii_hexdigit() || b == b':'));
    if doubled || (port.is_some_and(|port| port.contains(':')) && ip::parse_v6(authority).is_some()) {
        return Err(invalid_v6(pieces, authority));
    }
    Ok((host, port))
}

fn invalid_v6(pieces: &Pieces<'_>, host: &str) -> Fault {
    let fault = Fault::new(
        &rules::INVALID_IPV6,
        format!("{} is not a valid IPv6 address in brackets", code(host)),
        "write an origin such as `\"http://[::1]:8080\"`; IPv4 addresses take no brackets, and zone identifiers are not allowed"
            .to_owned(),
    );
    let inner = host.trim_start_matches('[').split(']').next().unwrap_or("");
    // Without brackets the last group could be a port, so that is left to the writer.
    let bracketed = host.starts_with('[');
    if bracketed && matches!(ip::read(inner), Host::V4(_)) {
        let rest = host.split_once(']').map_or("", |(_, rest)| rest);
        return fault.fix("write the IPv4 address without brackets: ", format!("{}://{inner}{rest}", pieces.scheme));
    }
    fault
}

/// The first fault of the host, or what follows its `*.` and whether it had one.
pub(super) fn check<'a>(pieces: &Pieces<'a>, host: &'a str, port: Option<&str>) -> Result<(&'a str, bool), Fault> {
    let (base, subdomains) = match host.strip_prefix("*.") {
        Some(base) if !base.is_empty() => (base, true),
        _ => (host, false),
    };
    let view = View { pieces, host, base, subdomains, port };
    if base.starts_with('[') {
        view.v6()?;
    } else if scheme::is_app(pieces.scheme) && !subdomains {
        view.non_ascii()?;
        view.opaque()?;
    } else if pieces.text != FILE {
        view.non_ascii()?;
        if fetch::is_special_scheme(pieces.scheme) {
            view.punycode()?;
        }
        view.characters()?;
        view.lengths()?;
        // Only browsers' own schemes read numbers as addresses; the hosts of others are opaque text.
        if fetch::is_special_scheme(pieces.scheme) {
            view.v4()?;
        }
    }
    super::port::before_wildcards(pieces, host, port)?;
    view.wildcards()?;
    Ok((base, subdomains))
}

/// A host under examination.
struct View<'a> {
    pieces: &'a Pieces<'a>,
    /// With its `*.`.
    host: &'a str,
    /// Without.
    base: &'a str,
    subdomains: bool,
    port: Option<&'a str>,
}

impl View<'_> {
    /// The whole origin with another host, which gets the `*.` of this one.
    fn with(&self, base: &str) -> String {
        let star = if self.subdomains { "*." } else { "" };
        join(self.pieces.scheme, &format!("{star}{base}"), self.port)
    }

    fn non_ascii(&self) -> Result<(), Fault> {
        if self.base.is_ascii() {
            return Ok(());
        }
        let message = format!("{} contains non-ASCII characters", code(self.pieces.text));
        // Hosts of other schemes are percent-encoded instead, if their app does not do something else.
        let form = if fetch::is_app_scheme(self.pieces.scheme) { "encoded" } else { "punycode" };
        let help = format!("write the {form} form: copy `location.origin` from the console of that page");
        let fault = Fault::new(&rules::NON_ASCII_HOST, message, help);
        if !fetch::is_special_scheme(self.pieces.scheme) || self.base.len() > LONGEST_HOST {
            return Err(fault);
        }
        Err(match punycode::host_to_ascii(self.base) {
            Some(ascii) => fault.fix("write ", self.with(&ascii)).sent(),
            None => fault,
        })
    }

    fn punycode(&self) -> Result<(), Fault> {
        let wrong = |label: &&str| {
            label.starts_with("xn--") && label.len() <= LONGEST_LABEL && !punycode::is_valid_label(label)
        };
        match self.base.split('.').find(wrong) {
            Some(label) => Err(Fault::new(
                &rules::INVALID_PUNYCODE,
                format!("{} in {} is not valid punycode", code(label), code(self.pieces.text)),
                "write the Unicode name instead: the error about it shows the punycode form".to_owned(),
            )),
            None => Ok(()),
        }
    }

    fn characters(&self) -> Result<(), Fault> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '*');
        let Some(c) = self.base.chars().find(|&c| !allowed(c)) else {
            return Ok(());
        };
        let message =
            format!("{} cannot appear in the host of an origin: {}", code(&c.to_string()), code(self.pieces.text));
        let otherwise = "write a host name of letters, digits, `-`, `_` and dots, or an IP address".to_owned();
        let fault = Fault::new(&rules::INVALID_HOST_CHARACTER, message, otherwise);
        if c == '%' {
            return Err(match percent_decoded(self.base) {
                Some(decoded) if decoded.chars().all(|c| allowed(c) || !c.is_ascii()) => {
                    fault.fix("write the decoded host: ", self.with(&decoded))
                }
                _ => fault,
            });
        }
        Err(fault.fix("remove the character: ", self.with(self.base.trim_matches(|c| !allowed(c)))))
    }

    /// The host of an app: no labels, and other signs.
    fn opaque(&self) -> Result<(), Fault> {
        let base = self.base;
        if base.len() > LONGEST_HOST {
            return Err(Fault::new(
                &rules::HOST_TOO_LONG,
                format!("the host {} has {} bytes; at most {LONGEST_HOST} are read", code(base), base.len()),
                "check for a part that was pasted twice".to_owned(),
            ));
        }
        let wrong = |&(at, c): &(usize, char)| match c {
            '%' => !base.get(at..at + 3).is_some_and(|encoded| fetch::is_opaque_host(encoded.as_bytes())),
            // A star is not a valid pattern here, which another rule reports.
            c => c != '*' && !(c.is_ascii() && fetch::is_opaque_host(c.to_ascii_lowercase().to_string().as_bytes())),
        };
        let Some((_, c)) = base.char_indices().find(wrong) else {
            return Ok(());
        };
        Err(Fault::new(
            &rules::INVALID_HOST_CHARACTER,
            format!("{} cannot appear in the host of an origin: {}", code(&c.to_string()), code(self.pieces.text)),
            "copy `location.origin` from the console of that page".to_owned(),
        ))
    }

    fn lengths(&self) -> Result<(), Fault> {
        let base = self.base.strip_suffix('.').unwrap_or(self.base);
        if base.split('.').any(str::is_empty) {
            return Err(self.empty_label(base));
        }
        // These are limits of the DNS, which does not apply to the hosts of other schemes.
        let dns = fetch::is_special_scheme(self.pieces.scheme);
        if let Some(label) = base.split('.').find(|label| label.len() > LONGEST_LABEL && dns) {
            return Err(Fault::new(
                &rules::LABEL_TOO_LONG,
                format!("{} has {} bytes; a DNS label has at most {LONGEST_LABEL}", code(label), label.len()),
                "check for a missing dot, or copy `location.origin` from the console of that page".to_owned(),
            ));
        }
        let most = LONGEST_HOST - if self.subdomains { SHORTEST_SUBDOMAIN } else { 0 };
        if base.len() > most && (dns || self.subdomains) {
            let room = if self.subdomains { ", of which a pattern needs two for a subdomain" } else { "" };
            return Err(Fault::new(
                &rules::HOST_TOO_LONG,
                format!(
                    "the host {} has {} bytes; a DNS name has at most {LONGEST_HOST}{room}",
                    code(base),
                    base.len()
                ),
                "check for a part that was pasted twice".to_owned(),
            ));
        }
        Ok(())
    }

    fn empty_label(&self, base: &str) -> Fault {
        let message = format!("{} has an empty label: two dots in a row, or a leading dot", code(self.host));
        let fault =
            Fault::new(&rules::EMPTY_LABEL, message, "write a host name, with one dot between its labels".to_owned());
        let labels: Vec<_> = base.split('.').filter(|label| !label.is_empty()).collect();
        let rest = labels.join(".");
        if labels.is_empty() {
            return fault;
        }
        let fixed = self.with(&rest);
        if self.base.starts_with('.') && !self.subdomains {
            let pattern = join(self.pieces.scheme, &format!("*.{rest}"), self.port);
            if super::parse(&pattern).is_ok() {
                return fault.fix(format!("for the subdomains, write `\"{pattern}\"`; for the host itself, "), fixed);
            }
        }
        fault.fix("remove the extra dot: ", fixed)
    }

    fn v4(&self) -> Result<(), Fault> {
        match ip::read(self.base) {
            Host::V4(address) => {
                let canonical = address.to_string();
                if self.base == canonical {
                    return Ok(());
                }
                let message = format!("{} is not how browsers write this IPv4 address", code(self.pieces.text));
                let fixed = self.with(&canonical);
                Err(Fault::new(&rules::NON_CANONICAL_IPV4, message, format!("the address is `{canonical}`"))
                    .fix("write ", fixed)
                    .sent())
            }
            Host::Invalid => Err(Fault::new(
                &rules::INVALID_IPV4,
                format!("{} ends in a number but is not an IPv4 address", code(self.base)),
                "write four decimal numbers from 0 to 255, as in `\"http://127.0.0.1\"`, or a host name that does not end in a number"
                    .to_owned(),
            )),
            Host::Name | Host::V6(_) => Ok(()),
        }
    }

    fn v6(&self) -> Result<(), Fault> {
        let Host::V6(address) = ip::read(self.base) else {
            return Err(invalid_v6(self.pieces, self.pieces.authority));
        };
        let canonical = ip::serialize_v6(address);
        if canonical == self.base {
            return Ok(());
        }
        let message = format!("{} is not how browsers write this IPv6 address", code(self.pieces.text));
        Err(Fault::new(&rules::NON_CANONICAL_IPV6, message, format!("the address is `{canonical}`"))
            .fix("write ", self.with(&canonical))
            .sent())
    }

    fn wildcards(&self) -> Result<(), Fault> {
        if self.base.contains('*') || (self.subdomains && scheme::is_extension(self.pieces.scheme)) {
            return Err(self.misplaced());
        }
        let address = self.base.starts_with('[') || (matches!(ip::read(self.base), Host::V4(_)));
        if self.subdomains && address {
            let message = format!("{} puts a subdomain wildcard on an IP address", code(self.pieces.text));
            let fixed = join(self.pieces.scheme, self.base, self.port);
            return Err(Fault::new(&rules::WILDCARD_ON_IP, message, "remove the `*.`".to_owned())
                .fix("write the address without `*.`: ", fixed));
        }
        Ok(())
    }

    fn misplaced(&self) -> Fault {
        let scheme = self.pieces.scheme;
        let quoted = code(self.pieces.text);
        if scheme::is_extension(scheme) {
            let message = format!("{quoted} is not a valid pattern: extension ids cannot contain wildcards");
            let otherwise = format!("list the extensions, one `{}://` and id per element", shown(scheme));
            return Fault::new(&rules::MISPLACED_WILDCARD, message, otherwise);
        }
        let part = self.host.split('.').any(|label| label != "*" && label.contains('*'));
        let instead: fn(instead::At) -> String = if part {
            instead::part_of_label
        } else if fetch::is_app_scheme(scheme) {
            instead::hosts_of_app
        } else {
            instead::hosts
        };
        let message =
            format!("{quoted} is not a valid pattern: `*` is allowed only as a `*.` prefix or as the port, `:*`");
        let otherwise =
            "for a part of a label, write `check(path)` with a function in the attribute: no pattern is that narrow";
        let fault = Fault::new(&rules::MISPLACED_WILDCARD, message, otherwise.to_owned()).in_policy(instead);
        let fault = if part { fault } else { fault.in_configuration(Configured::Pattern) };
        // The rest after the label of the last star is the domain, unless it is so short that nobody can own it.
        let (before, after) = self.host.rsplit_once('*').unwrap_or(("", ""));
        let whole_label = before.is_empty() || before.ends_with(['.', '*']);
        let domain = if whole_label && !after.starts_with(['-', '_']) {
            after.trim_start_matches('.')
        } else {
            after.split_once('.').map_or("", |(_, domain)| domain)
        };
        if domain.contains('.') {
            let pattern = join(scheme, &format!("*.{domain}"), self.port);
            let words = if part { instead::CHECK_FIRST } else { "" };
            return fault.fix(format!("{words}for the subdomains, write "), pattern).below_a_domain();
        }
        fault
    }
}

/// The host with its percent-encoding undone, if that is text.
fn percent_decoded(host: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(host.len());
    let mut rest = host.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
