//! Spellings of hosts and ports beside what a browser's URL parser makes of them, and texts that nobody would write.

use cors_rules::{AllowHeaders, Declared, Element, ExposeHeaders, Origins, Pattern, Scope, check};

/// What `new URL(text).origin` is.
#[derive(Debug, PartialEq)]
enum Sent {
    /// The text itself.
    Same,
    /// Another text.
    Other(&'static str),
    /// An error: no page can have the origin.
    Nothing,
}

use Sent::{Nothing, Other, Same};

/// Observed with the URL parser of Node 20, which is that of the URL standard.
#[rustfmt::skip]
const SPELLINGS: &[(&str, Sent)] = &[
    ("http://127.0.0.1", Same),
    ("http://127.1", Other("http://127.0.0.1")),
    ("http://127.0.1", Other("http://127.0.0.1")),
    ("http://0x7f.1", Other("http://127.0.0.1")),
    ("http://0x7f000001", Other("http://127.0.0.1")),
    ("http://017700000001", Other("http://127.0.0.1")),
    ("http://2130706433", Other("http://127.0.0.1")),
    ("http://127.0.0.1.", Other("http://127.0.0.1")),
    ("http://127.0.0.01", Other("http://127.0.0.1")),
    ("http://1.2.3", Other("http://1.2.0.3")),
    ("http://1.2.65535", Other("http://1.2.255.255")),
    ("http://1.2.65536", Nothing),
    ("http://1.2.3.4.5", Nothing),
    ("http://1.2.3.256", Nothing),
    ("http://256.1", Nothing),
    ("http://1.256.1.1", Nothing),
    ("http://0", Other("http://0.0.0.0")),
    ("http://0x", Other("http://0.0.0.0")),
    ("http://0x.", Other("http://0.0.0.0")),
    ("http://00", Other("http://0.0.0.0")),
    ("http://0.0.0.0", Same),
    ("http://09", Nothing),
    ("http://1.2.3.08", Nothing),
    ("http://4294967295", Other("http://255.255.255.255")),
    ("http://4294967296", Nothing),
    ("http://99999999999999999999", Nothing),
    ("http://0x100000000", Nothing),
    ("http://foo.0x4", Nothing),
    ("http://foo.1", Nothing),
    ("http://foo.1.", Nothing),
    ("http://foo.0xg", Same),
    ("http://1e3", Same),
    ("http://1.2.3.a", Same),
    ("http://1..2", Nothing),
    ("http://1_0", Same),
    ("http://１２７.0.0.1", Other("http://127.0.0.1")),
    ("http://127.0.0.1:8080", Same),
    ("http://0xFF.1", Other("http://255.0.0.1")),
    ("http://[::]", Same),
    ("http://[::1]", Same),
    ("http://[::01]", Other("http://[::1]")),
    ("http://[1::]", Same),
    ("http://[1:2:3:4:5:6:7::]", Other("http://[1:2:3:4:5:6:7:0]")),
    ("http://[::2:3:4:5:6:7:8]", Other("http://[0:2:3:4:5:6:7:8]")),
    ("http://[1:2:3:4:5:6:7:8]", Same),
    ("http://[1:2:3:4:5:6:7]", Nothing),
    ("http://[1:2:3:4:5:6:7:8:9]", Nothing),
    ("http://[1:0:0:4:0:0:7:8]", Other("http://[1::4:0:0:7:8]")),
    ("http://[1::4:0:0:7:8]", Same),
    ("http://[0:0:0:4:0:0:0:8]", Other("http://[::4:0:0:0:8]")),
    ("http://[1:2:0:4:5:6:7:8]", Same),
    ("http://[1:2::4:5:6:7:8]", Other("http://[1:2:0:4:5:6:7:8]")),
    ("http://[::ffff:7f00:1]", Same),
    ("http://[::ffff:1.2.3.4]", Other("http://[::ffff:102:304]")),
    ("http://[::1.2.3.4]", Other("http://[::102:304]")),
    ("http://[::1.2.3]", Nothing),
    ("http://[::1.2.3.04]", Nothing),
    ("http://[::1.2.3.256]", Nothing),
    ("http://[1::2::3]", Nothing),
    ("http://[]", Nothing),
    ("http://[:]", Nothing),
    ("http://[:::]", Nothing),
    ("http://[::1]x", Nothing),
    ("http://[::1%1]", Nothing),
    ("http://[::G]", Nothing),
    ("http://[ABCD::]", Other("http://[abcd::]")),
    ("http://[2001:DB8::1]", Other("http://[2001:db8::1]")),
    ("http://[::1", Nothing),
    ("http://::1", Nothing),
    ("http://[127.0.0.1]", Nothing),
    ("http://a_b.com", Same),
    ("http://a--b.com", Same),
    ("http://ab--c.com", Same),
    ("http://-a.com", Same),
    ("http://a-.com", Same),
    ("http://a%62.com", Other("http://ab.com")),
    ("http://a%2eb", Other("http://a.b")),
    ("http://a^b", Nothing),
    ("http://a|b", Nothing),
    ("http://a<b", Nothing),
    ("http://a%b", Nothing),
    ("http://EXAMPLE.com", Other("http://example.com")),
    ("http://例え.jp", Other("http://xn--r8jz45g.jp")),
    ("http://ｅxample.com", Other("http://example.com")),
    ("http://example。com", Other("http://example.com")),
    ("http://müNCHEN.de", Other("http://xn--mnchen-3ya.de")),
    ("http://MÜNCHEN.de", Other("http://xn--mnchen-3ya.de")),
    ("http://straße.de", Other("http://xn--strae-oqa.de")),
    ("http://βόλος.com", Other("http://xn--nxasmm1c.com")),
    ("http://ΒΌΛΟΣ.com", Other("http://xn--nxasmq6b.com")),
    ("http://İ.com", Other("http://xn--i-9bb.com")),
    ("http://ﬁ.com", Other("http://fi.com")),
    ("http://①.com", Other("http://1.com")),
    ("http://é.com", Other("http://xn--9ca.com")),
    ("http://한국.kr", Other("http://xn--3e0b707e.kr")),
    ("http://😀.com", Other("http://xn--e28h.com")),
    ("http://i❤.ws", Other("http://xn--i-7iq.ws")),
    ("http://אבג.com", Other("http://xn--4dbcd.com")),
    ("http://אבגa.com", Nothing),
    ("http://K.com", Other("http://k.com")),
    ("http://例え．jp", Other("http://xn--r8jz45g.jp")),
    ("http://аpple.com", Other("http://xn--pple-43d.com")),
    ("http://xn--r8jz45g.jp", Same),
    ("http://xn--mnchen-3ya.de", Same),
    ("http://xn--p1ai", Same),
    ("http://xn--mgba3gch31f060k.com", Same),
    ("http://xn--f.com", Nothing),
    ("http://xn--", Nothing),
    ("http://xn--zzzzzzzzzzzz.com", Nothing),
    ("http://xn--MNCHEN-3ya.de", Other("http://xn--mnchen-3ya.de")),
    ("http://xn--diseo-xta5k.com", Same),
    ("http://xn--80akhbyknj4f", Same),
    ("http://xn--99zt52a.com", Same),
    ("http://a.com:", Other("http://a.com")),
    ("http://a.com:80", Other("http://a.com")),
    ("http://a.com:443", Same),
    ("https://a.com:443", Other("https://a.com")),
    ("https://a.com:80", Same),
    ("http://a.com:080", Other("http://a.com")),
    ("http://a.com:08080", Other("http://a.com:8080")),
    ("http://a.com:65535", Same),
    ("http://a.com:65536", Nothing),
    ("http://a.com:-1", Nothing),
    ("http://a.com:+1", Nothing),
    ("http://a.com:1a", Nothing),
    ("http://a.com:８０", Nothing),
    ("http://a.com:80:80", Nothing),
    ("http://a.com.", Same),
    ("http://a.com/", Other("http://a.com")),
    ("http://a.com?", Other("http://a.com")),
    ("http://a.com#", Other("http://a.com")),
    ("http://u@a.com", Other("http://a.com")),
    ("http://u:p@a.com", Other("http://a.com")),
    ("http:a.com", Other("http://a.com")),
    ("http:/a.com", Other("http://a.com")),
    ("http:\\\\a.com", Other("http://a.com")),
];

#[test]
fn only_what_browsers_send_is_accepted() {
    for (text, sent) in SPELLINGS {
        match Pattern::parse(text) {
            Ok(pattern) => {
                assert_eq!(*sent, Same, "{text}");
                assert!(pattern.matches(text.as_bytes()), "{text}");
            }
            Err(finding) => {
                assert_ne!(*sent, Same, "{text}: {}", finding.message);
                // Where the message tells what browsers send, that is so.
                if let Some((_, told)) = finding.message.split_once("browsers send `") {
                    let told = told.trim_end_matches('`');
                    assert!(matches!(sent, Other(origin) if *origin == told), "{text}: {told}");
                    assert!(finding.help.contains(told), "{text}");
                }
            }
        }
    }
}

/// Punycode of what browsers refuse in a host name, by tables of Unicode: a control, a capital. No page has the origin, so
/// it matches nothing.
#[test]
fn laxer_than_a_url_parser() {
    for text in ["http://xn--a", "http://xn--xample-hub.com"] {
        assert!(Pattern::parse(text).is_ok(), "{text}");
    }
}

/// Origins that a URL parser lets pass, and that no page can have all the same, or that cannot be told from a slip.
#[test]
fn stricter_than_a_url_parser() {
    for (text, rule) in [
        ("http://a.com:0", "invalid-port"),
        ("http://a.com:22", "blocked-port"),
        ("http://a!b.com", "invalid-host-character"),
        ("http://a~b.com", "invalid-host-character"),
        ("http://a$b.com", "placeholder-in-origin"),
        ("http://a..com", "empty-label"),
        ("http://.com", "empty-label"),
        ("http://*a.com", "misplaced-wildcard"),
        ("ws://a.com", "never-a-document-origin"),
    ] {
        assert_eq!(Pattern::parse(text).expect_err(text).rule.name, rule);
    }
}

/// A small generator of numbers, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }
}

const PIECES: &[&str] = &[
    "https",
    "http",
    "://",
    ":",
    "/",
    "//",
    "\\",
    "@",
    "*",
    "*.",
    ".",
    "..",
    "[",
    "]",
    "::",
    "::1",
    "1",
    "0x",
    "255",
    "127.0.0.1",
    "example",
    "com",
    "xn--",
    "xn--e1afmkfd",
    "-",
    "_",
    "é",
    "例",
    "\u{200b}",
    "\u{202e}",
    "\u{301}",
    "ｅ",
    "。",
    "😀",
    "A",
    "%",
    "%2",
    "%41",
    "?",
    "#",
    "&",
    ",",
    ";",
    "|",
    " ",
    "\t",
    "\r\n",
    "\0",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    "$",
    "^",
    "+",
    "any",
    "null",
    "data:",
    "blob:",
    "chrome-extension",
    "moz-extension",
    "443",
    "80",
    "8080",
    "65536",
    "a",
    "`",
    "\"",
    "'",
    "localhost",
    "file",
    "wss",
    "\u{feff}",
    "\u{ffff}",
];

#[test]
fn no_text_is_too_odd() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut accepted = 0;
    // Without optimisation the standard library's iterators are some fifteen times slower.
    let rounds = if cfg!(debug_assertions) { 30_000 } else { 400_000 };
    for _ in 0..rounds {
        let mut text: String = (0..=random.below(8)).map(|_| PIECES[random.below(PIECES.len())]).collect();
        if random.below(2) == 0 {
            text.insert_str(0, "https://");
        }
        if let Ok(pattern) = Pattern::parse(&text) {
            accepted += 1;
            assert_eq!(pattern.to_string(), text);
            assert!(text.is_ascii());
            assert_eq!(pattern.matches(text.as_bytes()), pattern.is_exact(), "{text}");
            // Neither a cut nor a longer text is the same origin.
            assert!(!pattern.is_exact() || !pattern.matches(&text.as_bytes()[1..]));
            let _ = pattern.matches(format!("{text}\u{e9}").as_bytes());
        }
        let element = Element::Text(&text);
        let policy = Declared {
            origins: Some(vec![element]),
            credentials: random.below(2) == 0,
            allow_headers: vec![element],
            expose_headers: vec![element],
            // Looking for a lint of a similar name takes longer than all the rest.
            allow: if random.below(32) == 0 { vec![&text] } else { Vec::new() },
            ..Declared::default()
        };
        let checked = check(&policy, Scope::default());
        for finding in checked.findings {
            assert!(
                finding.message.len() < 2000 && !finding.message.contains(['\n', '\u{200b}', '\u{202e}']),
                "{text:?}"
            );
            assert!(finding.help.len() < 2000 && !finding.help.contains(['\n', '\u{200b}', '\u{202e}']), "{text:?}");
            // The offered text is right, and has none of the mistakes left.
            if matches!(finding.place, cors_rules::Place::Origin(_))
                && !finding.rule.is_allowable()
                && text.len() < 60
                && !text.contains('"')
            {
                for quoted in finding.help.split('"').skip(1).step_by(2).filter(|quoted| *quoted != "name") {
                    assert!(Pattern::parse(quoted).is_ok(), "{text:?}: {}", finding.help);
                }
            }
        }
        // The policy holds the text itself, if it is right.
        let right = Pattern::parse(&text).ok();
        assert!(
            matches!(&checked.policy.release, Origins::Listed { exact, patterns }
                if right.is_some_and(|right| if right.is_exact() { exact[..] == [&*text] } else { patterns[..] == [right] })
                    || right.is_none() && exact.is_empty() && patterns.is_empty()),
            "{text:?}"
        );
        let name = text.to_ascii_lowercase();
        let is_name = |names: &[String]| names.iter().all(|right| *right == name && right.is_ascii());
        assert!(matches!(&checked.policy.allow_headers, AllowHeaders::Listed(names) if is_name(names)), "{text:?}");
        assert!(matches!(&checked.policy.expose_headers, ExposeHeaders::Listed(names) if is_name(names)), "{text:?}");
    }
    assert!(accepted > rounds / 200, "{accepted}");
}

/// A long text of anything takes linear time.
#[test]
fn no_text_is_too_long() {
    let length = if cfg!(debug_assertions) { 50_000 } else { 1_000_000 };
    for piece in [
        "a",
        ".",
        "*",
        "[",
        "]",
        ":",
        "(",
        "{",
        "%",
        "$",
        "\\",
        "/",
        ",",
        " ",
        "é",
        "xn--",
        "a.",
        "://",
        "https://a.com,",
        "1.",
        "@",
        "{{",
        "<",
        "%a%",
    ] {
        for prefix in ["", "https://", "https://*.", "https://xn--"] {
            let text = format!("{prefix}{}", piece.repeat(length / piece.len()));
            let policy = Declared {
                origins: Some(vec![Element::Text(&text)]),
                allow_headers: vec![Element::Text(&text)],
                ..Declared::default()
            };
            for finding in check(&policy, Scope::default()).findings {
                assert!(finding.message.len() < 2000 && finding.help.len() < 2000);
            }
            let pattern = Pattern::parse("https://*.example.com:*").expect("a pattern");
            let _ = pattern.matches(text.as_bytes());
        }
    }
}
