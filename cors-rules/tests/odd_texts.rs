//! Texts that nobody would write: whatever the text is, the rules answer in bounded words and in linear time.

use cors_rules::{AllowHeaders, Declared, Element, ExposeHeaders, Origins, Pattern, Scope, check};

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
