//! IP addresses as the URL standard reads and writes them.

use std::fmt::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr};

/// What a host is.
pub(crate) enum Host {
    Name,
    V4(Ipv4Addr),
    V6(Ipv6Addr),
    /// Brackets around something that is not an IPv6 address, or a number as the last label of something that is not
    /// IPv4.
    Invalid,
}

/// Tells a name from an address. <https://url.spec.whatwg.org/#concept-host-parser>
pub(crate) fn read(host: &str) -> Host {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.strip_suffix(']').and_then(parse_v6).map_or(Host::Invalid, Host::V6);
    }
    if !ends_in_number(host) {
        return Host::Name;
    }
    parse_v4(host).map_or(Host::Invalid, Host::V4)
}

/// <https://url.spec.whatwg.org/#ends-in-a-number-checker>
pub(crate) fn ends_in_number(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let last = host.rsplit('.').next().unwrap_or(host);
    !last.is_empty() && (last.bytes().all(|byte| byte.is_ascii_digit()) || parse_number(last).is_some())
}

/// <https://url.spec.whatwg.org/#concept-ipv4-parser>
fn parse_v4(host: &str) -> Option<Ipv4Addr> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let count = host.split('.').count();
    if count > 4 {
        return None;
    }
    let mut address = 0_u64;
    for (i, part) in host.split('.').enumerate() {
        let number = parse_number(part)?;
        let last = i + 1 == count;
        // The last number fills all the bytes that are left.
        let bytes = u32::try_from(if last { 5 - count } else { 1 }).ok()?;
        if number >= 256_u64.pow(bytes) {
            return None;
        }
        address = address.checked_mul(256_u64.pow(bytes))?.checked_add(number)?;
    }
    u32::try_from(address).ok().map(Ipv4Addr::from)
}

/// <https://url.spec.whatwg.org/#ipv4-number-parser>; a number too large for `u64` counts as `u64::MAX`.
fn parse_number(text: &str) -> Option<u64> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if text.len() > 1 && text.starts_with('0') => (text.get(1..)?, 8),
        None if text.is_empty() => return None,
        None => (text, 10),
    };
    digits.chars().try_fold(0_u64, |number, digit| {
        let digit = digit.to_digit(radix)?;
        Some(number.saturating_mul(u64::from(radix)).saturating_add(u64::from(digit)))
    })
}

/// <https://url.spec.whatwg.org/#concept-ipv6-parser>, which the standard library's parser agrees with.
pub(crate) fn parse_v6(text: &str) -> Option<Ipv6Addr> {
    text.parse().ok()
}

/// Whether the text is an IPv4 address as the URL standard writes it: four decimal numbers.
pub(crate) fn is_serialized_v4(host: &str) -> bool {
    host.parse::<Ipv4Addr>().is_ok()
}

/// Whether the text, without brackets, is what [`serialize_v6`] makes of the address that it is. Allocates nothing.
pub(crate) fn is_serialized_v6(text: &str) -> bool {
    let Some(address) = parse_v6(text) else { return false };
    let mut rest = Rest(text);
    let written = match (address.to_ipv4_mapped(), address.segments()) {
        // The one form in which the standard library writes a dotted quad.
        (Some(_), [.., high, low]) => write!(rest, "::ffff:{high:x}:{low:x}"),
        (None, _) => write!(rest, "{address}"),
    };
    written.is_ok() && rest.0.is_empty()
}

/// What is left of a text after what has been written, as long as that is its start.
struct Rest<'a>(&'a str);

impl Write for Rest<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(text).ok_or(fmt::Error)?;
        Ok(())
    }
}

/// <https://url.spec.whatwg.org/#concept-ipv6-serializer>: unlike the standard library's form, never a dotted quad.
pub(crate) fn serialize_v6(address: Ipv6Addr) -> String {
    let pieces = address.segments();
    let zeros = |start: usize| pieces.iter().skip(start).take_while(|&&piece| piece == 0).count();
    // The first of the longest runs: `max_by_key` takes the last of equals.
    let (start, length) =
        (0..8).rev().map(|start| (start, zeros(start))).max_by_key(|&(_, length)| length).unwrap_or((0, 0));
    let hex = |pieces: &[u16]| pieces.iter().map(|piece| format!("{piece:x}")).collect::<Vec<_>>().join(":");
    if length < 2 {
        return format!("[{}]", hex(&pieces));
    }
    let (before, after) = (pieces.get(..start).unwrap_or(&[]), pieces.get(start + length..).unwrap_or(&[]));
    format!("[{}::{}]", hex(before), hex(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v4() {
        for (text, address) in [
            ("127.0.0.1", Some("127.0.0.1")),
            ("127.1", Some("127.0.0.1")),
            ("0x7f.1", Some("127.0.0.1")),
            ("0x", Some("0.0.0.0")),
            ("017700000001", Some("127.0.0.1")),
            ("4294967295", Some("255.255.255.255")),
            ("4294967296", None),
            ("1.2.3.256", None),
            ("1.256.1", None),
            ("1.2.3.4.5", None),
            ("1..2", None),
            ("09", None),
            ("99999999999999999999999999", None),
        ] {
            assert!(ends_in_number(text), "{text}");
            assert_eq!(parse_v4(text).map(|address| address.to_string()).as_deref(), address, "{text}");
        }
        for text in ["", ".", "a", "1.a", "1.0xg", "1..", "-1"] {
            assert!(!ends_in_number(text), "{text}");
        }
    }

    #[test]
    fn v6() {
        for (text, canonical) in [
            ("::", "[::]"),
            ("::1", "[::1]"),
            ("1::", "[1::]"),
            ("2001:db8:0:0:1:0:0:1", "[2001:db8::1:0:0:1]"),
            ("1:0:0:2:0:0:0:3", "[1:0:0:2::3]"),
            ("2001:db8:0:1:1:1:1:1", "[2001:db8:0:1:1:1:1:1]"),
            ("::ffff:127.0.0.1", "[::ffff:7f00:1]"),
            ("ABCD::", "[abcd::]"),
        ] {
            assert_eq!(parse_v6(text).map(serialize_v6).as_deref(), Some(canonical));
        }
    }

    #[test]
    fn one_form_of_an_address_is_its_serialization() {
        for text in
            ["::", "::1", "1::", "1:2:3:4:5:6:7:8", "2001:db8::1:0:0:1", "::ffff:7f00:1", "::ffff:0:0", "1:0:0:2::1"]
        {
            assert_eq!(parse_v6(text).map(serialize_v6), Some(format!("[{text}]")));
            assert!(is_serialized_v6(text), "{text}");
        }
        for text in [
            "",
            ":",
            "a",
            ":::",
            "::01",
            "0::1",
            "::A",
            "1::2:0:0:0:1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "1:2:3:4:5:6:7:8:9",
            "::1 ",
        ] {
            assert!(!is_serialized_v6(text), "{text}");
        }
        for text in ["6", "127.1", "0x7f.0.0.1", "127.0.0.01", "127.0.0.1.", "256.0.0.1", "a.1", "1.2.3.4.5"] {
            assert!(!is_serialized_v4(text), "{text}");
        }
        assert!(is_serialized_v4("127.0.0.1"));
    }
}
