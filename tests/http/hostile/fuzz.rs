//! Origins that are nearly right, from a pseudo-random source: who is granted is compared with what the policy says.

use std::io::ErrorKind;

use cors_tests::{APP, Call, cors_headers};

use super::{applications, assert_alive, preflight};

/// Marsaglia's xorshift: the same requests on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap_or_default()
    }

    /// Changes a few bytes, or none.
    fn mutate(&mut self, origin: &str) -> Vec<u8> {
        const BYTES: &[u8] = b"./:@%*-_,;# \t\\[]aA0189\0\x7f\x80\xc3\xff";
        let mut origin = origin.as_bytes().to_vec();
        for _ in 0..self.below(4) {
            let at = self.below(origin.len());
            let byte = BYTES[self.below(BYTES.len())];
            match self.below(6) {
                0 => origin[at] ^= 1 << self.below(8),
                1 => origin[at] = byte,
                2 => origin.insert(at, byte),
                3 => origin.push(byte),
                4 => drop(origin.drain(at..(at + 1 + self.below(4)).min(origin.len()))),
                _ => origin.extend_from_within(at..),
            }
            if origin.is_empty() {
                break;
            }
        }
        origin
    }
}

/// Sends origins that are nearly right, and compares who is granted with `named`.
fn fuzz(path: &str, seeds: &[&str], credentials: bool, named: impl Fn(&str) -> bool) {
    for server in applications() {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let (mut granted, mut refused) = (0, 0);
        for round in 0..2_500 {
            let sent = random.mutate(seeds[round % seeds.len()]);
            let call = match round % 3 {
                0 => Call::new("GET", path).header("Origin", &sent),
                1 => Call::new("PUT", path).header("Origin", &sent),
                _ => preflight(path, &sent, "PUT"),
            };
            let reply = match call.try_send(&server) {
                Err(error) if error.kind() == ErrorKind::InvalidInput => continue,
                reply => reply.expect("an answer"),
            };
            let shown = sent.escape_ascii();
            assert!((200..500).contains(&reply.status), "{shown}: {}", reply.head());
            // HTTP takes blanks around a value away.
            let text = std::str::from_utf8(&sent).ok().map(|text| text.trim_matches([' ', '\t']));
            if let Some(origin) = text.filter(|origin| named(origin)) {
                granted += 1;
                assert_eq!(reply.all("access-control-allow-origin"), [origin.as_bytes()], "{shown}");
                assert_eq!(reply.one("access-control-allow-credentials"), credentials.then_some("true"), "{shown}");
                assert!((200..300).contains(&reply.status), "{shown}: {}", reply.head());
            } else {
                refused += 1;
                assert!(cors_headers(&reply).is_empty(), "{shown}: {}", reply.head());
                // Rocket drops a header that is not UTF-8, and what remains is not a request of a browser.
                assert!(
                    round % 3 == 0 || text.is_none() || matches!(reply.status, 400 | 403),
                    "{shown}: {}",
                    reply.head()
                );
            }
        }
        assert!(granted > 100 && refused > 1_000, "{granted} granted, {refused} refused");
        assert_alive(&server);
    }
}

#[test]
fn origins_that_are_nearly_right() {
    fuzz("/exact", &[APP], true, |origin| origin == APP);
}

#[test]
fn origins_that_nearly_match() {
    // What the documentation says of patterns, said again.
    let label = |label: &str| {
        let letters = label.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-' | '_'));
        letters && (1..=63).contains(&label.len())
    };
    let port =
        |port: &str| port.parse::<u16>().is_ok_and(|number| number.to_string() == port && ![0, 80].contains(&number));
    let named = |origin: &str| {
        if let Some(host) = origin.strip_prefix("https://") {
            return host.len() <= 253
                && host.strip_suffix(".example.com").is_some_and(|below| below.split('.').all(label));
        }
        let rest = origin.strip_prefix("http://localhost");
        rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix(':').is_some_and(port))
    };
    let seeds = ["https://a.example.com", "https://b-1.a.example.com", "http://localhost", "http://localhost:8080"];
    fuzz("/pattern", &seeds, false, named);
}
