//! The text of header lines: lists of names, and the names of the CORS protocol.

/// The elements of a comma-separated list, without blanks around them and without empty ones
/// ([RFC 9110, 5.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1)).
pub(crate) fn split_names(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    value.split(|byte| *byte == b',').filter_map(move |name| {
        let start = name.iter().position(|byte| !blank(byte))?;
        let end = name.iter().rposition(|byte| !blank(byte))?;
        name.get(start..=end)
    })
}

/// The elements of a list that this library has written: with a comma and a blank between them. To search for both as text
/// costs more than the rest of a preflight.
pub(crate) fn listed(list: &str) -> impl Iterator<Item = &[u8]> {
    list.as_bytes().split(|byte| *byte == b',').map(|element| element.strip_prefix(b" ").unwrap_or(element))
}

/// The first of the names of request headers that a list does not have.
pub(crate) fn first_unlisted<'r>(list: &str, lines: &[&'r [u8]]) -> Option<&'r [u8]> {
    // Browsers sort the names, and most policies do: each is looked for behind the one before it first.
    let mut rest = list.as_bytes();
    let mut names = lines.iter().flat_map(|line| split_names(without_listed(list, line)));
    names.find(|name| {
        let found = behind(rest, name).or_else(|| behind(list.as_bytes(), name));
        rest = found.unwrap_or(rest);
        found.is_none()
    })
}

/// What is left of a line when names of the list are taken off its beginning, as far as both have one order: nothing, if a browser
/// has written it and the policy allows it. To split such a line costs three times as much.
fn without_listed<'r>(list: &str, mut line: &'r [u8]) -> &'r [u8] {
    for element in listed(list) {
        match line.strip_prefix(element) {
            Some([]) => return &[],
            Some([b',', rest @ ..]) => line = rest,
            _ => {}
        }
    }
    line
}

/// What a list that this library has written has behind a name. `None` if it does not have the name.
fn behind<'l>(mut list: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    let next = |list: &'l [u8]| list.strip_prefix(b", ");
    loop {
        // The length first: most elements are passed over without a look at their letters.
        if let Some((element, rest)) = list.split_at_checked(name.len())
            && matches!(rest, [] | [b',', ..])
            && (element == name || element.eq_ignore_ascii_case(name))
        {
            return Some(next(rest).unwrap_or(rest));
        }
        let end = list.iter().position(|byte| *byte == b',')?;
        list = next(list.get(end..)?)?;
    }
}

/// How the names of the headers of the CORS protocol begin.
pub(crate) const CORS_PREFIX: &[u8] = b"access-control-";

/// Whether a header belongs to the CORS protocol, so that no other than the policy's may be on a response.
#[inline]
pub(crate) fn is_cors_header(name: &str) -> bool {
    // The first letter rules out most others.
    let name = name.as_bytes();
    matches!(name, [b'a' | b'A', ..])
        && name.get(..CORS_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(CORS_PREFIX))
}

/// Whether the values of `Vary` that a response has cover all names of this one.
pub(crate) fn vary_covers<'v, I: Iterator<Item = &'v [u8]>>(values: impl Fn() -> I, needed: &str) -> bool {
    listed(needed).all(|needed| {
        let mut names = values().flat_map(|value| value.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii);
        names.any(|name| name == b"*" || name.eq_ignore_ascii_case(needed))
    })
}

#[cfg(test)]
mod tests {
    use super::first_unlisted;

    /// Names that are the beginning, the end or the middle of others, in another case, and not there at all.
    const NAMES: [&str; 8] = ["a", "b", "x-a", "x-a-b", "a-b", "X-A", "x-", "c"];

    /// All orders of up to three of the names.
    fn choices() -> Vec<Vec<&'static str>> {
        let mut all = vec![Vec::new()];
        for _ in 0..3 {
            let longer = all.iter().flat_map(|some: &Vec<_>| NAMES.map(|name| [&some[..], &[name]].concat()));
            all.extend(longer.collect::<Vec<_>>());
        }
        all
    }

    #[test]
    fn a_list_has_the_names_that_are_written_in_it() {
        let choices = choices();
        for list in &choices {
            let text = list.join(", ");
            for asked in &choices {
                let listed = |name: &&&str| list.iter().any(|listed| listed.eq_ignore_ascii_case(name));
                let expected = asked.iter().find(|name| !listed(name)).map(|name| name.as_bytes());
                // As a browser writes them, with blanks, and on lines of their own.
                let [written, spaced] = [asked.join(","), asked.join(" ,, ")];
                let single: Vec<_> = asked.iter().map(|name| name.as_bytes()).collect();
                for lines in [&[written.as_bytes()][..], &[spaced.as_bytes()], &single] {
                    assert_eq!(first_unlisted(&text, lines), expected, "{asked:?} in {text}");
                }
            }
        }
    }
}
