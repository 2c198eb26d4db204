//! Slips that explain everything else about a text: lists, expressions, placeholders, whitespace, invisible characters.

use super::{Configured, Fault, instead, scheme};
use crate::quote::{LONGEST_LIST, code, is_invisible};
use crate::rules;

pub(super) fn check(text: &str) -> Result<(), Fault> {
    empty(text)?;
    any(text)?;
    // The text after `data:` or `javascript:` may look like anything.
    if scheme::opaque(text).is_none() {
        list(text)?;
        if is_template(text) {
            return Err(placeholder(text));
        }
        regex(text)?;
        if is_placeholder(text) {
            return Err(placeholder(text));
        }
    }
    whitespace(text)?;
    invisible(text)
}

fn empty(text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        let message = "an origin cannot be an empty string".to_owned();
        return Err(Fault::new(&rules::EMPTY_ORIGIN, message, "remove the empty string".to_owned()));
    }
    Ok(())
}

/// `"*"` and `"any"`: right, but for the quotes.
fn any(text: &str) -> Result<(), Fault> {
    if text == "*" || text == "any" {
        let message = format!("{} is not an origin, and the string does not mean \"any origin\"", code(text));
        return Err(Fault::new(&rules::MISPLACED_WILDCARD, message, String::new())
            .in_policy(instead::every_origin)
            .in_configuration(Configured::Any));
    }
    Ok(())
}

fn list(text: &str) -> Result<(), Fault> {
    let array = text.starts_with('[') && text.ends_with(']') && text.contains(['"', '\'']);
    let parts = split_list(text);
    // Spaces separate origins only if a second origin is beyond doubt: a space inside one host is another slip.
    let separated = separators(text).any(|c| !c.is_whitespace());
    let whole = parts.iter().filter(|part| is_whole(part)).count();
    let bare = parts.iter().filter(|part| is_host_like(part)).count();
    let several =
        if separated { whole + bare > 1 } else { whole > 1 || (whole == 0 && bare > 1 && bare == parts.len()) };
    if !array && !several {
        return Ok(());
    }
    let message = format!("{} looks like several origins in one string", code(text));
    let mut origins: Vec<_> = parts.iter().map(|part| part.trim_matches(['[', ']', '"', '\'']).to_owned()).collect();
    origins.retain(|part| !part.is_empty());
    let all_good = origins.iter().all(|part| part.is_ascii() && super::parse(part).is_ok());
    let fits = all_good && !origins.is_empty() && origins.len() <= LONGEST_LIST && text.len() < 400;
    let help = "write one element per origin, as in `[\"https://a.example\", \"https://b.example\"]`".to_owned();
    let fault = Fault::new(&rules::LIST_IN_ONE_STRING, message, help);
    Err(if fits { fault.several("write one element per origin: ", origins, |_| "") } else { fault })
}

fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | '|') || c.is_whitespace()
}

/// The separators of a list: those outside parentheses, braces and brackets, save the brackets around the whole text.
fn separators(text: &str) -> impl Iterator<Item = char> {
    outside(text).filter(|&(_, c)| is_separator(c)).map(|(_, c)| c)
}

fn outside(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut depth = 0_usize;
    let whole = text.starts_with('[') && text.ends_with(']');
    text.char_indices().filter(move |&(i, c)| {
        match c {
            '(' | '{' | '[' if !(whole && i == 0) => depth += 1,
            ')' | '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

fn split_list(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (i, c) in outside(text).filter(|&(_, c)| is_separator(c)) {
        parts.extend(text.get(start..i));
        start = i + c.len_utf8();
    }
    parts.extend(text.get(start..));
    parts.retain(|part| !part.is_empty());
    parts
}

/// Whether one part of a list is an origin beyond doubt.
fn is_whole(part: &str) -> bool {
    part == "*" || part == "null" || part.contains("://")
}

/// Whether one part of a list is a host without a scheme.
fn is_host_like(part: &str) -> bool {
    let host = part.trim_matches(['"', '\'']);
    let named =
        host.starts_with("localhost") || (host.contains('.') && host.contains(|c: char| c.is_ascii_alphabetic()));
    named && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '*' | ':'))
}

fn regex(text: &str) -> Result<(), Fault> {
    if !is_regex(text) {
        return Ok(());
    }
    Err(Fault::new(
        &rules::REGEX_NOT_SUPPORTED,
        format!("{} looks like a regular expression or a glob; origins are compared literally", code(text)),
        "list the origins, or put `*.` before a domain for its subdomains: `\"https://*.example.com\"`".to_owned(),
    ))
}

fn is_regex(text: &str) -> bool {
    if text.len() < 2 {
        return false;
    }
    let (before, rest) = text.split_once("://").unwrap_or(("", text));
    let authority = rest.split('/').next().unwrap_or(rest);
    let anchored = text.starts_with('^') || text.ends_with('$');
    let quantified =
        ["//.*", "//.+", "/.*", "//?", "]+", ")+", "]*", ")*", ")?", "]?"].iter().any(|piece| text.contains(piece))
            || text.starts_with(".*")
            || text.starts_with(".+")
            || before.ends_with('?')
            || [".+", "?."].iter().any(|piece| authority.contains(piece));
    let grouped = is_inside(authority, '(', ')', |_| true) || is_inside(before, '(', ')', |_| true);
    anchored
        || quantified
        || grouped
        || is_javascript_literal(text)
        || has_escape(text)
        || has_class(authority)
        || has_choice(authority)
}

/// `/…/` or `/…/i`.
fn is_javascript_literal(text: &str) -> bool {
    let Some((body, flags)) = text.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')) else {
        return false;
    };
    !body.starts_with('/')
        && body.contains(['.', '\\', '*', '+', '?', '(', '[', '$'])
        && flags.chars().all(|c| "dgimsuvy".contains(c))
}

/// A backslash before something that expressions escape. Two backslashes are those of a mistyped `https:\\`.
fn has_escape(text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            match chars.next() {
                Some('\\') | None => {}
                Some(next) => return ".wdsWDSbB/-*+?()[]{}^$|:".contains(next),
            }
        }
    }
    false
}

/// `[a-z]` anywhere, `app[12]` in the middle. Brackets at the start are an IPv6 address, brackets after a colon are ports.
fn has_class(authority: &str) -> bool {
    let range = is_inside(authority, '[', ']', |class| class.contains(['-', '^']) && !class.contains(':'));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.strip_prefix("*.").unwrap_or(host);
    let inner = host.find('[').is_some_and(|at| {
        at > 0
            && !host.get(..at).is_some_and(|before| before.ends_with(':'))
            && host.get(at..).is_some_and(|rest| rest.contains(']'))
    });
    let port_range = host.contains(":[");
    (range && !port_range) || inner
}

/// `{a,b}` as shells expand it. After a colon it is a list of ports.
fn has_choice(authority: &str) -> bool {
    is_inside(authority, '{', '}', |choice| choice.contains(',')) && !authority.contains(":{")
}

/// Whether the text between the first opening and the next closing sign passes the test.
fn is_inside(text: &str, open: char, close: char, is_it: impl Fn(&str) -> bool) -> bool {
    let inside = text.split_once(open).and_then(|(_, rest)| rest.split_once(close));
    inside.is_some_and(|(inside, _)| is_it(inside))
}

fn placeholder(text: &str) -> Fault {
    Fault::new(
        &rules::PLACEHOLDER_IN_ORIGIN,
        format!("{} contains a placeholder; placeholders are not expanded here", code(text)),
        String::new(),
    )
    .in_policy(instead::real_origin)
    .in_configuration(Configured::RealOrigin)
}

/// The marks of template languages, which nothing else can be.
fn is_template(text: &str) -> bool {
    ["{{", "${", "<%", "#{", "%(", "$("].iter().any(|mark| text.contains(mark))
}

fn is_placeholder(text: &str) -> bool {
    let braces = is_inside(text, '{', '}', |name| !name.contains([',', '|']) && !is_ports(name));
    // `<https://example.com>` is a way to quote.
    let angles = is_inside(text, '<', '>', |name| !name.contains("://"));
    braces || angles || text.contains("@@") || has_percent(text) || has_dollar(text)
}

fn is_ports(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// `%NAME%` and `%s`, but no percent-encoding.
fn has_percent(text: &str) -> bool {
    text.match_indices('%').any(|(i, _)| {
        let rest = text.get(i + 1..).unwrap_or("");
        let name: String = rest.chars().take(64).take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let closed = rest.get(name.len()..).is_some_and(|after| after.starts_with('%'));
        let encoded = rest.len() > 1 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
        (closed && name.len() > 2 && !(encoded && name.bytes().all(|byte| byte.is_ascii_hexdigit())))
            || (!encoded && matches!(name.as_str(), "s" | "d" | "v"))
    })
}

/// `$NAME` and `$1`.
fn has_dollar(text: &str) -> bool {
    text.match_indices('$').any(|(i, _)| {
        text.get(i + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
    })
}

fn whitespace(text: &str) -> Result<(), Fault> {
    let Some((at, c)) = text.char_indices().find(|(_, c)| c.is_whitespace()) else {
        return Ok(());
    };
    let name = match c {
        ' ' => "a space".to_owned(),
        '\t' => "a tab".to_owned(),
        '\n' | '\r' => "a line break".to_owned(),
        c => format!("U+{:04X}", u32::from(c)),
    };
    let message = format!("{} contains whitespace: {name} at byte {at}", code(text));
    let fault = Fault::new(
        &rules::WHITESPACE_IN_ORIGIN,
        message,
        "remove the whitespace, or write one element per origin".to_owned(),
    );
    if parts_a_host(text) {
        return Err(fault);
    }
    Err(fault.fix("remove the whitespace: ", text.chars().filter(|c| !c.is_whitespace()).collect()))
}

/// Whether whitespace stands between two letters of a host, so that without it the host is another one. Browsers drop tabs and
/// line breaks.
fn parts_a_host(text: &str) -> bool {
    let host = text.split_once("://").map_or(text, |(_, host)| host).trim();
    let parts: Vec<_> = host.split(|c: char| c.is_whitespace() && !matches!(c, '\t' | '\r' | '\n')).collect();
    parts.windows(2).any(|pair| pair[0].ends_with(char::is_alphanumeric) && pair[1].starts_with(char::is_alphanumeric))
}

fn invisible(text: &str) -> Result<(), Fault> {
    let Some((at, c)) = text.char_indices().find(|&(_, c)| is_invisible(c)) else {
        return Ok(());
    };
    let hex = format!("U+{:04X}", u32::from(c));
    let message = format!("{} contains the invisible character {hex} at byte {at}", code(text));
    let fault = Fault::new(
        &rules::INVISIBLE_CHARACTER,
        message,
        "retype it, or copy `location.origin` from the console of that page".to_owned(),
    );
    // The two joiners are part of some names (RFC 5892, appendix A): without them the host would be another one.
    if matches!(c, '\u{200c}' | '\u{200d}') && text.chars().any(|c| !c.is_ascii() && !is_invisible(c)) {
        return Err(fault);
    }
    // Text in another direction reads in another order without its marks.
    if matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
        return Err(fault);
    }
    Err(fault.fix("remove the character: ", text.chars().filter(|&c| !is_invisible(c)).collect()))
}
