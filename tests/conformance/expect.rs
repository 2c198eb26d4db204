//! The columns `expect_headers` and `absent_headers` of the table.

use cors_tests::Reply;
use cors_tests::tsv::split_unescape;

/// One assertion about an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expectation {
    /// `status=204`, `status=2xx`
    Status(String),
    /// `status=!5xx`
    NotStatus(String),
    /// `handler` and `no-handler`
    Handler(bool),
    /// `NAME: value`: exactly one line, with this value.
    Line(&'static str, String),
    /// `NAME~a|b`: the list holds one of these.
    Lists(&'static str, Vec<String>),
    /// In the column of what is absent, `NAME`: no line.
    Absent(&'static str),
    /// There, `NAME: value`: no line with this value.
    NotLine(&'static str, String),
    /// There, `NAME~a`: the list does not hold this.
    NotLists(&'static str, String),
}

use Expectation::{Absent, Handler, Line, Lists, NotLine, NotLists, NotStatus, Status};

/// Reads both columns.
pub(crate) fn parse(expected: &str, absent: &str) -> Result<Vec<Expectation>, String> {
    let expected = assertions(expected)?.into_iter().map(|text| parse_expected(&text));
    let absent = assertions(absent)?.into_iter().map(|text| parse_absent(&text));
    expected.chain(absent).collect()
}

fn assertions(cell: &str) -> Result<Vec<String>, String> {
    let parts = split_unescape(cell, ";").into_iter().map(String::from_utf8);
    let parts = parts.collect::<Result<Vec<_>, _>>().map_err(|_| format!("not UTF-8: {cell}"))?;
    let parts = parts.iter().map(|part| part.strip_prefix(' ').unwrap_or(part).to_owned());
    Ok(parts.filter(|part| !part.is_empty()).collect())
}

fn parse_expected(text: &str) -> Result<Expectation, String> {
    match text {
        "handler" => return Ok(Handler(true)),
        "no-handler" => return Ok(Handler(false)),
        _ => {}
    }
    if let Some(status) = text.strip_prefix("status=") {
        return Ok(match status.strip_prefix('!') {
            Some(status) => NotStatus(status.to_owned()),
            None => Status(status.to_owned()),
        });
    }
    if let Some((name, value)) = text.split_once(": ") {
        return Ok(Line(header(name)?, value.to_owned()));
    }
    match text.split_once('~') {
        Some((name, values)) => Ok(Lists(header(name)?, values.split('|').map(str::to_owned).collect())),
        None => Err(format!("no such assertion: {text}")),
    }
}

fn parse_absent(text: &str) -> Result<Expectation, String> {
    if let Some((name, value)) = text.split_once(": ") {
        return Ok(NotLine(header(name)?, value.to_owned()));
    }
    match text.split_once('~') {
        Some((name, value)) => Ok(NotLists(header(name)?, value.to_owned())),
        None => Ok(Absent(header(text)?)),
    }
}

fn header(name: &str) -> Result<&'static str, String> {
    Ok(match name {
        "ACAO" => "access-control-allow-origin",
        "ACAC" => "access-control-allow-credentials",
        "ACAM" => "access-control-allow-methods",
        "ACAH" => "access-control-allow-headers",
        "ACEH" => "access-control-expose-headers",
        "ACMA" => "access-control-max-age",
        "ACAPN" => "access-control-allow-private-network",
        "Vary" => "vary",
        name => return Err(format!("no such header in the table: {name}")),
    })
}

impl Expectation {
    /// Whether the answer is as expected, given whether the handler ran.
    pub(crate) fn holds(&self, reply: &Reply, ran: bool) -> bool {
        match self {
            Status(status) => is_status(reply.status, status),
            NotStatus(status) => !is_status(reply.status, status),
            Handler(wanted) => ran == *wanted,
            Line(name, value) => reply.all(name) == [value.as_bytes()],
            Lists(name, values) => values.iter().any(|value| lists(reply, name, value)),
            Absent(name) => reply.all(name).is_empty(),
            NotLine(name, value) => !reply.all(name).contains(&value.as_bytes()),
            NotLists(name, value) => !lists(reply, name, value),
        }
    }
}

/// Whether the status is `204`, or one of `2xx`.
fn is_status(status: u16, wanted: &str) -> bool {
    let digits = status.to_string();
    digits.len() == wanted.len() && digits.chars().zip(wanted.chars()).all(|(digit, want)| want == 'x' || want == digit)
}

/// Methods are compared byte by byte, names of headers without their case.
fn lists(reply: &Reply, name: &str, value: &str) -> bool {
    let exact = name == "access-control-allow-methods";
    reply.list(name).iter().any(|listed| if exact { listed == value } else { listed.eq_ignore_ascii_case(value) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read() {
        let parsed = parse("handler; status=!5xx; ACAO: https://a.b; ACEH~x-a|*", "ACAC; ACAO: *; ACAM~PUT");
        let texts = |values: &[&str]| values.iter().map(ToString::to_string).collect();
        let expected = [
            Handler(true),
            NotStatus("5xx".into()),
            Line("access-control-allow-origin", "https://a.b".into()),
            Lists("access-control-expose-headers", texts(&["x-a", "*"])),
            Absent("access-control-allow-credentials"),
            NotLine("access-control-allow-origin", "*".into()),
            NotLists("access-control-allow-methods", "PUT".into()),
        ];
        assert_eq!(parsed.as_deref(), Ok(expected.as_slice()));
        assert_eq!(parse("", ""), Ok(Vec::new()));
        assert!(parse("hander", "").is_err());
        assert!(parse("", "ACA0").is_err());
    }

    #[test]
    fn expectations_can_fail() {
        let line = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
        let headers = vec![
            line("vary", "Accept, origin"),
            line("access-control-allow-origin", "*"),
            line("access-control-allow-origin", "*"),
            line("access-control-allow-methods", "PUT"),
        ];
        let reply = Reply { status: 204, headers, body: Vec::new() };
        let holds =
            |expected, absent| parse(expected, absent).expect("an assertion").iter().all(|one| one.holds(&reply, true));
        assert!(holds(
            "status=2xx; status=204; status=!5xx; handler; Vary~Origin; ACAM~PUT",
            "ACAM~put; ACAO: null; ACAH"
        ));
        for expected in ["status=200", "status=!2xx", "status=5xx", "no-handler", "Vary~cookie", "ACAM~put", "ACAO: *"]
        {
            assert!(!holds(expected, ""), "{expected}");
        }
        for absent in ["ACAO", "ACAO: *", "Vary~ORIGIN", "ACAM~PUT"] {
            assert!(!holds("", absent), "{absent}");
        }
    }
}
