//! Spellings of hosts and ports beside what a browser's URL parser makes of them.

use cors_rules::Pattern;

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

/// Punycode is compared as it is.
#[test]
fn only_what_browsers_send_is_an_origin_of_a_request() {
    for (text, sent) in SPELLINGS.iter().filter(|(text, _)| !text.contains("xn--")) {
        assert_eq!(Pattern::of_origin(text.as_bytes()).is_some(), *sent == Same, "{text}");
    }
}

/// The host of an app is not an address, even if it ends in a number.
#[test]
fn upper_case_before_a_number() {
    for text in ["capacitor://App.1", "capacitor://A.0x1", "moz-extension://App.1", "unheard-of://App.7."] {
        assert_eq!(Pattern::parse(text).expect_err(text).rule.name, "uppercase-origin");
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
