//! The parts of a request that the decision needs, for every framework: read in one pass over the headers.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use cors_rules::fetch::LONGEST_HOST;

/// The head of a request, as far as it matters here. An adapter reads all header lines into it.
#[derive(Clone, Copy)]
pub(crate) struct CorsRequest<'r> {
    pub(crate) method: &'r str,
    pub(crate) origin: OriginHeader<'r>,
    /// `Access-Control-Request-Method`: the first value, and whether there is another.
    announced: Option<(&'r [u8], bool)>,
    /// `Access-Control-Request-Headers`.
    pub(crate) names: Lines<'r>,
    /// `Sec-Fetch-Site`, which no script can set
    /// ([Fetch Metadata](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)).
    pub(crate) site: Option<&'r [u8]>,
    /// Whether the request asks for another protocol on its connection: a WebSocket, above all
    /// ([RFC 6455, 4.1](https://www.rfc-editor.org/rfc/rfc6455#section-4.1)).
    pub(crate) upgrade: bool,
    /// Whether there is a `Cookie`.
    pub(crate) cookie: bool,
    /// Whether there is an `Authorization`.
    pub(crate) authorization: bool,
    /// `Host`: the first value, and whether there is another one that differs.
    host: Option<(&'r [u8], bool)>,
    /// What stands in its place where there is none: `:authority`.
    authority: Option<Authority<'r>>,
}

/// `:authority`, as a framework has it.
#[derive(Clone, Copy)]
pub(crate) enum Authority<'r> {
    Text(&'r str),
    /// Something that is written out only if somebody asks.
    Shown(&'r (dyn fmt::Display + Sync)),
}

impl fmt::Display for Authority<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Authority::Text(text) => f.write_str(text),
            Authority::Shown(shown) => shown.fmt(f),
        }
    }
}

/// What the `Origin` header of a request says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OriginHeader<'r> {
    /// There is none: no browser asks to share this response.
    Absent,
    /// There is one. `null`, empty and malformed values included.
    One(&'r [u8]),
    /// There are several, which no browser sends.
    Several,
}

/// The values of a header that may be on several lines. Browsers send one line, and proxies seldom split it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines<'r> {
    lines: [&'r [u8]; Lines::MOST],
    count: usize,
}

impl<'r> Lines<'r> {
    /// How many lines are read.
    const MOST: usize = 4;

    fn push(&mut self, line: &'r [u8]) {
        if let Some(free) = self.lines.get_mut(self.count) {
            *free = line;
        }
        self.count += 1;
    }

    /// The values, or `None` if there are more than are read.
    pub(crate) fn all(&self) -> Option<&[&'r [u8]]> {
        self.lines.get(..self.count)
    }
}

impl<'r> OriginHeader<'r> {
    /// The same with one more header line.
    pub(crate) fn and(self, value: &'r [u8]) -> Self {
        match self {
            OriginHeader::Absent => OriginHeader::One(value),
            OriginHeader::One(_) | OriginHeader::Several => OriginHeader::Several,
        }
    }

    /// The value, if there is exactly one.
    pub(crate) fn one(self) -> Option<&'r [u8]> {
        match self {
            OriginHeader::One(value) => Some(value),
            OriginHeader::Absent | OriginHeader::Several => None,
        }
    }
}

/// Whether a request with this method may change something.
pub(crate) fn is_write(method: &str) -> bool {
    !matches!(method, "GET" | "HEAD" | "OPTIONS")
}

/// The lengths of names that matter, as bits: most names of a request are ruled out by theirs.
pub(crate) struct Lengths(u32);

impl Lengths {
    /// Of those that [`CorsRequest::read`] keeps.
    pub(crate) const ALL: Self = Self(1 << 4 | 1 << 13 | 1 << 14 | 1 << 29 | 1 << 30 | Self::FIRST.0);
    /// Of `Origin`, and of those that ask for another protocol.
    pub(crate) const FIRST: Self = Self(1 << 6 | Self::UPGRADE.0);
    /// Of those that ask for another protocol.
    pub(crate) const UPGRADE: Self = Self(1 << 7 | 1 << 17);
}

/// Whether a header may be one of those that matter, and whose names have these lengths. All names of a request are asked, so
/// it costs less than to compare: there is one letter for each length.
#[inline]
pub(crate) fn may_be(name: &str, lengths: &Lengths) -> bool {
    /// Where to look in a name of this length, and what has to be there, in lower case.
    const LETTERS: [(u8, u8); 32] = {
        let mut letters = [(0, 0); 32];
        letters[4] = (0, b'h');
        // `origin` and `cookie`.
        letters[6] = (4, b'i');
        letters[7] = (0, b'u');
        letters[13] = (0, b'a');
        // Browsers send `sec-fetch-mode` and `sec-fetch-dest` too.
        letters[14] = (10, b's');
        letters[17] = (4, b'w');
        letters[29] = (0, b'a');
        letters[30] = (0, b'a');
        letters
    };
    let Some(&(at, letter)) = LETTERS.get(name.len()).filter(|_| lengths.0 >> name.len() & 1 == 1) else {
        return false;
    };
    name.as_bytes().get(usize::from(at)).is_some_and(|byte| byte | 0x20 == letter)
}

/// Whether a header with this name asks for another protocol.
pub(crate) fn is_upgrade(name: &str) -> bool {
    is(name.as_bytes(), b"upgrade") || is(name.as_bytes(), b"sec-websocket-key")
}

/// Whether a header with this name is `Origin`.
#[inline]
pub(crate) fn is_origin(name: &str) -> bool {
    is(name.as_bytes(), b"origin")
}

/// Whether the name of a header is this one, which has lower case letters and hyphens.
///
/// The bit of lower case is set in both. All bytes are compared at once, which takes one tenth of the instructions of
/// `eq_ignore_ascii_case`. Only a line break would become a hyphen, and there is none in a name.
#[inline]
fn is<const N: usize>(name: &[u8], known: &[u8; N]) -> bool {
    let differ = |name: &[u8; N]| name.iter().zip(known).fold(0, |differ, (a, b)| differ | (a | 0x20) ^ b);
    <&[u8; N]>::try_from(name).is_ok_and(|name| differ(name) == 0)
}

impl<'r> CorsRequest<'r> {
    /// A request without headers.
    pub(crate) fn new(method: &'r str, authority: Option<Authority<'r>>) -> Self {
        CorsRequest {
            method,
            origin: OriginHeader::Absent,
            announced: None,
            names: Lines::default(),
            site: None,
            upgrade: false,
            cookie: false,
            authorization: false,
            host: None,
            authority,
        }
    }

    /// Reads one header line. The lines of one name come in their order.
    #[inline]
    pub(crate) fn read(&mut self, name: &str, value: &'r [u8]) {
        if may_be(name, &Lengths::ALL) {
            self.read_known(name.as_bytes(), value);
        }
    }

    #[inline(never)]
    pub(crate) fn read_known(&mut self, name: &[u8], value: &'r [u8]) {
        match name.len() {
            4 if is(name, b"host") => {
                self.host = Some(self.host.map_or((value, false), |(first, more)| (first, more || first != value)));
            }
            6 if is(name, b"origin") => self.origin = self.origin.and(value),
            6 => self.cookie |= is(name, b"cookie"),
            7 => self.upgrade |= is(name, b"upgrade"),
            13 => self.authorization |= is(name, b"authorization"),
            14 if is(name, b"sec-fetch-site") => {
                // A browser sends one. Of two that differ, one may be anybody's.
                let other = self.site.is_some_and(|first| first != value);
                self.site = Some(if other { b"cross-site" } else { value });
            }
            17 => self.upgrade |= is(name, b"sec-websocket-key"),
            29 if is(name, b"access-control-request-method") => {
                self.announced = Some(self.announced.map_or((value, false), |(first, _)| (first, true)));
            }
            30 if is(name, b"access-control-request-headers") => self.names.push(value),
            _ => {}
        }
    }

    /// The same with these header lines.
    pub(crate) fn with(mut self, headers: impl IntoIterator<Item = (&'r str, &'r [u8])>) -> Self {
        headers.into_iter().for_each(|(name, value)| self.read(name, value));
        self
    }

    /// Asks about the value of `Host`, or of `:authority` in its place, and tells whether there is another one that differs.
    /// `None` if there is neither.
    pub(crate) fn with_host<T>(&self, ask: impl FnOnce(&[u8], bool) -> T) -> Option<T> {
        if let Some((host, several)) = self.host {
            // A target with an authority, as proxies are sent it, has to agree.
            let other =
                matches!(self.authority, Some(Authority::Text(text)) if !text.as_bytes().eq_ignore_ascii_case(host));
            return Some(ask(host, several || other));
        }
        let mut text = Text { bytes: [0; Text::LONGEST], length: 0 };
        // What is too long is not a host.
        let written = write!(text, "{}", self.authority?).is_ok();
        Some(ask(if written { &text.bytes[..text.length] } else { b"" }, false))
    }

    /// The same value, to be shown.
    pub(crate) fn host_text(&self) -> Cow<'r, [u8]> {
        match (self.host, self.authority) {
            (Some((host, _)), _) => host.into(),
            (None, Some(authority)) => authority.to_string().into_bytes().into(),
            (None, None) => b"".into(),
        }
    }

    /// Whether this is a preflight ([Fetch](https://fetch.spec.whatwg.org/#cors-preflight-request)).
    pub(crate) fn is_preflight(&self) -> bool {
        self.announced.is_some() && self.origin != OriginHeader::Absent && self.method == "OPTIONS"
    }

    /// The method that a preflight announces, if it announces exactly one.
    pub(crate) fn announced_method(&self) -> Option<&'r [u8]> {
        self.announced.filter(|(_, more)| !more).map(|(method, _)| method)
    }
}

/// A host and a port, written without allocation. A longer text is not the host of an origin.
struct Text {
    bytes: [u8; Text::LONGEST],
    length: usize,
}

impl Text {
    const LONGEST: usize = LONGEST_HOST + ":65535".len();
}

impl fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{CorsRequest, Lengths, OriginHeader, is_origin, is_upgrade, may_be};

    /// The names that are kept.
    const KEPT: [&str; 9] = [
        "host",
        "origin",
        "cookie",
        "upgrade",
        "authorization",
        "sec-fetch-site",
        "sec-websocket-key",
        "access-control-request-method",
        "access-control-request-headers",
    ];

    /// What a request with one header of this name keeps of it.
    fn kept(name: &str) -> Option<usize> {
        let mut read = CorsRequest::new("GET", None);
        read.read(name, b"value");
        let kept = [
            read.host.is_some(),
            read.origin != OriginHeader::Absent,
            read.cookie,
            read.upgrade && name.len() == KEPT[3].len(),
            read.authorization,
            read.site.is_some(),
            read.upgrade && name.len() == KEPT[6].len(),
            read.announced.is_some(),
            read.names.count == 1,
        ];
        assert!(kept.iter().filter(|is| **is).count() <= 1, "{name}");
        kept.iter().position(|is| *is)
    }

    #[test]
    fn names_are_known_in_any_case() {
        for (place, name) in KEPT.into_iter().enumerate() {
            let titled: String =
                name.split_inclusive('-').map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect();
            for name in [name, &name.to_ascii_uppercase(), &titled] {
                assert_eq!(kept(name), Some(place), "{name}");
                assert!(may_be(name, &Lengths::ALL), "{name}");
                assert_eq!(may_be(name, &Lengths::UPGRADE), [3, 6].contains(&place), "{name}");
                assert_eq!(is_upgrade(name), [3, 6].contains(&place), "{name}");
                assert_eq!(is_origin(name), place == 1, "{name}");
            }
        }
    }

    /// Each byte of a name is compared.
    #[test]
    fn no_other_name_is_known() {
        for name in KEPT {
            for at in 0..name.len() {
                for byte in (b'!'..=b'~').filter(|byte| !name.as_bytes()[at].eq_ignore_ascii_case(byte)) {
                    let mut other = name.to_owned().into_bytes();
                    other[at] = byte;
                    let other = String::from_utf8(other).expect("ASCII");
                    assert_eq!(kept(&other), None, "{other}");
                    assert!(!is_upgrade(&other) && !is_origin(&other), "{other}");
                }
            }
            assert_eq!((kept(&name[1..]), kept(&format!("{name}s"))), (None, None), "{name}");
        }
        assert_eq!((kept(""), kept(&"a".repeat(40))), (None, None));
    }
}
